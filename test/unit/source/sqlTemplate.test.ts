// SQL in the source with holes, and the statement that came of it.
import { describe, expect, it } from 'vitest';
import { sqlTokens } from '../../../src/source/queries/sql';
import { matchTemplate, sqlTemplate } from '../../../src/source/queries/sqlTemplate';
import { placeOf } from './support/memory';

const match = (statement: string, source: string): number | undefined => matchTemplate(sqlTokens(statement), sqlTemplate(source));

describe('SQL with holes', () => {
  it('has no text that the apostrophe of a comment begins', () => {
    const text = "UPDATE cabins SET width = ( -- what doesn't fit\n  SELECT max(width) FROM beds\n), deck = ? WHERE id = ?";
    expect(sqlTokens(text).slice(3, 11)).toEqual(['width', '=', '(', 'select', 'max', '(', 'width', ')']);
  });

  it('is the statement where all between the holes stands in it, in order', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the hole of a template is what is read.
    const list = 'SELECT id, deck FROM cabins WHERE deck IN (${join(decks)}) ${only(x, { y: 1 })} ORDER BY number';
    expect(match('SELECT id, deck FROM cabins WHERE deck IN ($1,$2) AND ship = $3 ORDER BY number', list)).toBe(1);
    expect(match('SELECT id, deck FROM cabins WHERE deck IN ($1,$2) ORDER BY number', list)).toBe(1);
    expect(match('SELECT id, deck FROM ships WHERE deck IN ($1,$2) ORDER BY number', list)).toBeUndefined();
    expect(match('SELECT id, deck FROM cabins WHERE deck IN ($1)', list)).toBeUndefined();
    const names =
      'SELECT [c].[Id] AS [{nameof(Dto.Id)}], [c].[Deck] AS [{nameof(Dto.Deck)}] FROM [v_Cabins] AS [c] WHERE [c].[Id] = @Id';
    expect(match('SELECT [c].[Id] AS [Id], [c].[Deck] AS [Deck] FROM [v_Cabins] AS [c] WHERE [c].[Id] = @Id', names)).toBe(1);
  });

  it('may have what is put in within quotes of its own', () => {
    const sums =
      "SELECT d.label AS label, SUM(CAST(d.value AS {$cast})) FROM quay_tide d WHERE d.berth = '{$id}' AND d.kind = '{$kind}' GROUP BY d.label";
    expect(
      match(
        "SELECT d.label AS label, SUM(CAST(d.value AS DOUBLE PRECISION)) FROM quay_tide d WHERE d.berth = '9a' AND d.kind = 'ebb' GROUP BY d.label",
        sums,
      ),
    ).toBe(1);
  });

  it('says little where it is short, and nothing without holes', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the hole of a template is what is read.
    expect(match('SELECT id, deck FROM cabins WHERE deck = 1 AND ship = 2', 'SELECT ${columns} FROM ${table}')).toBeUndefined();
    expect(sqlTemplate('SELECT id FROM cabins')).toEqual([]);
  });

  it('takes as long as the text is', () => {
    const begun = performance.now();
    for (const text of ['{'.repeat(8_000), '{a}'.repeat(2_600), '${'.repeat(4_000), 'select ? '.repeat(800)])
      match('select ? '.repeat(900), text);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it('leads to its line', async () => {
    const files = {
      'src/cabins.rb':
        "def free\n  sql = <<~SQL\n    SELECT cabins.deck, COUNT(*) AS free\n    FROM cabins\n    WHERE cabins.ship_id IN (#{ids.join(',')})\n      AND cabins.closed = false\n    GROUP BY cabins.deck\n  SQL\nend\n",
    };
    const text =
      'SELECT cabins.deck, COUNT(*) AS free FROM cabins WHERE cabins.ship_id IN (?, ?) AND cabins.closed = ? GROUP BY cabins.deck';
    expect(await placeOf({ name: 'SELECT', attributes: { 'db.statement': text } }, files)).toBe('src/cabins.rb:3');
  });
});

it('is of the file that names the table which is put in, of many that are alike', async () => {
  const store = (table: string): string => `const TABLE = '${table}';
export class Store {
  async exists(name) {
    return this.db.raw(\`SELECT EXISTS (SELECT 1 FROM \${TABLE} WHERE name = ?) AS present\`, [name]);
  }
}
`;
  const others = Object.fromEntries([...Array(30).keys()].map((n) => [`src/a${n}-store.ts`, store(`a${n}s`)]));
  const text = 'SELECT EXISTS (SELECT 1 FROM kite_types WHERE name = ?) AS present';
  const span = { name: 'raw', kind: 3, language: 'nodejs', attributes: { 'db.statement': text } };
  expect(await placeOf(span, { ...others, 'src/kite-type-store.ts': store('kite_types') })).toBe('src/kite-type-store.ts:4');
});

it('tells the queries of a table apart that have its name nowhere', async () => {
  const files = {
    'src/crews.ts': `const { table, fields } = namesOf(Crews);
export const crewQueries = (pool) => {
  const countCrewsByShips = async (ships) =>
    pool.any(sql\`
      select \${fields.ship} as "ship", count(*) from \${table}
      where \${fields.ship} in (\${sql.join(ships)}) group by \${fields.ship}
    \`);
  const findCrewsByShips = async (ships) =>
    pool.any(sql\`
      select \${sql.join(fields)} from (select *, row_number() over (partition by \${fields.ship}) as rn from \${table}
        where \${fields.ship} in (\${sql.join(ships)})) as ranked where ranked.rn <= 3
    \`);
};
`,
  };
  const text = 'select "ship" as "ship", count(*) from "crews" where "ship" in ($1, $2) group by "ship"';
  const ancestor = { name: 'list', service: '', kind: 1, language: 'nodejs', attributes: { 'code.function.name': 'list' } };
  const caller = {
    'src/list.ts': 'export async function list(ctx) {\n  await findCrewsByShips(ctx.a);\n  await countCrewsByShips(ctx.a);\n}\n',
  };
  const span = {
    name: 'SELECT',
    attributes: { 'db.query.text': text },
    family: { ancestors: [ancestor], before: [], children: [] },
  };
  expect(await placeOf(span, { ...files, ...caller })).toBe('src/crews.ts:4');
});
