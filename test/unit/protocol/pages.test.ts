/** A webview's page that is loaded anew: what is still under way of the load before meets nobody of the next. */

import { describe, expect, it } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import { listenToPages, type PageLoad, pagePort } from '../../../src/protocol/pages';
import { Connection, type Port } from '../../../src/protocol/rpc';

interface HostSide {
  ask(params: { what: string }): string;
}
interface PageSide {
  show(params: { what: string }): string;
}

/** The frame that all loads live in: messages wait until they are delivered, in their order. */
class Frame {
  private readonly toHost: unknown[] = [];
  private readonly toPage: unknown[] = [];
  private hostListener: (message: unknown) => void = () => {};
  private pageListener: (message: unknown) => void = () => {};

  readonly host: Port = {
    post: (message) => void this.toPage.push(structuredClone(message)),
    listen: (listener) => {
      this.hostListener = listener;
      return () => {
        this.hostListener = () => {};
      };
    },
  };

  /** The port of a new load; nobody hears the messages for the frame any more but this load. */
  load(): Port {
    return {
      post: (message) => void this.toHost.push(structuredClone(message)),
      listen: (listener) => {
        this.pageListener = listener;
        return () => {};
      },
    };
  }

  async deliver(to: 'host' | 'page'): Promise<void> {
    const waiting = (to === 'host' ? this.toHost : this.toPage).splice(0);
    for (const message of waiting) (to === 'host' ? this.hostListener : this.pageListener)(message);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

function hostOf(frame: Frame) {
  const asked: string[] = [];
  const connections: Connection<PageSide, HostSide>[] = [];
  const stop = listenToPages(frame.host, ({ port, signal }: PageLoad) => {
    const connection = new Connection<PageSide, HostSide>(port, {
      ask: ({ what }) => {
        asked.push(what);
        return `answer to ${what}`;
      },
    });
    signal.addEventListener('abort', () => connection.dispose());
    connections.push(connection);
  });
  return { asked, connections, stop };
}

const pageOf = (frame: Frame, id: string): Connection<HostSide, PageSide> =>
  new Connection(pagePort(frame.load(), id), { show: ({ what }) => `${id} shows ${what}` });

const outcome = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((error: unknown) => (error instanceof SpanhopError ? error.kind : error));

describe('loads of a page', () => {
  it('get their own answers: one that comes late for the load before resolves no call of the next', async () => {
    const frame = new Frame();
    const { asked } = hostOf(frame);
    const first = pageOf(frame, 'a');
    void outcome(first.call('ask', { what: 'first' }));
    await frame.deliver('host');
    // The answer is on its way when the page is loaded anew; both calls are the first of their load.
    const second = pageOf(frame, 'b');
    let answer: unknown;
    second.call('ask', { what: 'second' }).then((value) => {
      answer = value;
    });
    await frame.deliver('page');
    expect(answer).toBeUndefined();
    await frame.deliver('host');
    await frame.deliver('page');
    expect(answer).toBe('answer to second');
    expect(asked).toEqual(['first', 'second']);
  });

  it('end the connection of the load before: what waits for it is rejected, and what it still says is dropped', async () => {
    const frame = new Frame();
    const { asked, connections } = hostOf(frame);
    const first = pageOf(frame, 'a');
    void outcome(first.call('ask', { what: 'hello of a' }));
    await frame.deliver('host');
    const shown = outcome(connections[0].call('show', { what: 'x' }));
    const second = pageOf(frame, 'b');
    void outcome(second.call('ask', { what: 'hello of b' }));
    await frame.deliver('host');
    expect(await shown).toBe('Cancelled');
    void outcome(first.call('ask', { what: 'late of a' }));
    await frame.deliver('host');
    expect(asked).toEqual(['hello of a', 'hello of b']);
    expect(connections).toHaveLength(2);
  });

  it('answer nothing that was asked of the load before', async () => {
    const frame = new Frame();
    const { connections } = hostOf(frame);
    void outcome(pageOf(frame, 'a').call('ask', { what: 'a' }));
    await frame.deliver('host');
    const second = pageOf(frame, 'b');
    void outcome(connections[0].call('show', { what: 'for a' }));
    void outcome(second.call('ask', { what: 'b' }));
    await frame.deliver('page');
    await frame.deliver('host');
    const shown = connections[1].call('show', { what: 'for b' });
    await frame.deliver('page');
    await frame.deliver('host');
    expect(await shown).toBe('b shows for b');
  });

  it('that are over are told nothing: what is posted to them goes nowhere, not to the load after them', async () => {
    const posted: unknown[] = [];
    let say: (message: unknown) => void = () => {};
    const loads: PageLoad[] = [];
    listenToPages(
      {
        post: (message) => void posted.push(message),
        listen: (listener) => {
          say = listener;
          return () => {};
        },
      },
      (load) => loads.push(load),
    );
    say({ page: 'a', message: 1 });
    say({ page: 'b', message: 1 });
    loads[0].port.post('late');
    expect(posted).toEqual([]);
    loads[1].port.post('now');
    expect(posted).toEqual([{ page: 'b', message: 'now' }]);
    // A load does not come back, whatever is still on its way from it.
    say({ page: 'a', message: 2 });
    expect([loads.length, loads[1].signal.aborted]).toEqual([2, false]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'page'],
    ['no page', { message: 1 }],
    ['no message', { page: 'c' }],
    ['a page that is no text', { page: 5, message: 1 }],
    ['a list', ['page', 'message']],
  ])('are not begun by what is no message of a page: %s', (_, message) => {
    let say: (message: unknown) => void = () => {};
    const loads: PageLoad[] = [];
    const heard: unknown[] = [];
    const port: Port = {
      post: () => {},
      listen: (listener) => {
        say = listener;
        return () => {};
      },
    };
    listenToPages(port, (load) => {
      loads.push(load);
      load.port.listen((one) => heard.push(one));
    });
    say({ page: 'a', message: 'first' });
    say(message);
    say({ page: 'a', message: undefined });
    expect([loads.length, heard, loads[0].signal.aborted]).toEqual([1, ['first', undefined], false]);
    const own: unknown[] = [];
    pagePort(port, 'a').listen((one) => own.push(one));
    say(message);
    expect(own).toEqual([]);
  });

  it('are not heard any more when nobody listens', async () => {
    const frame = new Frame();
    const { asked, connections, stop } = hostOf(frame);
    const page = pageOf(frame, 'a');
    void outcome(page.call('ask', { what: 'a' }));
    await frame.deliver('host');
    stop();
    void outcome(page.call('ask', { what: 'more' }));
    await frame.deliver('host');
    expect(asked).toEqual(['a']);
    expect(await outcome(connections[0].call('show', { what: 'x' }))).toBe('Cancelled');
  });
});
