// Set-ups as people have them: SDK 1.x or 2.x, with or without an instrumentation of their own.

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
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  provider.register();
  if (instrumented === 'http') {
    const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
    new HttpInstrumentation().setTracerProvider(provider);
  }
  return provider;
};
