"""Queues of clouds."""

from affiche.adapters.queue.sqs import SqsQueue

__all__ = ["SqsQueue"]
