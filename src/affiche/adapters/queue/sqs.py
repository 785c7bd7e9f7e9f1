"""A queue of SQS, by boto3: its credentials, region and endpoint come from where boto3 looks for them.

What was put aside is brought back message by message and not by a move task: servers that speak like SQS do not all know those.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from affiche.errors import StorageError, UsageError
from affiche.ports import Message

_CONFIG = Config(connect_timeout=5, read_timeout=40, retries={"total_max_attempts": 3, "mode": "standard"})
_BATCH = 10


class SqsQueue:
    """`ports.Queue` over the queue at `url`."""

    def __init__(self, url: str) -> None:
        self._url = url
        try:
            self._sqs: Any = boto3.client("sqs", config=_CONFIG)
        except BotoCoreError as error:
            raise UsageError(f"SQS cannot be asked: {error}", hint="AWS_REGION, credentials") from error

    def receive(self, *, wait_s: int) -> list[Message]:
        return self._received(self._url, wait_s)

    def done(self, message: Message) -> None:
        _asked(self._sqs.delete_message, QueueUrl=self._url, ReceiptHandle=message.handle)

    def redrive(self) -> int:
        aside, moved = self._aside(), 0
        while batch := self._received(aside, 0):
            for message in batch:
                # Sent before it is deleted: at worst it comes twice, which is harmless.
                _asked(self._sqs.send_message, QueueUrl=self._url, MessageBody=message.body)
                _asked(self._sqs.delete_message, QueueUrl=aside, ReceiptHandle=message.handle)
                moved += 1
        return moved

    def _received(self, url: str, wait_s: int) -> list[Message]:
        asks = {"QueueUrl": url, "MaxNumberOfMessages": _BATCH, "WaitTimeSeconds": wait_s}
        answer = _asked(self._sqs.receive_message, **asks, AttributeNames=["ApproximateReceiveCount"])
        return [
            Message(body=m["Body"], handle=m["ReceiptHandle"], tries=int(m["Attributes"].get("ApproximateReceiveCount", 1)))
            for m in answer.get("Messages", ())
        ]

    def _aside(self) -> str:
        """The queue that messages are put aside to."""
        asks = {"QueueUrl": self._url, "AttributeNames": ["RedrivePolicy"]}
        policy = _asked(self._sqs.get_queue_attributes, **asks).get("Attributes", {}).get("RedrivePolicy")
        if not policy:
            raise UsageError("this queue puts nothing aside", hint="give it a redrive policy with a dead-letter queue")
        name = str(json.loads(policy)["deadLetterTargetArn"]).rpartition(":")[2]
        return str(_asked(self._sqs.get_queue_url, QueueName=name)["QueueUrl"])


def _asked(ask: Callable[..., Any], **said: Any) -> Any:
    """What SQS answers. Raises StorageError without addresses and keys."""
    try:
        return ask(**said)
    except ClientError as error:
        raise StorageError(f"the queue refuses: {error.response.get('Error', {}).get('Code', 'unknown')}") from error
    except BotoCoreError as error:
        raise StorageError(f"the queue does not answer ({type(error).__name__})") from error
