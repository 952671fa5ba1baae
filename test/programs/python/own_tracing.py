from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter, SpanExportResult


class Printed(SpanExporter):
    def export(self, spans):
        for span in spans:
            print("own exporter:", span.name)
        return SpanExportResult.SUCCESS


provider = TracerProvider(resource=Resource.create({"service.name": "own"}))
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
provider.add_span_processor(SimpleSpanProcessor(Printed()))
trace.set_tracer_provider(provider)
RequestsInstrumentor().instrument(request_hook=lambda span, request: print("own hook"))

import requests  # noqa: E402

with trace.get_tracer("own").start_as_current_span("order"):
    try:
        requests.get("http://127.0.0.1:1/")
    except requests.ConnectionError:
        pass
print("own provider:", trace.get_tracer_provider() is provider)
