// A tracing of its own behind the API that is no OpenTelemetry SDK: prints each span with its parent.
const { AsyncLocalStorage } = require('node:async_hooks');
const { context, ROOT_CONTEXT, trace } = require('@opentelemetry/api');

const store = new AsyncLocalStorage();
context.setGlobalContextManager({
  active: () => store.getStore() ?? ROOT_CONTEXT,
  with: (active, run, self, ...given) => store.run(active, () => run.apply(self, given)),
  bind: (_active, target) => target,
});

let count = 0;
function startSpan(name, _options, parent = context.active()) {
  const id = String(++count).padStart(16, '0');
  const above = trace.getSpanContext(parent)?.spanId ?? 'nobody';
  console.log(`foreign ${name} ${id.slice(-1)} below ${above.slice(-1)}`);
  return trace.wrapSpanContext({ traceId: '1'.padStart(32, '0'), spanId: id, traceFlags: 1 });
}
function startActiveSpan(name, run) {
  const span = startSpan(name);
  return context.with(trace.setSpan(context.active(), span), () => run(span));
}
trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan, startActiveSpan }) });

const tracer = trace.getTracer('foreign');
const http = require('node:http');
const server = http.createServer((_request, response) => tracer.startActiveSpan('answer', () => response.end('hello')));
server.listen(0, '127.0.0.1', () => {
  tracer.startActiveSpan('ask', () => {
    http.get({ port: server.address().port, host: '127.0.0.1', agent: false }, (response) => {
      response.resume().on('end', () => {
        tracer.startSpan('asked');
        server.close();
      });
    });
  });
});
