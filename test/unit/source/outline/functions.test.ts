import { expect, it } from 'vitest';
import { functionAt, functionsNamed } from '../../../../src/source/outline/functions';

const named = (text: string, name: string): string =>
  functionsNamed(text.split('\n'), name)
    .map(({ start, end }) => `${start + 1}-${end}`)
    .join(' ');

it('may be called like a statement', () => {
  expect(
    named(
      'impl Cabin {\n    pub fn new(id: u8) -> Self {\n        Cabin { id }\n    }\n    pub async fn delete(&self) {\n    }\n}\n',
      'delete',
    ),
  ).toBe('5-6');
  expect(named('impl Cabin {\n    pub fn new(id: u8) -> Self {\n        Cabin { id }\n    }\n}\n', 'new')).toBe('2-4');
  expect(named('class Cabins {\n  delete(id) {\n    delete this.all[id];\n    delete(this.all);\n  }\n}\n', 'delete')).toBe(
    '2-5',
  );
  expect(named('def print(x):\n    pass\n', 'print')).toBe('1-2');
});

it('may be called like a statement of another language', () => {
  const text =
    'class Cabins {\n  async lock(\n    id: string,\n  ) {\n    return this.store.lock(id);\n  }\n  match(name: string) {\n    return 1;\n  }\n}\n';
  expect(named(text, 'lock')).toBe('2-6');
  expect(named(text, 'match')).toBe('7-9');
  const sharp = 'class Cabins {\n    public void Open() {\n        lock (this.gate) {\n            Run();\n        }\n    }\n}\n';
  expect(named(sharp, 'lock')).toBe('');
  expect(functionAt(sharp.split('\n'), 3)).toMatchObject({ name: 'Open' });
});

it('may have a type of its result over several lines', () => {
  expect(
    named(
      'class Cabins {\n  public async find(\n    id: string,\n  ): Promise<\n    Cabin & {\n      ship?: Ship[];\n    }\n  > {\n    return x;\n  }\n}\n',
      'find',
    ),
  ).toBe('2-10');
});

it('is the one below an attribute that takes several lines, with others and comments between them', () => {
  const text =
    'class CabinController(\n  private val store: CabinStore,\n) {\n  @PutMapping("/{id}")\n  @Operation(\n    summary = "Moves",\n  )\n  // asked inside\n  @Allow\n  fun move(\n    id: Long,\n  ): Cabin {\n    return store.move(id)\n  }\n\n  fun all() = store.all()\n}\n';
  expect(functionAt(text.split('\n'), 3)).toMatchObject({ name: 'move', start: 9, end: 14 });
});
