"""Tracing: spans from a request to the drawing of its ads, told to a collector (OpenTelemetry, OTLP over HTTP) of the operator's.

Without a collector nothing is loaded and every function here does nothing. With one, spans wait in memory, a thread of its own
sends them, and what does not fit is dropped: a collector that is slow or gone never holds up a request or a run. Between
processes goes only a `traceparent` (W3C Trace Context); a run keeps that of the request which ordered it, so its spans are of the
same trace however often, and wherever, its work is taken up. Spans carry ids, counts and states; never words, names or addresses.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

Fact = str | int | float | bool
#: How long a batch waits at most, and how long a collector is waited for, s.
_WAIT_S, _PATIENCE_S = 1.0, 5.0

_provider: TracerProvider | None = None
_once = threading.Lock()


def begin(collector: str, version: str = "") -> None:
    """From now on spans of this process go to `collector` (`http://host:4318/v1/traces`). Empty, or said again: nothing."""
    global _provider  # noqa: PLW0603 - one for each process
    if not collector or _provider is not None:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    with _once:
        if _provider is None:
            resource = Resource.create({SERVICE_NAME: "affiche", SERVICE_VERSION: version})
            made = TracerProvider(resource=resource, shutdown_on_exit=False)
            exporter = OTLPSpanExporter(endpoint=collector, timeout=_PATIENCE_S)
            made.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=round(_WAIT_S * 1000)))
            _provider = made


@contextmanager
def span(
    name: str, facts: Mapping[str, Fact] = MappingProxyType({}), *, parent: str = "",
    kind: Literal["internal", "server"] = "internal",
) -> Iterator[dict[str, Fact]]:  # fmt: skip
    """A span around the block, inside the present one, else of `parent` (a traceparent). Gives a mapping for what is told of it.

    Names of facts are those of OpenTelemetry's conventions, or begin with `affiche.`; `name` among them renames the span. An
    error that leaves the block marks it.
    """
    told = dict(facts)
    if _provider is None:
        yield told
        return
    from opentelemetry import trace

    inside = trace.get_current_span().get_span_context().is_valid
    kinds = {"internal": trace.SpanKind.INTERNAL, "server": trace.SpanKind.SERVER}
    with _tracer().start_as_current_span(name, context=None if inside else _context(parent), kind=kinds[kind]) as made:
        try:
            yield told
        finally:
            made.update_name(str(told.pop("name", name)))
            made.set_attributes(told)


def carried() -> str:
    """The traceparent of the present span, to be kept or sent along; empty without one."""
    if _provider is None:
        return ""
    from opentelemetry import trace

    at = trace.get_current_span().get_span_context()
    return f"00-{at.trace_id:032x}-{at.span_id:016x}-{at.trace_flags:02x}" if at.is_valid else ""


def trace_id(traceparent: str) -> str:
    """The trace that a traceparent is of, for logs; empty when it is none."""
    parts = traceparent.split("-")
    return parts[1] if len(parts) == 4 and len(parts[1]) == 32 else ""


def flush() -> None:
    """Lets what has ended be sent soon, and waits for nothing."""
    if _provider is not None:
        threading.Thread(target=_provider.force_flush, args=(round(_PATIENCE_S * 1000),), daemon=True).start()


def end(timeout_s: float = 2.0) -> None:
    """Sends what is left, for as long as that; for a process that is about to end."""
    if _provider is not None:
        last = threading.Thread(target=_provider.force_flush, args=(round(timeout_s * 1000),), daemon=True)
        last.start()
        last.join(timeout_s)


class Stretches:
    """Spans one after the other inside the present one, made of what passes: each lasts until something else comes."""

    def __init__(self) -> None:
        self._name, self._facts = "", dict[str, int]()
        self._from = self._to = time.time_ns()

    def passed(self, name: str, counted: Mapping[str, int]) -> None:
        """Something of the stretch `name` has just ended; `counted` is added up."""
        if name != self._name:
            self.close()
            self._name, self._facts = name, {}
        self._to = time.time_ns()
        for fact, count in counted.items():
            self._facts[fact] = self._facts.get(fact, 0) + count

    def close(self) -> None:
        """Ends the last stretch."""
        if _provider is not None and self._name:
            made = _tracer().start_span(self._name, start_time=self._from, attributes=self._facts)
            made.end(self._to)
        self._from, self._name = self._to, ""


def _tracer() -> Any:
    assert _provider is not None
    return _provider.get_tracer("affiche")


def _context(traceparent: str) -> Any:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({"traceparent": traceparent})
