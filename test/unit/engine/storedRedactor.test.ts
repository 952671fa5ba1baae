// What is hidden in a request before it is stored, byte by byte; and what is not.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { decodeBytes, encodeOtlpProto } from '../../../src/core/format/format';
import { SESSION_KEY } from '../../../src/core/model/logRecord';
import { StringTable } from '../../../src/core/model/strings';
import { HIDDEN } from '../../../src/engine/redact/hidden';
import { type RedactionSettings, Redactor } from '../../../src/engine/redact/redactor';
import { StoredRedactor } from '../../../src/engine/redact/storedRedactor';

interface Section {
  readonly properties: Readonly<Record<string, { readonly default: unknown }>>;
}
const sections: readonly Section[] = JSON.parse(readFileSync('package.json', 'utf8')).contributes.configuration;
const textsOf = (name: string): string[] => {
  const value = sections.map(({ properties }) => properties[name]).find((one) => one !== undefined)?.default;
  return Array.isArray(value) ? value.map(String) : [];
};
/** As everybody has them who changes nothing. */
const defaults: RedactionSettings = {
  redactKeys: textsOf('spanhop.redact.keys'),
  redactPatterns: textsOf('spanhop.redact.patterns'),
  redactCardNumbers: true,
};

type Json = { readonly [key: string]: unknown };
const text = (key: string, stringValue: string): Json => ({ key, value: { stringValue } });

/** A request of one span, with more at the span or around it. */
function requestOf(span: Json, around: { readonly resource?: readonly Json[]; readonly scope?: Json } = {}): Uint8Array {
  const id = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), startTimeUnixNano: '1', endTimeUnixNano: '2' };
  const scopeSpans = [{ scope: around.scope ?? { name: 'test' }, spans: [{ name: 'GET /', ...id, ...span }] }];
  const body = { resourceSpans: [{ resource: { attributes: around.resource ?? [] }, scopeSpans }] };
  const { batches } = decodeBytes(new TextEncoder().encode(JSON.stringify(body)), { strings: new StringTable() });
  return encodeOtlpProto(batches.map((batch) => ({ batch, rows: [0] })));
}
const redacted = (bytes: Uint8Array, settings = defaults): Uint8Array | undefined =>
  finish(new StoredRedactor(new Redactor(settings)).redacting(bytes, 'spans'));
const latin = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('utf8');

/** What is stored of an attribute with this value. */
function stored(key: string, value: string, settings = defaults): string {
  const bytes = redacted(requestOf({ attributes: [text(key, value)] }), settings);
  if (!bytes) throw new Error('not looked at');
  const { batches, leftOut } = decodeBytes(bytes, { strings: new StringTable(), format: 'otlp-proto' });
  expect(leftOut).toBe(0);
  const [batch] = batches;
  const at = batch.attributeStart[0];
  const { number, length } = batch.attributes;
  return new TextDecoder().decode(batch.blob.subarray(number[at], number[at] + length[at]));
}

describe('what is hidden', () => {
  it('is the value of a key that hides, in any case', () => {
    for (const key of [
      'http.request.header.authorization',
      'Authorization',
      'HTTP.REQUEST.HEADER.X-API-KEY',
      'http.response.header.set-cookie',
      'db.password',
      'user.card',
      'http.request.header.x-auth-token',
      'aws.secret_access_key',
    ])
      expect(`${key}: ${stored(key, 'value')}`).toBe(`${key}: ${HIDDEN}`);
  });

  it.each([
    ['url.full', 'https://a/b?x=1&api_key=s3cr3t&y=2#f', `https://a/b?x=1&api_key=${HIDDEN}&y=2#f`],
    ['url.query', 'token=s3cr3t', `token=${HIDDEN}`],
    ['url.full', 'https://bob:s3cr3t@host/path', `https://${HIDDEN}@host/path`],
    [
      'db.connection_string',
      'Server=db;User Id=sa;Password=s3cr3t;Encrypt=yes',
      `Server=db;User Id=sa;Password=${HIDDEN};Encrypt=yes`,
    ],
    [
      'db.query.text',
      "UPDATE users SET password = 's3cr3t' WHERE id = 4",
      `UPDATE users SET password = '${HIDDEN}' WHERE id = 4`,
    ],
    ['process.command_line', 'app --port 80 --password s3cr3t --x', `app --port 80 --password ${HIDDEN} --x`],
    ['process.command_line', 'app --db-password=s3cr3t -v', `app --db-password=${HIDDEN} -v`],
    ['http.request.body', '{"user":"bob","password":"s3\\"cr3t","age":4}', `{"user":"bob","password":"${HIDDEN}","age":4}`],
    [
      'http.request.body',
      '{"card_number": 4111, "access_token": {"a": ["s3cr3t"]}, "b": 1}',
      `{"card_number": "${HIDDEN}", "access_token": "${HIDDEN}", "b": 1}`,
    ],
    ['payload', '{"body":"{\\"token\\":\\"s3cr3t\\",\\"a\\":1}"}', `{"body":"{\\"token\\":\\"${HIDDEN}\\",\\"a\\":1}"}`],
    ['url.full', 'redis://:s3cr3t@cache:6379/0', `redis://${HIDDEN}@cache:6379/0`],
    ['db.query.text', "ALTER USER bob WITH PASSWORD 's3cr3t'", `ALTER USER bob WITH PASSWORD '${HIDDEN}'`],
    ['db.query.text', 'SET s:1 {"csrfToken":"s3cr3t"}', `SET s:1 {"csrfToken":"${HIDDEN}"}`],
    ['process.command_args', '["a","--api-key","s3cr3t"]', `["a","--api-key","${HIDDEN}"]`],
    ['log', 'Authorization: Basic czNjcjN0OnM=\r\nHost: a', `Authorization: ${HIDDEN}\r\nHost: a`],
    ['log', 'sent Bearer abcdef0123456789 to a', `sent ${HIDDEN} to a`],
    ['note', 'paid with 4111 1111 1111 1111, thanks', `paid with ${HIDDEN}, thanks`],
    ['note', 'on 2026-11-30 4111-1111-1111-1111', `on 2026-11-30 ${HIDDEN}`],
    ['note', '378282246310005 and 3782 822463 10005', `${HIDDEN} and ${HIDDEN}`],
    ['url.query', 'n=4111+1111+1111+1111&m=4111%201111%201111%201111', `n=${HIDDEN}&m=${HIDDEN}`],
  ])('within a value of %s: %s', (key, value, expected) => {
    expect(stored(key, value)).toBe(expected);
  });

  it('stands in names, events, links, status, scope, resource, lists, maps, bytes and numbers', () => {
    const secret = 'password=s3cr3t';
    const list = { arrayValue: { values: [{ stringValue: secret }, { kvlistValue: { values: [text('token', 's3cr3t')] } }] } };
    const options = { arrayValue: { values: ['--password', 's3cr3t', '--x', 'shown'].map((stringValue) => ({ stringValue })) } };
    const bytes = redacted(
      requestOf(
        {
          name: secret,
          traceState: 'a=password=s3cr3t',
          status: { code: 2, message: secret },
          attributes: [
            { key: 'list', value: list },
            { key: 'process.command_args', value: options },
            { key: 'number', value: { intValue: '4111111111111111' } },
            { key: 'raw', value: { bytesValue: Buffer.from(secret).toString('base64') } },
            text('password=s3cr3t', 'a key'),
          ],
          events: [{ name: secret, timeUnixNano: '1', attributes: [text('a', secret)] }],
          links: [{ traceId: '3'.repeat(32), spanId: '4'.repeat(16), attributes: [text('cookie', 's3cr3t')] }],
        },
        { resource: [text('env', secret)], scope: { name: secret, version: secret, attributes: [text('a', secret)] } },
      ),
    );
    expect(latin(bytes)).not.toMatch(/s3cr3t/);
    expect(latin(bytes)).toContain('shown');
    const { batches, leftOut } = decodeBytes(bytes ?? new Uint8Array(0), { strings: new StringTable(), format: 'otlp-proto' });
    expect([batches[0].count, leftOut, batches[0].events.count, batches[0].links.count]).toEqual([1, 0, 1, 1]);
    expect(latin(bytes)).not.toContain(String.fromCharCode(...new Uint8Array([0x18, 0x87])));
  });

  it('is what patterns of a person match, also those of which nothing must be there; one that cannot be used hides nothing', () => {
    const settings = (...redactPatterns: string[]): RedactionSettings => ({ redactKeys: [], redactPatterns });
    expect(stored('a', 'order 4711-x', settings('\\d{4}-\\w'))).toBe(`order ${HIDDEN}`);
    expect(stored('a', 'anything', settings('.+'))).toBe(HIDDEN);
    expect(stored('a', 'bob@example.org', settings('(', '\\w+@\\w+\\.org'))).toBe(HIDDEN);
    expect(stored('a', 'anything', settings('('))).toBe('anything');
    expect(stored('a', 'ABC', settings('(?i)abc'))).toBe(HIDDEN);
    expect(stored('a', 'color colour', settings('colou?r'))).toBe(`${HIDDEN} ${HIDDEN}`);
    expect(stored('a', 'xy', settings('x(?:abc)?y'))).toBe(HIDDEN);
  });

  it('is never the id of the session that spans belong to, but what else stands there', () => {
    const all = { redactKeys: ['*'], redactPatterns: ['.+'] };
    const id = '01234567-89ab-cdef-0123-456789abcdef';
    expect(stored(SESSION_KEY, id, all)).toBe(id);
    expect(stored(SESSION_KEY, 's3cr3t', all)).toBe(HIDDEN);
  });
});

describe('what is not hidden', () => {
  it.each([
    ['a trace id', 'trace.id', '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['an order number with the form of a card', 'order.id', '4000000000000002'],
    ['a number without a right check digit', 'reference', '4111111111111112'],
    ['a time in nanoseconds', 'note', 'at 1760000000000000000'],
    ['a fraction', 'ratio', '0.4111111111111111'],
    ['digits within a word', 'note', 'x4111111111111111'],
    [
      'a statement with place-holders',
      'db.query.text',
      'SELECT * FROM users WHERE token = $1 AND password = ? AND api_key = :key AND secret = %s',
    ],
    ['a document of GraphQL', 'graphql.document', 'mutation Login($password: String!) { login(password: $password) { token } }'],
    ['what a database says', 'exception.message', 'Access denied for user root (using password: YES)'],
    ['a switch', 'url.full', 'http://a/?page=1&tokens=5&password_reset=1'],
    ['a sentence', 'exception.message', 'Invalid password: must not be empty'],
    ['a route with a name that hides', 'http.route', '/users/:id/password'],
    ['a template', 'url.template', '/reset?token={token}'],
    ['counts of tokens', 'gen_ai.usage.input_tokens', '1200'],
    ['code', 'code.stacktrace', 'at token (file.js:1:2)\n    at Object.password (app.js:10:3)'],
    ['a class', 'code.function.name', 'com.shop.auth.TokenService::issue'],
  ])('%s', (_, key, value) => {
    expect(stored(key, value)).toBe(value);
  });

  it('leaves a request in which there is nothing the very bytes that came', () => {
    const bytes = requestOf({ attributes: [text('http.route', '/orders/:id'), text('url.full', 'http://a:80/b?c=d')] });
    expect(redacted(bytes)).toBe(bytes);
  });
});

describe('bytes that are not what they should be', () => {
  it('are not looked at, wherever they break off', () => {
    const bytes = requestOf({
      attributes: [text('a', 'password=s3cr3t'), text('b', 'x')],
      events: [{ name: 'e', timeUnixNano: '1' }],
    });
    for (let cut = 1; cut < bytes.length; cut++) {
      const result = redacted(bytes.subarray(0, cut));
      if (result) expect(latin(result)).not.toContain('s3cr3t');
    }
  });

  it('change nowhere what is stored of others: each wrong byte is refused or hides as much', () => {
    const bytes = requestOf({ attributes: [text('password', 'x'), text('a', 'b')] });
    for (let at = 0; at < bytes.length; at++) {
      const wrong = Uint8Array.from(bytes);
      wrong[at] ^= 0x81;
      expect(() => redacted(wrong)).not.toThrow();
    }
  });

  it('are refused where an attribute has two keys, or nests without end', () => {
    const twice = Uint8Array.of(0x0a, 12, 0x0a, 10, 0x0a, 8, 0x0a, 1, 0x61, 0x0a, 1, 0x62, 0x12, 0);
    expect(redacted(twice)).toBeUndefined();
    let value: Json = { stringValue: 's3cr3t' };
    for (let i = 0; i < 30; i++) value = { arrayValue: { values: [value] } };
    expect(redacted(requestOf({ attributes: [{ key: 'a', value }] }))).toBeDefined();
  });

  it('are looked through in a time that grows with them', () => {
    const long = 1 << 20;
    const nasty = [
      'a'.repeat(long),
      '4'.repeat(long),
      '4111 '.repeat(long / 5),
      'password:x y '.repeat(long / 13),
      'password="'.repeat(long / 10),
      '\\'.repeat(long),
      '"a":'.repeat(long / 4),
      'password={'.repeat(long / 10),
      '-a '.repeat(long / 3),
      `--a${' '.repeat(long)}`,
      'authorization: '.repeat(long / 15),
      '://a:b'.repeat(long / 6),
    ];
    for (const value of nasty) {
      const bytes = requestOf({ attributes: [text('a', value)] });
      const before = process.cpuUsage().user;
      redacted(bytes);
      expect(process.cpuUsage().user - before).toBeLessThan(3_000_000);
    }
  });
});
