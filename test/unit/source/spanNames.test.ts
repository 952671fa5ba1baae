// Names of spans that a program puts together, takes from a constant, or gives to a helper of its own.
import { describe, expect, it } from 'vitest';
import { fill, spanNameNeedles } from '../../../src/source/spanNames/template';
import { hintsOf, placeOf, shown } from './support/memory';

type Files = Record<string, string>;

describe('a template', () => {
  it.each<[string, string, string, string, readonly string[] | undefined]>([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the hole of a template is what is read.
    ['orders.${name}', 'orders.list', '(', ')', ['list']],
    ['{x} publish', 'orders publish', '$', ')', ['orders']],
    ['%s.load.%d', 'orders.load.7', '(', ',', ['orders', '7']],
    ['#{a}/b/#{c}', '1/b/2', '', '', undefined],
    ['orders.', 'orders.list', '(', ' + name)', ['list']],
    [' publish', 'orders publish', 'start(topic + ', ')', ['orders']],
    [' publish', 'orders publish', 'start(', ')', undefined],
    ['publish', 'orderspublish', 'start(topic + ', ')', undefined],
    ['orders {x}', 'orders ', '', '', undefined],
    ['{x}{y}{z}', 'orders', '', '', undefined],
  ])('%s of %s', (template, name, before, after, values) => {
    expect(fill(template, name, before, after, false)?.values).toEqual(values);
  });

  it('is asked for by what of it may be fixed', () => {
    expect(spanNameNeedles('orders.list')).toEqual([
      'orders.list',
      '"orders.',
      "'orders.",
      '`orders.',
      '}.list',
      '".list"',
      "'.list'",
    ]);
    expect(spanNameNeedles('process order 17')).toEqual(['process order 17', 'process order']);
    expect(spanNameNeedles('checkout')).toEqual(['checkout']);
    expect(spanNameNeedles('load page')).toEqual(['load page', 'load ', '} page', '" page"', "' page'"]);
  });

  it('is read in bounded time', () => {
    const before = performance.now();
    for (const text of ['{'.repeat(300), '%'.repeat(300), '{a}'.repeat(100), '${'.repeat(150)])
      fill(text, text.repeat(10), '', '', true);
    for (const text of ['.'.repeat(4_000), 'a.'.repeat(2_000), '1'.repeat(4_000)]) spanNameNeedles(text);
    expect(performance.now() - before).toBeLessThan(200);
  });
});

describe('a name that is made', () => {
  it.each<[string, string, string, Files]>([
    [
      'Python',
      'orders.refund',
      'a.py:2',
      { 'a.py': 'def refund():\n    with tracer.start_as_current_span(f"orders.{step}"):\n        pass\n' },
    ],
    ['C#', 'invoice publish', 'A.cs:2', { 'A.cs': 'class A {\n  void B() { source.StartActivity($"{topic} publish"); }\n}\n' }],
    [
      'Go',
      'shop.charge',
      'a.go:4',
      { 'a.go': 'package a\n\nfunc run(op string) {\n\tctx, span := tracer.Start(ctx, "shop."+op)\n}\n' },
    ],
    [
      'Java',
      'ledger.settle',
      'A.java:2',
      { 'A.java': 'class A {\n  Span s = tracer.spanBuilder(area + ".settle").startSpan();\n}\n' },
    ],
    ['Ruby', 'till.count', 'a.rb:1', { 'a.rb': 'tracer.in_span("till.#{action}") do\nend\n' }],
    ['Rust', 'import rows', 'a.rs:1', { 'a.rs': 'let span = tracer.start(format!("import {}", what));\n' }],
    ['PHP', 'till.open', 'a.php:2', { 'a.php': "<?php\n$span = $tracer->spanBuilder('till.' . $action)->startSpan();\n" }],
  ])('is found by what is fixed of it: %s', async (_, name, place, files) => {
    expect(await placeOf({ name }, files)).toBe(place);
  });
});

describe('one step further', () => {
  const files: Files = {
    'src/names.ts': "export const SETTLE_INVOICE = 'invoice.settle';\nexport const TITLE = 'invoice.title';\n",
    'src/invoice.ts': `import { SETTLE_INVOICE } from './names';
log(SETTLE_INVOICE);
tracer.startActiveSpan(SETTLE_INVOICE, (span) => {});
`,
    'src/within.ts': `export function within(step, work) {
  return tracer.startActiveSpan(\`checkout.\${step}\`, work);
}
export function around(name, work) {
  return tracer.startActiveSpan(name, work);
}
`,
    'src/checkout.ts': `within('reserve', () => reserve());
within('charge', () => charge());
around('stock check', () => check());
label('stock label', () => check());
`,
    'src/label.ts': 'export function label(text, work) {\n  return print(text, work);\n}\n',
    'shop/__init__.py': '__all__ = [\n    "refund_order",\n]\n',
    'shop/orders.py': 'def refund_order(order):\n    pass\n',
  };

  it.each([
    ['invoice.settle', 'src/invoice.ts:3'],
    ['invoice.title', 'src/names.ts:2'],
    ['checkout.charge', 'src/checkout.ts:2'],
    ['stock check', 'src/checkout.ts:3'],
    ['refund_order', 'shop/orders.py:1'],
  ])('is where the name is used: %s', async (name, place) => {
    expect(await placeOf({ name }, files)).toBe(place);
  });

  it('is no surer than what was found on the way', async () => {
    expect(shown(await hintsOf({ name: 'checkout.charge' }, files))).toEqual(['src/checkout.ts:2 0.75', 'src/within.ts:2 0.45']);
    expect(shown(await hintsOf({ name: 'stock check' }, files))[0]).toBe('src/checkout.ts:3 0.80');
    expect(shown(await hintsOf({ name: 'stock label' }, files))[0]).toBe('src/checkout.ts:4 0.45');
  });
});
