// Starts the shop: each service as a process of its own, the third parties in this one. It tells the services each other's addresses, is
// the broker of their queue, and lets customers in (`--load`).
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { journeys, type Visit, visit } from './load';
import { centralBankApp, gatewayApp } from './outside/thirdParties';
import { listen } from './shared/listen';
import type { FromService, ToService } from './shared/service';

const SERVICES = ['storefront', 'cart', 'pricing', 'payments', 'mailer'];
/** Who is stopped after whom: first what takes requests and sends messages. */
const STOP_ORDER = [['storefront'], ['cart', 'pricing', 'payments', 'mailer']];
const ENVIRONMENT: Record<string, Record<string, string>> = {
  pricing: { SHOP_CODE_ATTRIBUTES: 'legacy', SHOP_CLOCK_AHEAD_MS: process.env.SHOP_CLOCK_AHEAD_MS ?? '41' },
};

const { values: options } = parseArgs({
  options: {
    load: { type: 'boolean', default: false },
    once: { type: 'boolean', default: false },
    every: { type: 'string', default: '2000' },
    visits: { type: 'string', default: 'Infinity' },
  },
});

const children = new Map<string, ChildProcess>();
const stopping = new AbortController();

/** Starts a service; its address, or undefined for one that only reads its queue. */
function start(service: string): Promise<string | undefined> {
  const resource = [process.env.OTEL_RESOURCE_ATTRIBUTES, 'service.namespace=shop', 'service.version=1.4.0']
    .filter(Boolean)
    .join(',');
  const own = {
    OTEL_SERVICE_NAME: service,
    OTEL_RESOURCE_ATTRIBUTES: resource,
    SHOP_CLOCK_AHEAD_MS: '0',
    ...ENVIRONMENT[service],
  };
  // What switches off tracing here, where customers and third parties are, is none of theirs.
  const { OTEL_NODE_DISABLED_INSTRUMENTATIONS: _ofOutside, ...inherited } = process.env;
  const child = fork(join(__dirname, service, 'main.js'), { env: { ...inherited, ...own } });
  children.set(service, child);
  child.on('message', (message: FromService) => {
    if (message.kind === 'publish') tell('mailer', { kind: 'deliver', message: message.message });
  });
  return new Promise((resolve, reject) => {
    child.on('message', (message: FromService) => {
      if (message.kind === 'listening') resolve(message.url);
    });
    child.on('exit', (code) => {
      reject(new Error(`${service} ended with code ${code}`));
      void stop(1);
    });
  });
}

/** Tells a service the addresses of all, and waits until it knows them. */
function connect(service: string, addresses: Record<string, string>): Promise<void> {
  return new Promise((resolve) => {
    children.get(service)?.on('message', (message: FromService) => {
      if (message.kind === 'ready') resolve();
    });
    tell(service, { kind: 'addresses', addresses });
  });
}

function tell(service: string, message: ToService): void {
  const child = children.get(service);
  if (child?.connected) child.send(message);
}

async function stop(exitCode = 0): Promise<void> {
  if (stopping.signal.aborted) return;
  stopping.abort();
  for (const group of STOP_ORDER) {
    await Promise.all(
      group.map(async (service) => {
        const child = children.get(service);
        if (!child || child.exitCode !== null || child.signalCode !== null) return;
        // Its last messages arrive before the channel is closed.
        const ended = Promise.all([once(child, 'exit'), child.connected && once(child, 'disconnect')]);
        tell(service, { kind: 'stop' });
        await ended;
      }),
    );
  }
  process.exit(exitCode);
}

/** Everything once at first, then one request every now and then. */
async function letCustomersIn(storefront: string): Promise<Visit[]> {
  const visits: Visit[] = [];
  const wanted = options.once ? journeys.length : Number(options.visits);
  while (visits.length < wanted && !stopping.signal.aborted) {
    visits.push(await visit(storefront, journeys[visits.length % journeys.length]));
    if (visits.length >= journeys.length) await pause(Number(options.every));
  }
  return visits;
}

/** Until the time is over, or the shop closes. */
function pause(ms: number): Promise<void> {
  return delay(options.once ? 0 : ms, undefined, { signal: stopping.signal }).catch(() => {});
}

async function main(): Promise<void> {
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
  process.on('disconnect', () => void stop());
  const outside = { gateway: await listen(gatewayApp()), centralbank: await listen(centralBankApp()) };
  const started = await Promise.all(SERVICES.map(async (service) => [service, await start(service)] as const));
  const addresses: Record<string, string> = { gateway: outside.gateway.url, centralbank: outside.centralbank.url };
  for (const [service, url] of started) if (url) addresses[service] = url;
  await Promise.all(SERVICES.map((service) => connect(service, addresses)));
  for (const [service, url] of started) console.log(`${service.padEnd(11)} ${url ?? 'reads its queue'}`);
  process.send?.({ kind: 'ready', addresses });
  if (options.load || options.once) {
    const visits = await letCustomersIn(addresses.storefront);
    process.send?.({ kind: 'visits', visits });
    if (options.once) await stop();
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  void stop(1);
});
