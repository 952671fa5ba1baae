#!/usr/bin/env node
// @ts-check
// Real trace backends to try things with: `node test/backends/serve.mjs jaeger zipkin` gets and starts them on loopback, prints where they
// answer, and ends them with Ctrl+C. `--port 16686` for the API of the first; free ports otherwise.

import { ensurePackages } from '../support/setUp.mjs';
import { told } from '../support/steps.mjs';
import { projectRoot } from '../vscode/locations.mjs';

const wanted = process.argv.slice(2);
const at = wanted.indexOf('--port');
const [, portText] = at < 0 ? [] : wanted.splice(at, 2);
const port = portText === undefined ? undefined : Number(portText);

await told(() => ensurePackages(projectRoot));
const { realServers } = await import('./servers/servers.mjs');
const chosen = realServers.filter(({ name }) => wanted.includes(name));
if (chosen.length === 0 || chosen.length < wanted.length || (port !== undefined && !(port > 0 && port < 65_536))) {
  console.error(`node test/backends/serve.mjs [--port N] NAME…, of ${realServers.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
for (const [index, server] of chosen.entries()) {
  const { path, reason } = await server.ensure();
  if (path === undefined) {
    console.error(`${server.label}: ${reason}`);
    process.exit(1);
  }
  const running = await server.start(path, index === 0 ? { port } : {});
  console.log(`${server.name}: API ${running.url}  data in ${running.otlp}`);
}
console.log('Ctrl+C ends them.');
setInterval(() => {}, 1 << 30);
