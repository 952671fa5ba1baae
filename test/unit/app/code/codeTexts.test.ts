// The texts from code to spans: hovers made of hostile text have no link but ours, and pages of callers line up and tell everything.
import { describe, expect, it } from 'vitest';
import { hoverCommands, hoverText } from '../../../../src/app/code/hoverText';
import { reachPage } from '../../../../src/app/code/reachText';
import { trendTexts } from '../../../../src/app/code/trendText';
import { plainText } from '../../../../src/core/text/plainText';
import type { CodeDetails, CodeReach, ReachedSpan } from '../../../../src/protocol/code';

const now = 1_760_000_100_000;
const run = (id: number, error = false) => ({
  traceId: id.toString(16).padStart(32, '0'),
  spanId: id.toString(16).padStart(16, '0'),
  durationNs: 12e6,
  error,
  startMs: now - 120_000,
});
const reached = (more: Partial<ReachedSpan>): ReachedSpan => ({
  service: 'storefront',
  name: 'POST /checkout',
  kind: 2,
  spans: 2,
  calls: 12,
  errors: 0,
  distance: 1,
  entry: 0,
  timeNs: 0,
  sample: { dataset: 'local', traceId: '1'.padStart(32, '0'), spanId: '1'.padStart(16, '0') },
  ...more,
});
const statistics = {
  name: 'Cart.add',
  places: [1],
  line: 3,
  calls: 128,
  failed: 3,
  errors: 3,
  p50Ns: 12e6,
  p95Ns: 240e6,
  lastTraceId: '',
};

const details = (text: string): CodeDetails => ({
  runs: [run(1), run(2, true)],
  read: 128,
  thrown: 3,
  attributes: [{ key: text, distinct: 5, values: [{ text, count: 3 }] }],
  exceptions: [{ type: text, message: text, count: 3, last: run(2, true), stack: '' }],
  entries: { calls: 128, spans: [reached({ entry: 12, name: text, service: text })] },
});

describe('hovers', () => {
  it('tell everything in a few lines', () => {
    const text = hoverText(
      {
        statistics,
        thrown: 0,
        told: [],
        details: details('x'),
        trend: '▲ 38 % slower',
        frames: [{ label: 'cart.ts:31', uri: 'file:///app/cart.ts#L31' }],
        target: 7,
      },
      now,
    );
    const bare = text.replace(/\]\([^)]*\)/g, ']').replaceAll('\\', '');
    expect(bare).toBe(
      [
        '**Cart.add**: 128 calls · p50 12 ms · p95 240 ms · **3 errors**',
        '▲ 38 % slower',
        '**x**: x — 3× · [last 2 min ago] · [cart.ts:31]',
        'Called by x (x) 12×',
        'Values in the last 128 calls\n- x: x 3×, 4 more',
        'Last calls\n- [12 ms] · 2 min ago · trace 00000000\n- [12 ms] · 2 min ago · **error** · trace 00000000',
        '[All calls] · [Who reaches this] · [What it calls]',
      ].join('\n\n'),
    );
  });

  it('say where callers are told by the last calls alone', () => {
    const entries = { calls: 50, spans: [reached({ entry: 12, name: 'x', service: 'x' })] };
    const of = {
      statistics,
      thrown: 0,
      told: [],
      details: { ...details('x'), entries },
      trend: undefined,
      frames: [],
      target: 7,
    };
    expect(hoverText(of, now).replaceAll('\\', '')).toContain('Called by x (x) 12×, of the last 50 calls');
  });

  it.each([
    '[x](command:workbench.action.quit)',
    '](command:workbench.action.quit)',
    'x\n\n[a]: command:workbench.action.quit\n\n[a]',
    '<a href="command:workbench.action.quit">x</a>',
    'https://evil.example/?a=b www.evil.example',
    '![x](https://evil.example/x.png)',
    '$(bug) `code` | a | b |\n|---|---|',
    '\\](command:workbench.action.quit)',
    'x'.repeat(100_000),
  ])('have no link but ours, and little text, where traces say %j', (hostile) => {
    const subject = {
      statistics: { ...statistics, name: hostile },
      thrown: 0,
      told: [],
      details: details(hostile),
      trend: hostile,
      frames: [],
    };
    const text = hoverText({ ...subject, target: 7 }, now);
    const links = [...text.matchAll(/(?<!\\)\]\(([^)]*)\)/g)].map(([, target]) => target);
    expect(links).toHaveLength(6);
    for (const link of links)
      expect(link).toMatch(
        /^command:(spanhop\.\w+)\?%5B(?:7|%7B%22traceId%22%3A%22[0-9a-f]{32}%22%2C%22spanId%22%3A%22[0-9a-f]{16}%22%7D)%5D$/,
      );
    for (const link of links) expect(hoverCommands).toContain(/^command:([^?]*)/.exec(link)?.[1]);
    const ownPunctuation = text.replace(/(?<!\\)\]\([^)]*\)/g, ']').replace(/\\[!-/:-@[-`{-~]/g, '');
    expect(ownPunctuation).not.toMatch(/[<>|`$!]|https?:|www\./);
    expect(text.length).toBeLessThan(6_000);
  });

  it('make no link of an id that is none', () => {
    const odd = { ...details('x'), runs: [{ ...run(1), traceId: '1)](command:x)' }], exceptions: [] };
    const text = hoverText({ statistics, thrown: 0, told: [], details: odd, trend: undefined, frames: [], target: 7 }, now);
    expect(text).not.toContain('openTraceBeside');
  });
});

describe('the hover of a line that threw', () => {
  const threw = (count: number, message = 'no answer for cart 77'): CodeDetails => ({
    runs: [],
    read: 6,
    attributes: [],
    exceptions: [{ type: 'GatewayTimeout', message, count, last: run(1), stack: '' }],
    thrown: count,
  });
  const textOf = (details: CodeDetails, spans: number, told: readonly string[]): string[] =>
    hoverText({ statistics: undefined, thrown: spans, told, details, trend: undefined, frames: [], target: 7 }, now)
      .replace(/\]\([^)]*\)/g, ']')
      .replaceAll('\\', '')
      .split('\n\n')
      .slice(0, -1);

  it('counts an exception once in its trace, and says how many spans recorded it', () => {
    expect(textOf(threw(2), 6, [])).toEqual([
      '**Thrown here**: 2×, recorded by 6 spans',
      '**GatewayTimeout**: no answer for cart 77 — 2× · [last 2 min ago]',
    ]);
    expect(textOf(threw(6), 6, [])[0]).toBe('**Thrown here**: 6×');
    expect(textOf(threw(2), 900, [])[0]).toBe('**Thrown here**: recorded by 900 spans');
  });

  it('does not say again what Problems says there', () => {
    const told = ['GatewayTimeout: no answer for cart 12 (2× in 3 min)'];
    expect(textOf(threw(2), 6, told)).toEqual(['**Thrown here**: 2×, recorded by 6 spans', '[last 2 min ago]']);
    expect(textOf(threw(2, `${'long '.repeat(23)}…`), 6, [`GatewayTimeout: ${'long '.repeat(50)}`])).toHaveLength(2);
    expect(textOf(threw(2, '[x](command:y)'), 6, [plainText('GatewayTimeout: [x](command:y)')])[1]).toBe('[last 2 min ago]');
    expect(textOf(threw(2), 6, ['GatewayTimeout: something else', ''])[1]).toContain('no answer for cart 77');
  });
});

describe('trends', () => {
  it('say against what and when', () => {
    const at = new Date(2026, 10, 21, 10, 32);
    const before = { calls: 40, p95Ns: 174e6, origin: { type: 'capture', startedAt: at.getTime() } } as const;
    const words = trendTexts({ calls: 52, p95Ns: 240e6, before }, new Date(2026, 10, 21, 11, 0));
    expect(words?.short).toBe('▲ 38 %');
    expect(words?.tooltip.replace(/10:32( AM)?/, '10:32')).toBe(
      '▲ 38 % slower: p95 240 ms in 52 calls of the latest capture, against the capture of 10:32, 40 calls, p95 174 ms',
    );
    expect(trendTexts({ calls: 52, p95Ns: 180e6, before })).toBeUndefined();
  });
});

describe('pages of callers and callees', () => {
  const reach = (spans: readonly ReachedSpan[], more: Partial<CodeReach> = {}): CodeReach => ({
    calls: 12,
    of: 12,
    durationNs: 100e6,
    spans,
    more: 0,
    ...more,
  });

  it('tell callers by how near they are, with links to source and trace', () => {
    const spans = [
      reached({ name: 'POST /charge', service: 'payments', errors: 3 }),
      reached({ entry: 10, distance: 3 }),
      reached({ name: 'middle\nware', distance: 2, calls: 2 }),
    ];
    const placed = spans.map((span, i) => ({ span, label: i === 0 ? 'app.ts:31' : undefined }));
    const page = reachPage('PaymentService.charge', 'callers', reach(spans), placed);
    expect(page.text).toBe(
      [
        'Who reaches PaymentService.charge',
        'Of the last 12 calls',
        '',
        'Entry points',
        '  POST /checkout  storefront  12 calls            no source here  trace 00000000',
        '',
        'Directly above',
        '  POST /charge    payments    12 calls, 3 failed  app.ts:31  trace 00000000',
        '',
        'Further up',
        '  middle ware     storefront  2 calls             no source here  trace 00000000',
        '',
        '2 calls began a trace: nothing above is known.',
        '',
      ].join('\n'),
    );
    expect(page.unplacedLines).toEqual([4, 10]);
    const lines = page.text.split('\n');
    expect(page.links.map(({ line, start, end, to }) => `${to} ${lines[line].slice(start, end)}`)).toEqual([
      'trace trace 00000000',
      'source app.ts:31',
      'trace trace 00000000',
      'trace trace 00000000',
    ]);
  });

  it('tell callees with their share, and of how many calls all is', () => {
    const spans = [
      reached({ name: 'SELECT', service: 'cart', spans: 36, timeNs: 62e6, errors: 2 }),
      reached({ name: 'GET', spans: 12, timeNs: 5e6 }),
    ];
    const page = reachPage(
      'add',
      'callees',
      reach(spans, { of: 5000 }),
      spans.map((span) => ({ span, label: undefined })),
    );
    expect(
      page.text
        .split('\n')
        .slice(0, 6)
        .map((line) => line.trimEnd()),
    ).toEqual([
      'What add calls',
      'Of 12 of the last 5,000 calls',
      '',
      'Spans it makes',
      '  SELECT  cart        36×, 3 per call, 62 % of its time, 2 failed  no source here  trace 00000000',
      '  GET     storefront  12×, once per call, 5 % of its time          no source here  trace 00000000',
    ]);
  });
});
