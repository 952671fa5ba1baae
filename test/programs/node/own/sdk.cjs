// Set-ups as people have them: SDK 1.x or 2.x, with or without an instrumentation of their own, or with an exporter that sends to SEND_TO.

exports.start = (kind) => {
  const [name, instrumented] = kind.split('+');
  const { NodeTracerProvider, SimpleSpanProcessor } = name === 'sdk1' ? require('sdk1') : require('sdk2');
  const processor = new SimpleSpanProcessor({
    export(spans, done) {
      for (const span of spans) console.log(`exported ${span.name} ${span.spanContext().spanId}`);
      done({ code: 0 });
    },
    shutdown: async () => {},
  });
  const sends = name === 'sdk1' ? overHttp : overGrpc;
  const spanProcessors = instrumented === 'otlp' ? [processor, sends(process.env.SEND_TO)] : [processor];
  const provider = new NodeTracerProvider({ spanProcessors });
  provider.register();
  if (instrumented === 'http') {
    const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
    new HttpInstrumentation().setTracerProvider(provider);
  }
  return provider;
};

function overHttp(address) {
  const { BatchSpanProcessor } = require('sdk1');
  const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
  return new BatchSpanProcessor(new OTLPTraceExporter({ url: `http://${address}/v1/traces` }));
}

function overGrpc(address) {
  const { BatchSpanProcessor } = require('sdk2');
  const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-grpc');
  return new BatchSpanProcessor(new OTLPTraceExporter({ url: `http://${address}` }));
}
