"""A collector of OpenTelemetry on a real socket: takes OTLP over HTTP (protobuf) and keeps the spans."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


@dataclass(slots=True)
class Collector:
    """What came, by span id; `url` is where spans are sent."""

    url: str
    spans: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, data: bytes) -> None:
        asked = ExportTraceServiceRequest.FromString(data)
        for resource in asked.resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    facts = {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}
                    self.spans[span.span_id.hex()] = {
                        "name": span.name, "trace": span.trace_id.hex(), "parent": span.parent_span_id.hex(), "facts": facts,
                        "seconds": (span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
                        "service": {one.key: one.value.string_value for one in resource.resource.attributes}["service.name"],
                    }  # fmt: skip

    def named(self, name: str, timeout_s: float = 15) -> list[dict[str, Any]]:
        """The spans of a name, as soon as there is one."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            found = [{"id": id, **span} for id, span in dict(self.spans).items() if span["name"] == name]
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"no span {name!r} came, but {sorted({span['name'] for span in self.spans.values()})}")


@contextmanager
def collector() -> Iterator[Collector]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["content-length"]))
            made.take(gzip.decompress(data) if self.headers.get("content-encoding") == "gzip" else data)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Collector(url=f"http://127.0.0.1:{server.server_address[1]}/v1/traces")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
