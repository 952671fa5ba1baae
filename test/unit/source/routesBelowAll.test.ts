// Paths that are looked for where the route of a server's span takes all below one.
import { expect, it } from 'vitest';
import { pathsBelowWildcard } from '../../../src/source/routes/routeHints';

it.each([
  ['/dock/v1/quays/keys/*', '/dock/v1/quays/keys/anna7', ['/dock/v1/quays/keys/anna7']],
  ['/dock/v1/*', '/dock/v1/quays/keys', ['/dock/v1/quays/keys', '/quays/keys']],
  ['/dock/*', '/dock/quays', ['/dock/quays', '/quays']],
])('%s of %s: one word below a longer path is a value, and no route of its own', (route, path, expected) => {
  const attributes = { 'http.route': route, 'url.path': path };
  expect(pathsBelowWildcard({ kind: 2, attributes }).map(({ text }) => text)).toEqual(expected);
});
