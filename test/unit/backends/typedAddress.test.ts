/** Addresses of backends as people type and paste them. */

import { describe, expect, it } from 'vitest';
import { isPlainRemote, readAddress, receiverAt } from '../../../src/backends/common/typedAddress';

const urls = (typed: string): readonly string[] | string => {
  const address = readAddress(typed);
  return 'urls' in address ? address.urls : address.problem;
};

describe('an address without a scheme', () => {
  it.each([
    ['localhost:16686', 'http://localhost:16686'],
    ['localhost', 'http://localhost'],
    ['LOCALHOST:16686', 'http://localhost:16686'],
    ['  127.0.0.1:16686/  ', 'http://127.0.0.1:16686'],
    ['10.0.0.7', 'http://10.0.0.7'],
    ['192.168.1.20:16686/jaeger', 'http://192.168.1.20:16686/jaeger'],
    ['jaeger', 'http://jaeger'],
    ['jaeger:16686', 'http://jaeger:16686'],
    ['jaeger.example:16686', 'http://jaeger.example:16686'],
    ['jaeger.example:80', 'http://jaeger.example'],
    ['[::1]:16686', 'http://[::1]:16686'],
    ['::1', 'http://[::1]'],
    ['fe80::1', 'http://[fe80::1]'],
    ['2001:db8::16', 'http://[2001:db8::16]'],
    ['//localhost:16686', 'http://localhost:16686'],
    ['printer.local', 'http://printer.local'],
    ['"localhost:16686"', 'http://localhost:16686'],
    ['16686', 'http://localhost:16686'],
    [':16686', 'http://localhost:16686'],
    ['jaeger:016686', 'http://jaeger:16686'],
  ])('%s is plain at first', (typed, first) => {
    expect(urls(typed)).toEqual([first, first.replace('http:', 'https:')]);
  });

  it.each([
    ['jaeger.example', 'https://jaeger.example'],
    ['//jaeger.example/base/', 'https://jaeger.example/base'],
    ['jaeger.example:443', 'https://jaeger.example'],
    ['bücher.example', 'https://xn--bcher-kva.example'],
  ])('%s is encrypted at first', (typed, first) => {
    expect(urls(typed)).toEqual([first, first.replace('https:', 'http:')]);
  });
});

describe('an address of a page', () => {
  it.each([
    ['http://localhost:16686/search?service=cart&limit=20', 'http://localhost:16686'],
    ['https://ops.example/jaeger/ui/search#top', 'https://ops.example/jaeger/ui'],
    ['http://localhost:16686/trace/0af7651916cd43dd8448eb211c80319c?uiFind=x', 'http://localhost:16686'],
    ['http://localhost:16686/api/v3/services', 'http://localhost:16686'],
    ['http://localhost:16686/jaeger/dependencies', 'http://localhost:16686/jaeger'],
    ['localhost:16686/search?x=http://elsewhere', 'http://localhost:16686'],
    ['HTTPS://Jaeger.Example:443/', 'https://jaeger.example'],
    ['http://localhost:16686/my-search', 'http://localhost:16686/my-search'],
  ])('%s', (typed, base) => {
    const found = urls(typed);
    expect(found[0]).toBe(base);
  });
});

it.each([
  '',
  '   ',
  'not an address',
  'http://',
  'http:///search',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'ftp://localhost',
  'http://localhost:99999',
  'localhost:16686\nhttp://elsewhere',
  '[label](command:spanhop.removeBackend)',
  'http://me:secret@localhost:16686',
  'me:secret@localhost:16686',
  'me@localhost',
  '@localhost',
  'x'.repeat(3_000),
])('says what is wrong with %j', (typed) => {
  const address = readAddress(typed);
  expect(address).toHaveProperty('problem');
  expect(JSON.stringify(address)).not.toContain('secret');
});

it('takes an @ in a path for what it is', () => {
  expect(urls('http://localhost:16686/@me')).toEqual(['http://localhost:16686/@me']);
});

it('knows the ports that programs send to', () => {
  expect(receiverAt('http://localhost:4318')).toBe('OTLP over HTTP');
  expect(receiverAt('http://localhost:16686')).toBeUndefined();
});

it('knows what leaves this machine unencrypted', () => {
  const all = [
    'http://jaeger.example',
    'http://10.0.0.1:16686',
    'https://jaeger.example',
    'http://localhost:1',
    'http://127.0.0.1',
    'http://[::1]:1',
  ];
  expect(all.filter(isPlainRemote)).toEqual(['http://jaeger.example', 'http://10.0.0.1:16686']);
  expect(isPlainRemote('http://localhost.example')).toBe(true);
});

it.each([
  '0',
  'localhost:0',
  'http://localhost:0',
  '65536',
  'localhost:65536',
  '.',
  'http://..',
  'http:\\\\jaeger',
  'http:/jaeger',
  'http:jaeger',
])('%s is no address, and no other one is made of it', (typed) => {
  expect(readAddress(typed)).toHaveProperty('problem');
});
