// Every kind of backend against servers on bad days: each request ends, in time, with an error that says in a sentence what is wrong, and nothing of the
// credential is told to anybody.

import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../src/backends/common/backend';
import { HttpTransport } from '../../../src/backends/common/httpTransport';
import { backendKind, backendKinds } from '../../../src/backends/kinds';
import { SpanhopError } from '../../../src/base/errors';
import { parseQuery } from '../../../src/core/query/parse';
import { backendContext } from '../../support/backend';
import { engineReader } from '../../support/engineReader';
import { type HostileServer, type Hostility, hostilities, secretToken, startHostile } from '../../support/hostileServer';
import { minimalSettings } from '../../support/minimalBackends';

/** Of an answer. What is larger must be refused before it is in memory. */
const maxBytes = 1 << 20;
const traceId = '68f93c5e752fa3db8489e5dc516822bf';
const kinds = backendKinds.filter(({ type }) => minimalSettings(type, 'http://localhost') !== undefined);
const reader = engineReader();

let server: HostileServer | undefined;
let other: HostileServer | undefined;

afterEach(async () => {
  await Promise.all([server?.stop(), other?.stop()]);
  server = undefined;
  other = undefined;
});

async function made(type: string, url: string, timeoutMs: number): Promise<Backend> {
  const settings = minimalSettings(type, url);
  const kind = backendKind(type);
  if (!settings || !kind) throw new Error(`There is no kind ${type}.`);
  const authorize = async ({ url: { origin } }: { readonly url: URL }): Promise<Record<string, string>> =>
    origin === url ? { authorization: `Bearer ${secretToken}` } : {};
  const transport = new HttpTransport({ timeoutMs, maxBytes, retries: 0, authorize });
  return kind.create(backendContext(settings, { transport, reader }));
}

/** What a person starts by asking, on a backend that nobody asked before. */
const requests: Readonly<Record<string, (backend: Backend) => Promise<unknown>>> = {
  describe: (backend) => backend.describe(),
  services: (backend) => backend.services(),
  operations: (backend) => backend.operations('shop'),
  find: async (backend) => {
    for await (const page of backend.find(parseQuery('{ status = error }'), { pageSize: 20 })) {
      const bodies: Uint8Array[] = [];
      for await (const body of page.bodies ?? []) bodies.push(body);
      return [...page.traces, ...bodies];
    }
    return [];
  },
  get: (backend) => backend.get(traceId),
};

/** An error that a person can act on, and that keeps what is secret. */
function expectSentence(error: unknown, errors: Hostility['errors'], about: string): void {
  expect(error, about).toBeInstanceOf(SpanhopError);
  if (!(error instanceof SpanhopError)) return;
  expect(errors, `${about}: ${error.message}`).toContain(error.kind);
  expect(error.message, about).toMatch(/^\S[^\n]*[.!?]$/);
  expect(error.message.length, about).toBeLessThan(600);
  expect(`${error.message} ${error.detail}`, about).not.toContain(secretToken);
  expect(error.message, about).not.toMatch(/\bat \S+ \(|\[object|undefined/);
}

describe.each(kinds.map(({ type }) => type))('%s', (type) => {
  // Its code is loaded once: that is nothing of the server's.
  beforeAll(() => made(type, 'http://localhost', 1000).then(() => undefined));

  it.each(hostilities.map((hostility) => [hostility.name, hostility] as const))(
    'that meets %s says so',
    async (_, { errors, mayBeEmpty, isLong, answer }) => {
      server = await startHostile(answer);
      const { url } = server;
      const outcomes = Object.entries(requests).map(async ([name, ask]) => {
        const backend = await made(type, url, isLong ? 150 : 10_000);
        return ask(backend).then(
          (value) => ({ name, value }),
          (error: unknown) => ({ name, error }),
        );
      });
      for (const outcome of await Promise.all(outcomes)) {
        if ('error' in outcome) expectSentence(outcome.error, errors, outcome.name);
        else if (!mayBeEmpty)
          expect.fail(`${outcome.name} took it for an answer: ${JSON.stringify(outcome.value)?.slice(0, 200)}`);
      }
      expect(server.requests.length).toBeGreaterThan(0);
      // Each request may be taken up to the cap, and what is under way in the buffers of both ends.
      expect(server.written).toBeLessThan(server.requests.length * (maxBytes + (16 << 20)) + (1 << 20));
    },
  );

  it('sends its credential to its own server and to no other, wherever that leads', async () => {
    other = await startHostile((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
    const target = other.url;
    server = await startHostile((request, response) => response.writeHead(307, { location: target + request.url }).end());
    for (const ask of Object.values(requests)) await ask(await made(type, server.url, 5000)).catch(() => undefined);
    expect(server.requests.length).toBeGreaterThan(0);
    for (const headers of other.requests) expect(JSON.stringify(headers)).not.toContain(secretToken);
  });
});
