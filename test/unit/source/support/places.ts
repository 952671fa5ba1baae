/** Routes of a small program, and the line that a person would open for each. */
import { expect } from 'vitest';
import { placeOf } from './memory';

/** Files by their path below the workspace folder. */
export type Files = Readonly<Record<string, string>>;

/** `wanted`: a request as a server's span has it (`GET /orders/:id`), and `path:line`. */
export async function places(
  language: string,
  files: Files,
  wanted: readonly (readonly [request: string, place: string])[],
): Promise<void> {
  const found: [string, string][] = [];
  for (const [request] of wanted) {
    const [method, route] = request.split(' ');
    const attributes = { 'http.request.method': method, 'http.route': route };
    found.push([request, await placeOf({ name: request, language, kind: 2, attributes }, files)]);
  }
  expect(found).toEqual(wanted);
}
