// Queries of Entity Framework: parameters that are called after variables, statements of SQL Server that begin with an alias, LINQ in words.
import { expect, it } from 'vitest';
import { byParameters, parametersOf } from '../../../src/source/queries/namedParameters';
import { Words } from '../../../src/source/queries/sourceWords';
import { readStatement } from '../../../src/source/queries/statement';
import { placeOf } from './support/memory';

const files = {
  'src/Data/ShopContext.cs':
    'public class ShopContext : DbContext\n{\n    public DbSet<Pier> Piers { get; set; }\n    public DbSet<Mooring> Moorings { get; set; }\n}\n',
  'src/Piers/PierCleaner.cs': `public class PierCleaner
{
    public async Task Drop(int[] harbourIds)
    {
        await _db.Piers.Where(x => harbourIds.Contains(x.HarbourId) && x.Closed).ExecuteDeleteAsync();
    }

    public async Task Tidy()
    {
        var oldIds = await _db.Harbours.Select(x => x.Id).ToListAsync();
        await _db.Piers.Where(x => oldIds.Contains(x.HarbourId) && x.Closed).ExecuteDeleteAsync();
    }
}
`,
  'src/Piers/Moorings.cs': `public class Moorings
{
    public async Task<List<Mooring>> Near(double reach)
    {
        var query =
            from m in _db.Moorings
            where m.Depth <= reach && m.IsFree
            select new
            {
                Mooring = m,
                Last = m.Stays.OrderByDescending(s => s.Until).FirstOrDefault()
            };
        return await Retry(() => query.ToListAsync());
    }

    public async Task<List<Mooring>> Deep(double least)
    {
        return await _db.Moorings.Where(m => m.Depth >= least).ToListAsync();
    }
}
`,
};

const asked = (statement: string) => ({
  name: 'shop',
  kind: 3,
  language: 'dotnet',
  scope: 'OpenTelemetry.Instrumentation.EntityFrameworkCore',
  attributes: { 'db.system': 'mssql', 'db.statement': statement },
});

it.each([
  [
    'DELETE FROM [p]\nFROM [Piers] AS [p]\nWHERE [p].[HarbourId] IN (@oldIds1, @oldIds2) AND [p].[Closed] = ?',
    'src/Piers/PierCleaner.cs:11',
  ],
  ['DELETE FROM "Piers" AS p\nWHERE p."HarbourId" = ANY (@__harbourIds_0) AND p."Closed"', 'src/Piers/PierCleaner.cs:5'],
  [
    'SELECT [m].[Id], [m].[Depth], [m].[IsFree], [s].[Id], [s].[Until] FROM [Moorings] AS [m] WHERE [m].[Depth] <= @reach AND [m].[IsFree] = CAST(? AS bit)',
    'src/Piers/Moorings.cs:6',
  ],
])('%s', async (statement, place) => {
  expect(await placeOf(asked(statement), files)).toBe(place);
});

it('reads what a statement that begins with an alias is about', () => {
  expect(readStatement('UPDATE [o] SET [o].[Paid] = ? FROM [Orders] AS [o] WHERE [o].[Id] = @id')?.tables).toEqual(['Orders']);
  expect(readStatement('DELETE FROM [orders] FROM [orders] AS [orders]')?.tables).toEqual(['orders']);
});

it('takes variables from the names of parameters, and nothing from those that have none', () => {
  expect(parametersOf('WHERE a = @__order_Id_0 AND b = @code AND c IN (@ids1, @ids2) AND d = @__8__locals1_reach_3')).toEqual([
    ['order', 'Id'],
    ['code'],
    ['ids'],
    ['reach'],
  ]);
  expect(parametersOf('WHERE a = @p0 AND b = @__p_1 AND c = @P2 AND d = $1 AND e = ? AND f@gate')).toEqual([]);
  const told = [['order', 'Id']];
  expect(byParameters('Find(order.Id)', new Words(''), told)).toBeCloseTo(1.2);
  expect(byParameters('Find(key)', new Words('order Id'), told)).toBeCloseTo(0.4);
  expect(byParameters('Find(key)', new Words(''), told)).toBeCloseTo(-0.8);
  expect(byParameters('Find(key)', new Words(''), [])).toBe(0);
});

it('is made by a repository on nothing but itself, and not by what others ask it for', async () => {
  const repository = {
    'src/Piers/PierRepository.cs': `public class PierRepository : BasicRepository<Pier>, IPierRepository
{
    public List<int> AllCodes()
    {
        return conn.Query<int>("SELECT \\"Code\\" FROM \\"Piers\\"").ToList();
    }

    public Pier FindByCode(int code)
    {
        return Query(p => p.Code == code).SingleOrDefault();
    }
}
`,
    'src/Piers/InMemoryPierRepository.cs':
      'public class InMemoryPierRepository : IPierRepository\n{\n    public Pier FindByCode(int code)\n    {\n        return _piers.Values.Where(p => p.Code == code).SingleOrDefault();\n    }\n}\n',
  };
  const controller =
    'public class PierController : Controller\n{\n    public IActionResult Show(int code)\n    {\n        return Ok(_pierRepository.FindByCode(code));\n    }\n}\n';
  const statement = 'SELECT "Piers".* FROM "Piers"  WHERE ("Piers"."Code" = @Clause1_P1)';
  const language = 'dotnet';
  const around = { 'code.function': 'Show', 'code.namespace': 'PierController' };
  const ancestors = [{ name: 'Show', service: '', kind: 2, language, attributes: around }];
  const family = { ancestors, before: [], children: [] };
  const attributes = { 'db.system': 'postgresql', 'db.statement': statement };
  const all = { ...repository, 'src/Piers/PierController.cs': controller };
  expect(await placeOf({ name: 'main', kind: 3, language, attributes, family }, all)).toBe('src/Piers/PierRepository.cs:10');
});
