// What of a workspace's settings is told: what takes something away from the person who opened it, and nothing else.
import { expect, it } from 'vitest';
import { findOverrides, type Override, type SettingLayers } from '../../../../src/app/settings/overrides';

const defaults: Readonly<Record<string, unknown>> = {
  'redact.keys': ['*password*', '*cookie*', 'token'],
  'redact.patterns': ['\\bBearer\\s+\\w+'],
  backends: [],
  'capture.debugSessions': 'always',
  'capture.autoStart': false,
  'capture.wellKnownPort': true,
  'capture.port': 0,
  memoryMegabytes: 2048,
  'capture.memoryMegabytes': null,
  'capture.logMegabytes': 1024,
  'source.pathMappings': {},
};

type Values = Readonly<Record<string, unknown>>;

function overrides(here: Values, mine: Values = {}): readonly Override[] {
  return findOverrides((name): SettingLayers => {
    const own = mine[name] ?? defaults[name];
    return { mine: own, isWritten: name in mine, here: name in here ? here[name] : name === 'backends' ? [] : own };
  });
}
const messages = (here: Values, mine: Values = {}): readonly string[] => overrides(here, mine).map(({ message }) => message);
const jaeger = (name: string, url: string, more: Values = {}): Values => ({ name, type: 'jaeger', url, ...more });

it('nothing where a workspace has no settings of its own', () => {
  expect(overrides({})).toEqual([]);
  expect(overrides({}, { 'redact.keys': ['mine'], backends: [jaeger('Shop', 'http://a')] })).toEqual([]);
});

it('redaction that is switched off, or is no list', () => {
  const off =
    "This workspace's settings take all keys out of your redaction. What these hide is now stored, shown, exported and handed to other extensions.";
  expect(messages({ 'redact.keys': [] })).toEqual([off]);
  expect(messages({ 'redact.keys': 'none' })).toEqual([off]);
  expect(messages({ 'redact.keys': [], 'redact.patterns': [''] })).toEqual([
    off.replace('all keys', 'all keys and all patterns'),
  ]);
});

it('rules that are gone, by name', () => {
  expect(messages({ 'redact.keys': ['token', '*mine*'] })[0]).toContain(
    'take 2 keys (*password*, *cookie*) out of your redaction',
  );
  expect(messages({ 'redact.patterns': ['\\bBearer\\s+x'] })[0]).toContain('take 1 pattern out of your redaction');
  expect(overrides({ 'redact.keys': [] })[0].settings).toEqual(['redact.keys']);
});

it('no redaction that is as strict, or stricter', () => {
  expect(messages({ 'redact.keys': ['token', '*COOKIE*', '*password*', 'more'] })).toEqual([]);
  expect(messages({ 'redact.keys': ['*'], 'redact.patterns': ['more', '\\bBearer\\s+\\w+'] })).toEqual([]);
  expect(messages({ 'redact.keys': ['*pass*', '*cook*', 't*n'] })).toEqual([]);
  expect(messages({ 'redact.keys': ['*pass', '*cookie*', 'token'] })).toHaveLength(1);
});

it('within a moment, whatever the rules look like', () => {
  const begin = performance.now();
  expect(messages({ 'redact.keys': [`${'*a'.repeat(5000)}b`] }, { 'redact.keys': ['a'.repeat(5000)] })).toHaveLength(1);
  expect(performance.now() - begin).toBeLessThan(2000);
});

it("a backend's name that stands for another server, without passwords of the address", () => {
  const mine = { backends: [jaeger('Shop', 'https://me:secret@jaeger.mine/'), jaeger('Other', 'http://other')] };
  expect(
    messages({ backends: [jaeger('Shop', 'http://u:topsecret@theirs.example:16686/x'), jaeger('Theirs', 'http://t')] }, mine),
  ).toEqual([
    'This workspace\'s settings make "Shop" http://theirs.example:16686 instead of https://jaeger.mine. Traces and searches of that name come from and go to there; your credential does not.',
  ]);
  expect(messages({ backends: [jaeger('Shop', 'https://jaeger.mine/x')] }, mine)[0]).toContain('ask "Shop" in another way');
  expect(messages({ backends: [jaeger('Other', 'http://other/'), jaeger('Theirs', 'http://t')] }, mine)).toEqual([]);
  expect(messages({ backends: [jaeger('Other', 'http://other', { headers: { a: 'b' } })] }, mine)).toHaveLength(1);
  const changed: readonly Values[] = [{ tls: { caFile: '/a' } }, { tenant: 'b' }, { type: 'tempo' }, { api: 'v3' }];
  for (const more of changed) expect(messages({ backends: [jaeger('Other', 'http://other', more)] }, mine)).toHaveLength(1);
  // What nobody uses takes no name, and a default is no change.
  expect(
    messages({ backends: [{ name: 'Other', type: 'none' }, jaeger('Other', 'http://other', { api: 'auto' })] }, mine),
  ).toEqual([]);
});

it('a program that makes headers, whosever name the backend has', () => {
  const command = { headersCommand: ['/team/get-token', '--x'] };
  const mine = { backends: [jaeger('Shop', 'http://mine', command), jaeger('Other', 'http://other')] };
  expect(messages({ backends: [jaeger('Team', 'http://team', command)] }, mine)).toEqual([
    'This workspace\'s settings run the program "/team/get-token" when "Team" is asked. A program runs with your rights.',
  ]);
  expect(messages({ backends: [jaeger('Other', 'http://theirs', command)] }, mine)[0]).toMatch(
    /make "Other" http:\/\/theirs instead of http:\/\/other and run the program .* your credential does not\. A program runs/,
  );
  expect(messages({ backends: [jaeger('Shop', 'http://mine', command)] }, mine)).toEqual([]);
  expect(messages({ backends: [jaeger('Shop', 'http://mine')] }, mine)[0]).toContain('ask "Shop" in another way');
});

it('captures that begin where the person said they should not, or keep less', () => {
  const mine = {
    'capture.debugSessions': 'ask',
    'capture.autoStart': false,
    'capture.wellKnownPort': false,
    'capture.port': 5000,
  };
  const here = {
    'capture.debugSessions': 'always',
    'capture.autoStart': true,
    'capture.wellKnownPort': true,
    'capture.port': 6000,
  };
  expect(messages(here, mine)).toEqual([
    "This workspace's settings have the traces of all debug sessions captured, start capturing with the window, listen on ports 4317 and 4318 and listen on port 6000 instead of 5000, unlike yours.",
  ]);
  expect(messages({ 'capture.instrument': { node: true } }, { 'capture.instrument': { node: false, php: false } })).toEqual([
    "This workspace's settings have programs of node, php instrumented, unlike yours.",
  ]);
  expect(messages({ 'capture.instrument': { node: false } }, { 'capture.instrument': { node: true } })).toEqual([]);
  // What nobody chose is nobody's choice.
  expect(messages({ ...here, 'capture.debugSessions': 'ask' })).toEqual([]);
  expect(messages({ 'capture.logMegabytes': 16 })).toEqual([
    "This workspace's settings keep only 16 MB of disk for captures instead of 1024, unlike yours. Older traces go earlier.",
  ]);
  expect(messages({ 'capture.memoryMegabytes': 64 })[0]).toContain('keep only 64 MB of memory for captures, unlike yours');
  expect(messages({ memoryMegabytes: 4096 })).toEqual([]);
  expect(messages({ memoryMegabytes: 4096 }, { memoryMegabytes: 512 })[0]).toContain('take up to 4096 MB of memory for traces');
});

it("a prefix of the person's mappings that leads elsewhere", () => {
  const mine = { 'source.pathMappings': { '/app': '/home/me/app' } };
  expect(messages({ 'source.pathMappings': { '/app': '/etc', '/x': '/y' } }, mine)[0]).toContain(
    'map /app to /etc, and yours elsewhere',
  );
  expect(messages({ 'source.pathMappings': { '/app': '/home/me/app', '/x': '/y' } }, mine)).toEqual([]);
});

it('anew when it is another thing, and only then', () => {
  const print = (here: Values): string => overrides(here)[0].print;
  expect(print({ 'redact.keys': [] })).toBe(print({ 'redact.keys': ['other'] }));
  expect(print({ 'redact.keys': [] })).not.toBe(print({ 'redact.keys': ['token'] }));
});
