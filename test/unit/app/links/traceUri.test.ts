import { expect, it } from 'vitest';
import { URI } from 'vscode-uri';
import { linkTo, readLink } from '../../../../src/app/links/traceUri';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

it('reads links as it writes them', () => {
  const link = linkTo({ traceId, backend: 'Jaeger & co', spanId }, 'vscode-insiders');
  expect(link).toMatch(/^vscode-insiders:\/\/spanhop\.spanhop\/trace\//);
  expect(readLink(URI.parse(link))).toEqual({ traceId, backend: 'Jaeger & co', spanId });
  expect(readLink(URI.parse(`vscode://spanhop.spanhop/trace/${traceId.toUpperCase()}`))).toEqual({ traceId });
});

it('does not name a file, which is on this machine only', () => {
  expect(linkTo({ traceId, backend: 'file:///home/me/a.otlp.json' }, 'vscode')).toBe(`vscode://spanhop.spanhop/trace/${traceId}`);
});

it.each(['/', '/trace/', '/trace/xyz', '/other/1', `/trace/${traceId}/more`, `/trace/${traceId}?span=zz`])(
  'says what is wrong with %s',
  (wrong) => {
    expect(() => readLink(URI.parse(`vscode://spanhop.spanhop${wrong}`))).toThrow(expect.objectContaining({ name: 'BadQuery' }));
  },
);
