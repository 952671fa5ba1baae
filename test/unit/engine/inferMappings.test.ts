// The engine reads build files for the host, with everybody else served in between.
import { expect, it } from 'vitest';
import { failure, InProcessEngine } from '../../support/inProcessEngine';

const folder = { uri: 'file:///home/dev/shop', name: 'shop' };
const file = (name: string, text: string): { uri: string; text: string } => ({ uri: `${folder.uri}/${name}`, text });

it('answers mappings and problems of all files', async () => {
  const files = [
    file('services/cart/Dockerfile', 'FROM node\nCOPY . /app'),
    file('compose.yaml', 'services: { cart: { build: services/cart } }'),
    file('.vscode/launch.json', '{'),
    file('README.md', '# no build file'),
  ];
  const { mappings, problems } = await new InProcessEngine().call('inferMappings', { files, folders: [folder] });
  expect(mappings.map(({ prefix, target, origin }) => `${prefix} ${target} ${origin}`)).toEqual([
    '/app file:///home/dev/shop/services/cart compose.yaml, service cart (COPY)',
  ]);
  expect(problems).toMatchObject([{ file: `${folder.uri}/.vscode/launch.json`, line: 0 }]);
});

it('can be cancelled, and lets others have a turn', async () => {
  const services = Array.from({ length: 400 }, (_, i) => `  s${i}: { build: ., volumes: ["./a${i}:/a"] }`).join('\n');
  const files = Array.from({ length: 40 }, (_, i) => file(`${i}/compose.yaml`, `services:\n${services}`));
  const engine = new InProcessEngine();
  const giveUp = new AbortController();
  const work = failure(engine.call('inferMappings', { files, folders: [folder] }, giveUp.signal));
  await engine.call('memory', {});
  setImmediate(() => giveUp.abort());
  expect(await work).toMatch(/^Cancelled/);
});
