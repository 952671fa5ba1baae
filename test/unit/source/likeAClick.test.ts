// What CodeLens asks of many spans leads where a click on each of them does: by what it states, by the stack of its call, else by its texts.
import { expect, it } from 'vitest';
import { resolveSpan } from '../../../src/source';
import { type Asked, hintsOf, memoryPorts, shown } from './support/memory';

const files = {
  'src/pay.ts': `export function charge(order) {
  return db.insert(order);
}
`,
  'src/shop/orders.ts': `export function list() {
  return charge();
}
`,
  'examples/checkout/list.ts': `export function checkoutAll() {
  return 1;
}
`,
};

const click = async (span: Asked): Promise<readonly string[]> => {
  const { service = '', language, scope, ...more } = { name: '', kind: 1, attributes: {}, ...span };
  const resource = { ...(language ? { 'telemetry.sdk.language': language } : {}) };
  const asked = { ...more, service, resource, events: [], logs: [], ...(scope ? { scope: { name: scope } } : {}) };
  return shown(await resolveSpan(asked as Parameters<typeof resolveSpan>[0], memoryPorts(files), { pathMappings: {} }));
};

it.each<[string, Asked, string]>([
  [
    'a file that is here',
    {
      name: 'x',
      attributes: { 'code.file.path': '/app/src/shop/orders.ts', 'code.function.name': 'list', 'code.line.number': '2' },
    },
    'src/shop/orders.ts:2',
  ],
  [
    'a function of a file that is not',
    { name: 'x', attributes: { 'code.filepath': '/app/dist/bundle.js', 'code.lineno': '1', 'code.function': 'charge' } },
    'src/pay.ts:1',
  ],
  [
    'a stack of its call',
    {
      name: 'charge',
      language: 'nodejs',
      attributes: {
        'code.stacktrace':
          'at send (/app/lib/agent.js:1:1)\n    at list (/app/src/shop/orders.ts:2:10)\n    at run (/app/lib/main.js:3:1)',
      },
    },
    'src/shop/orders.ts:2',
  ],
  ['a function alone', { name: 'x', attributes: { 'code.function.name': 'charge' } }, 'src/pay.ts:1'],
  ['samples of a service that is one', { name: 'checkoutAll', service: 'examples' }, 'examples/checkout/list.ts:1'],
])('%s', async (_, span, expected) => {
  const told = shown(await hintsOf(span, files));
  expect(told[0]?.replace(/ .*/, '')).toBe(expected);
  expect(told).toEqual(await click(span));
});
