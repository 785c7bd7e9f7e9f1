"""Amazon Bedrock's Converse. boto3 is synchronous; pydantic-ai runs it in threads. The time limits are those of its client."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config
from botocore.session import Session
from botocore.tokens import FrozenAuthToken
from pydantic_ai.models.bedrock import BedrockConverseModel
from pydantic_ai.providers.bedrock import BedrockProvider

from affiche.adapters.writers.access import Access
from affiche.adapters.writers.chat import ChatWriter

_REGION = "us-east-1"


class _Bearer(Session):  # type: ignore[misc, unused-ignore]
    """A session that signs with a bearer key (`AWS_BEARER_TOKEN_BEDROCK`) and knows no other credentials."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key

    def get_auth_token(self, **_: Any) -> FrozenAuthToken:
        return FrozenAuthToken(self._key)

    def get_credentials(self) -> None:
        return None


def open_writer(model: str, access: Access) -> ChatWriter:
    """The writer of a model on Bedrock; with a bearer key, else with credentials as boto3 finds them."""
    config = Config(
        read_timeout=access.timeout_s, connect_timeout=min(10.0, access.timeout_s), retries={"total_max_attempts": 1},
        signature_version="bearer" if access.key else None,
    )  # fmt: skip
    session = boto3.Session(botocore_session=_Bearer(access.key) if access.key else None, region_name=access.region or _REGION)
    client = session.client("bedrock-runtime", config=config, endpoint_url=access.base_url or None)
    chat = BedrockConverseModel(model, provider=BedrockProvider(bedrock_client=client))
    return ChatWriter(chat, provider="bedrock", form="tool", timeout_s=access.timeout_s, settings={})
