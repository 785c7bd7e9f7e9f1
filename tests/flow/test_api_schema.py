"""The whole API against its own OpenAPI document: whatever is sent, no 5xx, and nothing that the document does not say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks

from tests.flow.kit_service import BRIEF, Service, service

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default"), pytest.mark.filterwarnings("ignore::DeprecationWarning")]
#: Requests for each route; many more in the soak.
EXAMPLES = int(os.environ.get("AFFICHE_TEST_SCHEMA_EXAMPLES", "4"))
_CHECKS = (
    checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance,
    checks.response_headers_conformance,
)  # fmt: skip


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("home")) as it:
        it.http.post("/v1/campaigns", content=BRIEF, headers={"content-type": "application/yaml"})
        yield it


def operations(api: Service) -> list[Any]:
    plain = api.http.get("/v1/openapi.json").json()
    assert plain["openapi"].startswith("3.1")
    # A stream of events never ends; it has its own test.
    del plain["paths"]["/v1/events/stream"]
    return [found.ok() for found in schemathesis.openapi.from_dict(plain).get_all_operations()]


def test_every_answer_is_as_the_document_says(api: Service) -> None:
    wrong: list[str] = []
    for operation in operations(api):

        @settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy())
        def meets(case: Any) -> None:
            answer = case.call(base_url=api.url, timeout=30)
            case.validate_response(answer, checks=list(_CHECKS))

        try:
            meets()
        except Exception as error:
            wrong.append(f"{operation.label}: {str(error)[:1500]}")
    assert not wrong, "\n\n".join(wrong)
