/**
 * A thousand traces of a small shop, the same for each seed and base: what every real server is filled with. Seven services, all kinds of spans, calls
 * that fail with and without exceptions, messages with links, attributes of every type that SDKs have, durations from microseconds to seconds, ids of
 * 64 bits, and texts that a query has to escape.
 */
import type { PlainSpan } from '../../support/plainSpans';
import { type RandomNumbers, randomNumbers } from './randomNumbers';
import { type Service, TraceMaker } from './traceMaker';

const INTERNAL = 1;
const SERVER = 2;
const CLIENT = 3;
const PRODUCER = 4;
const CONSUMER = 5;
const OK = 1;
const ERROR = 2;

/** A hundred traces a minute, which begin within its first 40 seconds: no trace lies across the end of a minute, and a window that ends there cuts none. */
export const SYSTEM_MINUTES = 10;
const TRACES_A_MINUTE = 100;

const service = (name: string, version: string, environment: string, scope: string): Service => ({
  name,
  resource: {
    'service.version': version,
    'deployment.environment.name': environment,
    'host.name': `${name.toLowerCase()}-1`,
    'process.pid': 1000 + name.length,
  },
  scope: { name: `@shop/${scope}`, version: '1.2.0' },
});

const frontend = service('frontend', '2.1.0', 'production', 'http');
const cart = service('cart', '1.4.2', 'production', 'http');
const checkout = service('checkout', '3.0.0-rc.1', 'staging', 'http');
const payment = service('payment', '0.9.0', 'production', 'payments');
const mailer = service('Mailer EU', '1.0.0', 'production', 'messaging');
const reports = service('reports', '5.5.5', 'staging', 'batch');
const bridge = service('legacy-bridge', '0.0.1', 'production', 'bridge');

/** What a trace may refer to: the messages sent so far. */
type Sent = PlainSpan[];
type Story = (trace: TraceMaker, random: RandomNumbers, sent: Sent) => void;

/** Microseconds from 50 to some seconds, the longer the rarer. */
const lasting = (random: RandomNumbers): number => Math.round(50 * 10 ** (random.next() * random.next() * 5));

const browse: Story = (trace, random) => {
  const query = lasting(random);
  const status = random.below(20) === 0 ? 404 : 200;
  const root = trace.span({
    service: frontend,
    name: 'GET /products/{id}',
    kind: SERVER,
    at: 0,
    lasts: query + 900,
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/products/{id}',
      'http.response.status_code': status,
      'user.tier': random.pick(['gold', 'silver', 'none']),
      'cache.hit': random.below(3) === 0,
    },
    events:
      random.below(4) === 0 ? [{ name: 'cache miss', at: 100, attributes: { 'cache.key': `product:${random.below(50)}` } }] : [],
  });
  trace.span({
    service: frontend,
    name: 'SELECT products',
    kind: CLIENT,
    at: 400,
    lasts: query,
    parent: root,
    attributes: {
      'db.system.name': 'sqlite',
      'db.rows': random.below(200),
      'db.query.text': 'SELECT * FROM "products" WHERE id = ?',
    },
  });
};

const fillCart: Story = (trace, random) => {
  const work = lasting(random);
  const root = trace.span({
    service: frontend,
    name: 'POST /cart',
    kind: SERVER,
    at: 0,
    lasts: work + 2000,
    attributes: { 'http.request.method': 'POST', 'http.route': '/cart', 'http.response.status_code': 201, 'user.tier': 'gold' },
  });
  const call = trace.span({ service: frontend, name: 'POST', kind: CLIENT, at: 300, lasts: work + 1400, parent: root });
  const served = trace.span({
    service: cart,
    name: 'POST /items',
    kind: SERVER,
    at: 600,
    lasts: work + 700,
    parent: call,
    attributes: { 'cart.items': random.below(12), 'cart.total': Math.round(random.next() * 20_000) / 100 + 0.005 },
    status: OK,
  });
  for (let i = 0; i <= random.below(4); i++)
    trace.span({
      service: cart,
      name: random.pick(['GET', 'SET']),
      kind: CLIENT,
      at: 700 + i * 10,
      lasts: Math.ceil(work / 5),
      parent: served,
      attributes: { 'db.system.name': 'redis', 'db.keys': ['cart', `user:${random.below(100)}`] },
    });
};

const failures = [
  { type: 'TimeoutError', message: 'the bank did not answer in 3 s' },
  { type: 'com.example.payment.CardDeclined', message: 'card "4111…" was declined: naïve check' },
];

const buy: Story = (trace, random, sent) => {
  const work = lasting(random);
  const failure = random.below(5) === 0 ? random.pick(failures) : undefined;
  const root = trace.span({
    service: frontend,
    name: 'POST /checkout',
    kind: SERVER,
    at: 0,
    lasts: work + 5000,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/checkout',
      'http.response.status_code': failure ? 502 : 200,
      'user.city': random.pick(['Zürich', 'Kraków', 'São Paulo', 'say "hi" \\o/']),
    },
    ...(failure ? { status: ERROR } : {}),
  });
  const order = trace.span({ service: checkout, name: 'place order', kind: SERVER, at: 500, lasts: work + 4000, parent: root });
  trace.span({
    service: payment,
    name: 'charge',
    kind: INTERNAL,
    at: 1000,
    lasts: work,
    parent: order,
    attributes: { 'payment.currency': random.pick(['EUR', 'CHF', 'PLN']), 'payment.amount': 10 + random.below(990) },
    ...(failure
      ? {
          status: ERROR,
          statusMessage: failure.message,
          events: [
            {
              name: 'exception',
              at: work,
              attributes: {
                'exception.type': failure.type,
                'exception.message': failure.message,
                'exception.stacktrace': `${failure.type}: ${failure.message}\n    at charge (/srv/payment/src/charge.ts:42:11)`,
              },
            },
          ],
        }
      : {}),
  });
  if (failure) return;
  sent.push(
    trace.span({
      service: checkout,
      name: 'send orders',
      kind: PRODUCER,
      at: work + 1500,
      lasts: 120,
      parent: order,
      attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'orders' },
    }),
  );
};

const mail: Story = (trace, random, sent) => {
  const to = sent.slice(-1 - random.below(3));
  const root = trace.span({
    service: mailer,
    name: 'process orders',
    kind: CONSUMER,
    at: 0,
    lasts: 3000,
    attributes: { 'messaging.system': 'kafka', 'messaging.batch.message_count': to.length },
    links: to.map((span) => ({ to: span, attributes: { 'messaging.offset': random.below(1000) } })),
  });
  trace.span({ service: mailer, name: 'render mail', kind: INTERNAL, at: 200, lasts: lasting(random), parent: root });
};

const report: Story = (trace, random) => {
  const steps = 2 + random.below(8);
  const root = trace.span({
    service: reports,
    name: 'nightly report',
    kind: INTERNAL,
    at: 0,
    lasts: steps * 1_000_000,
    attributes: {
      'job.attempt': 1 + random.below(3),
      'job.ratio': (1 + 2 * random.below(4)) / 8,
      'job.dry_run': random.below(2) === 0,
      'job.tables': ['orders', 'carts'],
      'job.sizes': [1, 2, 3],
      'job id': `night ${random.below(10)}`,
      'job.note': '',
    },
  });
  for (let step = 0; step < steps; step++)
    trace.span({
      service: reports,
      name: `step ${step}`,
      kind: INTERNAL,
      at: step * 1_000_000,
      lasts: 900_000 + random.below(100_000),
      parent: root,
      attributes: { 'step.number': step, 'step.rows': random.below(100_000) },
      ...(step > 6 ? { status: ERROR, statusMessage: 'too many steps' } : {}),
    });
};

const translate: Story = (trace, random) => {
  const root = trace.span({ service: bridge, name: 'IN', kind: SERVER, at: 0, lasts: 700 + lasting(random) });
  trace.span({
    service: bridge,
    name: 'OUT',
    kind: CLIENT,
    at: 100,
    lasts: 500,
    parent: root,
    attributes: { 'peer.service': 'mainframe' },
  });
};

/** How often each comes in ten traces. */
const stories: readonly Story[] = [browse, browse, browse, fillCart, fillCart, buy, buy, mail, report, translate];

/**
 * The traces, each in the order in which its spans begin.
 * @param baseMs epoch milliseconds of the end of it all
 */
export function thousandTraces(baseMs: number, seed = 1): PlainSpan[][] {
  const random = randomNumbers(seed);
  const sent: Sent = [];
  return Array.from({ length: SYSTEM_MINUTES * TRACES_A_MINUTE }, (_, index) => {
    const minute = Math.floor(index / TRACES_A_MINUTE);
    const startMs = baseMs - (SYSTEM_MINUTES - minute) * 60_000 + (index % TRACES_A_MINUTE) * 400;
    const story = sent.length === 0 && index < 20 ? buy : stories[random.below(stories.length)];
    // As X-Ray wants them: the second of the start is in the id. Those of the bridge have 64 bits.
    const seconds = Math.floor(startMs / 1000)
      .toString(16)
      .padStart(8, '0');
    const traceId = story === translate ? random.hex(16).padStart(32, '0') : seconds + random.hex(24);
    const trace = new TraceMaker(traceId, BigInt(startMs) * 1_000_000n, random);
    story(trace, random, sent);
    return trace.spans;
  });
}
