// Backends as a user has them: in the settings, asked through the exported API; what they answer when they are well and when they are not.

import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CancellationTokenSource, ConfigurationTarget, commands, window, workspace } from 'vscode';
import type { SpanhopApi } from '../../src/api';
import { type ReplayServer, startReplay } from '../support/replayServer';
import { sharedFolder, spanhop, until } from './support/spanhop';

interface Backend {
  readonly name: string;
  readonly url: string;
  readonly api?: string;
}

async function configure(...backends: Backend[]): Promise<void> {
  const all = backends.map((backend) => ({ type: 'jaeger', ...backend }));
  await workspace.getConfiguration('spanhop').update('backends', all.length ? all : undefined, ConfigurationTarget.Global);
}

async function listen(handle: RequestListener): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}` };
}

describe('backends', () => {
  let api: SpanhopApi;
  const servers: Server[] = [];
  const serve = async (handle: RequestListener): Promise<string> => {
    const { server, url } = await listen(handle);
    servers.push(server);
    return url;
  };

  before(async () => {
    api = await spanhop();
  });

  afterEach(async () => {
    await configure();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('are named as the settings name them, and those that cannot be are left out', async () => {
    await configure(
      { name: 'One', url: 'http://127.0.0.1:1' },
      { name: 'local', url: 'http://127.0.0.1:2' },
      { name: 'Two', url: 'ftp://x' },
    );
    await until(() => api.backends.includes('One'));
    deepStrictEqual(api.backends, ['local', 'One']);
  });

  describe('a recorded Jaeger', () => {
    let replay: ReplayServer;

    before(async function () {
      const folder = sharedFolder();
      if (folder === undefined) this.skip();
      replay = await startReplay(join(folder, 'recorded', 'jaeger-main'));
    });

    after(() => replay?.stop());

    it('lists, gives and shows its traces', async () => {
      await configure({ name: 'Recorded', url: replay.url });
      await until(() => api.backends.includes('Recorded'));
      const found = await api.findTraces({ service: 'storefront' }, { backend: 'Recorded', limit: 100 });
      ok(found.length > 0);
      ok(found.every(({ backend }) => backend === 'Recorded'));
      const recorded = found.find(({ traceId }) => traceId === checkoutId());
      ok(recorded, 'the checkout is not listed');
      const trace = await api.getTrace(recorded.traceId, { backend: 'Recorded' });
      strictEqual(trace.backend, 'Recorded');
      strictEqual(trace.spanCount, recorded.spanCount);
      await api.openTrace(recorded.traceId, { backend: 'Recorded' });
      strictEqual(window.tabGroups.activeTabGroup.activeTab?.label, recorded.rootName);
    });

    it('gives pages, what it knows of attributes, and who calls whom', async () => {
      await configure({ name: 'Recorded', url: replay.url });
      await until(() => api.backends.includes('Recorded'));
      let pages = 0;
      for await (const page of api.findTracePages({ service: 'storefront' }, { backend: 'Recorded', pageSize: 100 })) {
        pages++;
        ok(page.traces.length > 0);
        deepStrictEqual(page.pushdown, { exact: ['resource.service.name = "storefront"'], superset: [], here: [] });
        break;
      }
      strictEqual(pages, 1);
      // Of what its server does not tell, what was fetched of it tells.
      await api.getTrace(checkoutId() ?? '', { backend: 'Recorded' });
      ok((await api.tags('Recorded')).includes('resource.service.name'));
      const services = await api.tagValues('Recorded', 'resource.service.name');
      ok(services.includes('storefront'), services.join());
      const calls = await api.dependencies('Recorded');
      ok(
        calls.some(({ parent, child }) => parent === 'storefront' && child !== 'storefront'),
        JSON.stringify(calls),
      );
      await rejects(api.tagValues('Recorded', 'duration'), { name: 'BadQuery' });
      await rejects(api.dependencies('Nobody'), { name: 'NotFound' });
      const wrong = api.findTracePages('{ nonsense', { backend: 'Recorded' });
      await rejects(wrong[Symbol.asyncIterator]().next(), { name: 'BadQuery' });
    });

    it('says that there is no such trace', async () => {
      await configure({ name: 'Recorded', url: replay.url });
      await until(() => api.backends.includes('Recorded'));
      await rejects(api.getTrace('deadbeef'.repeat(4), { backend: 'Recorded' }), (error: Error) =>
        /NotFound|BadData/.test(error.name),
      );
    });
  });

  describe('that are not well', () => {
    const asked = async (url: string): Promise<Error> => {
      await configure({ name: 'Sick', url });
      await until(() => api.backends.includes('Sick'));
      return api.findTraces(undefined, { backend: 'Sick' }).then(
        () => Promise.reject(new Error('it answered')),
        (error: Error) => error,
      );
    };

    it('not there', async () => {
      const { server, url } = await listen(() => {});
      await new Promise((resolve) => server.close(resolve));
      const error = await asked(url);
      strictEqual(error.name, 'Unreachable');
      ok(error.message.includes(url), error.message);
    });

    it('a web page instead of data', async () => {
      const url = await serve((_, response) =>
        response.setHeader('content-type', 'text/html').end('<!doctype html><title>Sign in</title>'),
      );
      const error = await asked(url);
      strictEqual(error.name, 'BadData');
      ok(/page to sign in/.test(error.message), error.message);
    });

    it('a password is missing', async () => {
      const url = await serve((_, response) => response.writeHead(401).end());
      strictEqual((await asked(url)).name, 'Unauthorized');
    });

    it('an answer without end', async () => {
      const limit = workspace.getConfiguration('spanhop');
      await limit.update('requests.maxMegabytes', 1, ConfigurationTarget.Global);
      try {
        const url = await serve((_, response) => {
          const chunk = Buffer.alloc(1 << 16, 0x20);
          const more = (): void => {
            while (!response.destroyed && response.write(chunk));
          };
          response.on('drain', more);
          more();
        });
        strictEqual((await asked(url)).name, 'TooLarge');
      } finally {
        await limit.update('requests.maxMegabytes', undefined, ConfigurationTarget.Global);
      }
    });

    it('no answer at all: the caller can leave', async () => {
      let arrived: (() => void) | undefined;
      const request = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      const url = await serve(() => arrived?.());
      await configure({ name: 'Silent', url });
      await until(() => api.backends.includes('Silent'));
      const source = new CancellationTokenSource();
      const finding = api.findTraces(undefined, { backend: 'Silent', token: source.token });
      finding.catch(() => {});
      await request;
      source.cancel();
      await rejects(finding, { name: 'Cancelled' });
    });
  });
});

/** The trace that was recorded as `checkout-01`. */
function checkoutId(): string | undefined {
  const catalogue: { traces: { name: string; traceId: string }[] } = JSON.parse(
    readFileSync(join(sharedFolder() ?? '', 'recorded', 'traces.json'), 'utf8'),
  );
  return catalogue.traces.find(({ name }) => name === 'checkout-01')?.traceId;
}
