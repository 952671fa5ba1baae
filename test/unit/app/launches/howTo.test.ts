// What is said of programs that cannot be given variables here, once for each.
import { beforeEach, expect, it } from 'vitest';
import { HowTo, startsContainers } from '../../../../src/app/launches/howTo';

let told: string[];
let copied: string[];
let kept: Map<string, unknown>;
let endpoint: string | undefined;
let others: string | undefined;
const shop = { folder: 'file:///shop', type: 'node', name: 'Shop' };

beforeEach(() => {
  told = [];
  copied = [];
  others = undefined;
  kept = new Map();
  endpoint = 'http://127.0.0.1:24318';
});

const howTo = (linux = false): HowTo =>
  new HowTo({
    capture: {
      get endpoint() {
        return endpoint;
      },
      variablesForOthers: async () => others,
    },
    memento: { get: (key) => kept.get(key), update: async (key, value) => void kept.set(key, value) },
    problems: {
      tell: async (_level, message, steps = []) => {
        told.push(message);
        await steps[0]?.run();
      },
    },
    copy: async (text) => void copied.push(text),
    linux,
  });

it('a program that runs already, with what to copy; once, in later windows too', async () => {
  for (let run = 0; run < 2; run++) await howTo().session(shop, 'running');
  expect(told).toEqual([
    '"Shop" joins a program that runs already. Its traces come here if it was started with OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:24318.',
  ]);
  expect(copied).toEqual(['OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:24318 OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf']);
  await howTo().session({ ...shop, folder: 'file:///other' }, 'running');
  expect(told).toHaveLength(2);
});

it('a container, by the name under which it reaches this machine, and what Linux needs for that', async () => {
  await howTo().session(shop, 'container');
  await howTo(true).task('file:///shop', 'compose up');
  expect(told[0]).toMatch(/OTEL_EXPORTER_OTLP_ENDPOINT=http:\/\/host\.docker\.internal:24318\.$/);
  expect(told[1]).toMatch(/--add-host=host\.docker\.internal:host-gateway/);
  expect(copied[0]).toContain('http://host.docker.internal:24318');
});

it('a container, with a token, where this window listens for others', async () => {
  others = 'OTEL_EXPORTER_OTLP_ENDPOINT=http://172.17.0.1:24318 OTEL_EXPORTER_OTLP_HEADERS=x';
  await howTo(true).session(shop, 'container');
  expect(told[0]).toMatch(/^"Shop" runs in a container\. .*they hold a token\.$/);
  expect(copied).toEqual([others]);
});

it('another machine, with the way to lead its port here', async () => {
  await howTo().session(shop, 'elsewhere');
  expect(told[0]).toMatch(/ssh -R 24318:127\.0\.0\.1:24318/);
});

it('nothing while nothing is captured, of what cannot be traced, and where memory holds nonsense', async () => {
  await howTo().session({ ...shop, type: 'chrome' }, 'running');
  endpoint = undefined;
  await howTo().session(shop, 'running');
  expect(told).toEqual([]);
  endpoint = 'http://127.0.0.1:1';
  kept.set('capture.toldHow', { a: 7 });
  await howTo().session(shop, 'running');
  expect(told).toHaveLength(1);
});

it('tasks that start containers are known by kind and command', () => {
  const yes: [string, string][] = [
    ['docker-run', ''],
    ['shell', 'docker compose -f a.yml up -d'],
    ['shell', 'docker-compose up'],
    ['shell', 'podman run x'],
  ];
  const no: [string, string][] = [
    ['docker-build', ''],
    ['shell', 'docker compose down'],
    ['shell', 'docker build .'],
    ['npm', 'run docker'],
  ];
  expect(yes.filter(([kind, command]) => !startsContainers(kind, command))).toEqual([]);
  expect(no.filter(([kind, command]) => startsContainers(kind, command))).toEqual([]);
});
