// One request to itself, with a span of its own around it. SDK says which OpenTelemetry SDK it sets up before, if any, with an exporter that prints.
const sdk = process.env.SDK ? require('./sdk.cjs').start(process.env.SDK) : undefined;
const http = require('node:http');
const { trace } = require('@opentelemetry/api');

const tracer = trace.getTracer('own');
const server = http.createServer((_request, response) => response.end('hello'));
server.listen(0, '127.0.0.1', () => {
  tracer.startActiveSpan('ask', (span) => {
    http.get({ port: server.address().port, host: '127.0.0.1', agent: false }, (response) => {
      response.resume().on('end', async () => {
        span.end();
        server.close();
        await sdk?.forceFlush();
      });
    });
  });
});
