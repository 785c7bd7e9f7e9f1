"""What an object store says happened: the notices of S3 as SQS brings them, also through SNS. Pure.

Form: S3 event message structure 2.x (docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html). Keys are
URL-encoded; the first message of all is a test.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from affiche.errors import InputError


class BadMessage(InputError):
    """A message that is no notice of an object store."""

    code = "ingest-message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """An object that was made or overwritten."""

    bucket: str
    key: str


def puts_in(body: str) -> tuple[Put, ...]:
    """The objects that a message says were made; none for a test message and for what was deleted. Raises BadMessage."""
    data = _object(body)
    if isinstance(data.get("Message"), str) and "Records" not in data:
        data = _object(data["Message"])
    if data.get("Event") == "s3:TestEvent":
        return ()
    records = data.get("Records")
    if not isinstance(records, list):
        raise BadMessage("the message has no Records")
    return tuple(put for record in records if (put := _put(record)) is not None)


def _put(record: Any) -> Put | None:
    try:
        name = str(record["eventName"]).removeprefix("s3:")
        bucket, key = record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]
    except (KeyError, TypeError):
        raise BadMessage("a record of the message names no object") from None
    if not isinstance(bucket, str) or not isinstance(key, str):
        raise BadMessage("a record of the message names no object")
    return Put(bucket=bucket, key=unquote_plus(key)) if name.startswith("ObjectCreated:") else None


def _object(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise BadMessage("the message is no JSON object")
    return data
