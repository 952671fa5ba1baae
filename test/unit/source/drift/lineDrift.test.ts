// A file as it was and as it is, and one line of it, marked with `→` in both: where it was, and where it must be found.

import { describe, expect, it } from 'vitest';
import { mapLines } from '../../../../src/source/drift/lineDiff';
import { driftOfLine } from '../../../../src/source/drift/lineDrift';
import { splitLines } from '../../../../src/source/outline/textLines';

function marked(text: string): { lines: readonly string[]; line: number } {
  const lines = splitLines(text.replace(/^\n/, ''));
  const line = lines.findIndex((each) => each.includes('→'));
  return { lines: lines.map((each) => each.replace('→', '')), line };
}

function drift(file: string, before: string, after: string): string {
  const then = marked(before);
  const now = marked(after);
  const found = driftOfLine(file, mapLines(then.lines, now.lines), then.line);
  const where = now.line < 0 || found.line === now.line ? '' : ` at ${found.line}, not ${now.line}`;
  const called = found.calledNow === undefined ? '' : `, now ${found.calledNow}`;
  return `${found.kind}${found.functionName === undefined ? '' : ` ${found.functionName}`}${called}${found.lineGone ? ', without the line' : ''}${where}`;
}

const charge = `
import { rates } from './rates';

export class Payments {
  async charge(order: Order): Promise<Receipt> {
    const total = order.items.reduce((sum, item) => sum + item.price, 0);
    if (total <= 0) {
→      throw new RangeError('nothing to charge');
    }
    return this.gateway.send(total);
  }

  refund(order: Order): void {
    if (!order.paid) {
      throw new Error('not paid');
    }
    this.gateway.refund(order.total);
  }
}
`;

describe('what became of a line', () => {
  it('is nothing where the text is the same, whatever ends its lines', () => {
    expect(drift('a.ts', charge, charge)).toBe('same charge');
    expect(drift('a.ts', charge, `\uFEFF${charge.replace(/^\n/, '').replaceAll('\n', '\r\n')}`)).toBe('same charge');
    expect(drift('a.ts', charge, charge.trimEnd())).toBe('same charge');
  });

  it('moved with lines that were inserted or removed above', () => {
    expect(drift('a.ts', charge, charge.replace("'./rates';", "'./rates';\nimport a from 'a';\nimport b from 'b';"))).toBe(
      'moved charge',
    );
    expect(drift('a.ts', charge, charge.replace("import { rates } from './rates';\n\n", ''))).toBe('moved charge');
  });

  it('moved with its function, also to another class and another indentation', () => {
    const method = / {2}async charge[\s\S]*?\n {2}}\n\n/.exec(charge)?.[0] ?? '';
    const below = charge.replace(method, '').replace(/}\n$/, `\n${method.trimEnd()}\n}\n`);
    expect(drift('a.ts', charge, below)).toBe('moved charge');
    const outside = `${charge.replace(method, '')}\n${method.replace(/^ {2}/gm, '').replace('async charge', 'async function charge')}`;
    expect(drift('a.ts', charge, outside)).toBe('changed charge');
  });

  it('does not count white space and comments as a change', () => {
    const wrapped = charge
      .replace('const total = ', '// The sum of it.\n    const total =\n      ')
      .replace('(total <= 0)', '( total <= 0 )');
    expect(drift('a.ts', charge, wrapped)).toBe('moved charge');
  });

  it('tells that another line of its function changed', () => {
    expect(drift('a.ts', charge, charge.replace('total <= 0', 'total < 0'))).toBe('changed charge');
    expect(drift('a.ts', charge, charge.replace("'not paid'", "'unpaid'"))).toBe('same charge');
  });

  it('finds the line that it was edited to', () => {
    expect(drift('a.ts', charge, charge.replace("'nothing to charge'", "'nothing at all to charge'"))).toBe('changed charge');
  });

  it('stays in the function that was rewritten', () => {
    const rewritten = charge.replace(
      /(async charge[^\n]*\n)[\s\S]*?\n {2}}\n/,
      '$1→    return await pay({ amount: sumOf(order), currency });\n  }\n',
    );
    expect(drift('a.ts', charge, rewritten)).toBe('changed charge, without the line');
  });

  it('is gone with its function, and is not taken for a line of another one', () => {
    const gone = charge.replace(/ {2}async charge[\s\S]*?\n {2}}\n\n/, '').replace('  refund', '→  refund');
    expect(drift('a.ts', charge, gone)).toBe('gone charge, without the line');
  });

  it('tells the name that a function has now', () => {
    expect(drift('a.ts', charge, charge.replace('async charge', 'async chargeOrder'))).toBe('changed charge, now chargeOrder');
  });

  it('of two functions with the same lines stays in its own', () => {
    const twins = `
func a(w http.ResponseWriter) {
	if err := call(); err != nil {
		return
	}
	done()
}

func b(w http.ResponseWriter) {
	if err := call(); err != nil {
→		return
	}
	done()
}
`;
    const more = twins.replace('func a', 'func z() {\n\tif err := call(); err != nil {\n\t\treturn\n\t}\n}\n\nfunc a');
    expect(drift('a.go', twins, more)).toBe('moved b');
    const swapped = `${/func b[\s\S]*/.exec(twins)?.[0]}\n${/func a[\s\S]*?\n}\n/.exec(twins)?.[0]}`;
    expect(drift('a.go', twins, swapped)).toBe('moved b');
  });

  it('without a function is the line itself', () => {
    const script = `
import { start } from './start';
const port = Number(process.env.PORT);
→start(port, { quiet: true });
`;
    expect(drift('a.ts', script, script)).toBe('same');
    expect(drift('a.ts', script, script.replace('quiet: true', 'quiet: false'))).toBe('changed');
    expect(drift('a.ts', script, script.replace(/→.*\n/, ''))).toBe('gone, without the line');
  });

  it.each([
    [
      'py',
      'def charge(order):\n    total = sum(order)\n→    raise ValueError(total)\n',
      'total = sum(order)',
      'total = max(order)',
    ],
    [
      'py',
      'class A:\n    @traced\n    async def charge(\n        self, order\n    ) -> int:\n→        return order.total\n',
      'self, order',
      'self, order, more',
    ],
    ['go', 'func (s *Server) charge(ctx context.Context) error {\n\tx := 1\n→\treturn pay(ctx)\n}\n', 'x := 1', 'x := 2'],
    [
      'rs',
      'impl Shop {\n    pub async fn charge<T>(&self) -> u8 {\n        let x = 1;\n→        pay(self)\n    }\n}\n',
      'let x = 1',
      'let x = 2',
    ],
    [
      'java',
      'class A {\n    @Override\n    public Receipt charge(Order order) throws IOException {\n        int x = 1;\n→        return pay(order);\n    }\n}\n',
      'int x = 1',
      'int x = 2',
    ],
    [
      'cs',
      'class A\n{\n    public async Task<int> charge(\n        Order order)\n    {\n        var x = 1;\n→        return await pay(order);\n    }\n}\n',
      'var x = 1',
      'var x = 2',
    ],
    ['rb', 'class A\n  def charge(order)\n    x = 1\n→    pay(order)\n  end\nend\n', 'x = 1', 'x = 2'],
    [
      'php',
      '<?php\nclass A\n{\n    public function charge(Order $order): int\n    {\n        $x = 1;\n→        return pay($order);\n    }\n}\n',
      '$x = 1',
      '$x = 2',
    ],
    [
      'kt',
      'class A {\n    suspend fun charge(order: Order): Int {\n        val x = 1\n→        return pay(order)\n    }\n}\n',
      'val x = 1',
      'val x = 2',
    ],
    [
      'ts',
      'export const charge = async (order: Order): Promise<void> => {\n  const x = 1;\n→  await pay(order);\n};\n',
      'const x = 1',
      'const x = 2',
    ],
    [
      'ts',
      'const handlers = {\n  charge: async (order) => {\n    const x = 1;\n→    await pay(order);\n  },\n};\n',
      'const x = 1',
      'const x = 2',
    ],
    [
      'js',
      'exports.charge = function (order) {\n  const x = 1;\n  return tracer.startActiveSpan("x", async (span) => {\n→    await pay(order);\n  });\n};\n',
      'const x = 1',
      'const x = 2',
    ],
    [
      'cpp',
      'int Shop::charge(const Order& order) const {\n  int x = 1;\n#ifdef FAST\n→  return pay(order);\n#endif\n}\n',
      'int x = 1',
      'int x = 2',
    ],
  ])('knows functions of %s (%#)', (ending, before, old, now) => {
    expect(drift(`a.${ending}`, before, before)).toBe('same charge');
    expect(drift(`a.${ending}`, before, `\n\n${before.replace('<?php', '<?php ')}`)).toBe('moved charge');
    expect(drift(`a.${ending}`, before, before.replace(old, now))).toBe('changed charge');
    const marker = /\.?(?:py|rb)$/.test(ending) ? '#' : '//';
    expect(
      drift(`a.${ending}`, before, before.replace(new RegExp(`(${old.replaceAll('$', '\\$')}.*)`), `$1 ${marker} why`)),
    ).toBe('same charge');
  });
});
