// Queries of Exposed, of LINQ in words, of collections that a class names; SQL in strings whose quotes stand otherwise.
import { describe, expect, it } from 'vitest';
import { hintsOf, placeOf } from './support/memory';

describe('queries in further notations', () => {
  const q = async (
    files: Record<string, string>,
    language: string,
    scope: string,
    text: string,
    system = 'h2',
  ): Promise<string> =>
    await placeOf({ name: 'SELECT', language, kind: 3, scope, attributes: { 'db.system': system, 'db.statement': text } }, files);
  const exposed = {
    'src/main/kotlin/dock/table/BoatTable.kt': `object BoatTable : IntIdTable() {
    val name = varchar("name", 32)
    val dock = reference("dock", DockTable)
    val lastPaintedAt = long("last_painted_at").default(0)
}
`,
    'src/main/kotlin/dock/Boats.kt': `object Boats {
    fun get(id: Int): Boat {
        val row = transaction { BoatTable.selectAll().where { BoatTable.id eq id }.first() }
        return row
    }
    fun ofDock(dockId: Int) = transaction {
        BoatTable
            .selectAll()
            .where { BoatTable.dock eq dockId }
            .orderBy(BoatTable.name to SortOrder.ASC)
            .map { BoatTable.toData(it) }
    }
    fun add(name: String, dock: Int) {
        transaction {
            BoatTable.insertAndGetId {
                it[BoatTable.name] = name
                it[BoatTable.dock] = dock
            }
        }
    }
    fun paint(id: Int) {
        transaction {
            BoatTable.update({ BoatTable.id eq id }) {
                it[lastPaintedAt] = 3
            }
        }
    }
    fun remove(ids: List<Int>) {
        transaction {
            BoatTable.deleteWhere { BoatTable.id inList ids }
        }
    }
}
`,
  };
  it('exposed', async () => {
    const jdbc = 'io.opentelemetry.jdbc';
    expect([
      await q(exposed, 'java', jdbc, 'SELECT BOAT.ID, BOAT."NAME", BOAT.DOCK, BOAT.LAST_PAINTED_AT FROM BOAT WHERE BOAT.ID = ?'),
      await q(
        exposed,
        'java',
        jdbc,
        'SELECT BOAT.ID, BOAT."NAME", BOAT.DOCK, BOAT.LAST_PAINTED_AT FROM BOAT WHERE BOAT.DOCK = ? ORDER BY BOAT."NAME" ASC',
      ),
      await q(exposed, 'java', jdbc, 'INSERT INTO BOAT ("NAME", DOCK, LAST_PAINTED_AT) VALUES (?, ?, ?)'),
      await q(exposed, 'java', jdbc, 'UPDATE BOAT SET LAST_PAINTED_AT=? WHERE BOAT.ID = ?'),
      await q(exposed, 'java', jdbc, 'DELETE FROM BOAT WHERE BOAT.ID IN (?)'),
    ]).toEqual(['3', '7', '15', '23', '30'].map((line) => `src/main/kotlin/dock/Boats.kt:${line}`));
  });
  const mongo = {
    'Data/MongoBoatRepository.cs': `public sealed partial class MongoBoatRepository : MongoRepositoryBase<MongoBoatEntity>, IBoatRepository
{
    protected override string CollectionName()
    {
        return "Fleet_Boats";
    }

    public async Task<List<Boat>> QueryAllAsync(string dockId, CancellationToken ct = default)
    {
        using (Telemetry.Activities.StartActivity("MongoBoatRepository/QueryAllAsync"))
        {
            var entities =
                await Collection.Find(x => x.DockId == dockId && !x.IsDeleted)
                    .ToListAsync(ct);
            return entities;
        }
    }

    public async Task<Boat?> FindAsync(string name, CancellationToken ct = default)
    {
        var entity =
            await Collection.Find(x => x.IndexedName == name)
                .FirstOrDefaultAsync(ct);
        return entity;
    }
}
`,
  };
  it('mongo dotnet', async () => {
    const ask = async (text: string): Promise<string> =>
      await placeOf(
        {
          name: 'mongodb.find',
          language: 'dotnet',
          kind: 3,
          scope: 'MongoDB.Driver.Core.Extensions.DiagnosticSources',
          attributes: {
            'db.system': 'mongodb',
            'db.mongodb.collection': 'Fleet_Boats',
            'db.operation': 'find',
            'db.statement': text,
          },
        },
        mongo,
      );
    expect([
      await ask('{"find": "Fleet_Boats", "filter": {"_di": "x", "DockId": "?", "IsDeleted": "?"}}'),
      await ask('{"find": "Fleet_Boats", "filter": {"IndexedName": "?"}, "limit": 1}'),
    ]).toEqual(['Data/MongoBoatRepository.cs:12', 'Data/MongoBoatRepository.cs:21']);
  });
  const mongoid = {
    'app/models/boat.rb': `class Boat
  include Mongoid::Document

  def self.moored_at(dock)
    where(dock_id: dock.id).order_by(name: 1).to_a
  end

  def self.paint(id, colour)
    where(_id: id).find_one_and_update({"$set" => {colour: colour, painted_at: Time.now}})
  end
end
`,
    'app/controllers/boats_controller.rb': `class BoatsController < ApplicationController
  def index
    @boats = Boat.moored_at(dock)
    @sunk = Boat.where(sunk: true, harbour: params[:harbour]).to_a
  end

  def destroy
    Boat.where(_id: params[:id]).delete_all
    Boat.paint(params[:other], "red")
  end
end
`,
  };
  it('mongo ruby', async () => {
    const ask = async (action: string, operation: string, text: string): Promise<string> =>
      await placeOf(
        {
          name: `boats.${operation}`,
          language: 'ruby',
          kind: 3,
          scope: 'OpenTelemetry::Instrumentation::Mongo',
          attributes: {
            'db.system': 'mongodb',
            'db.mongodb.collection': 'boats',
            'db.operation': operation,
            'db.statement': text,
          },
          family: {
            ancestors: [
              {
                name: action,
                service: '',
                attributes: { 'code.namespace': 'BoatsController', 'code.function': action },
                kind: 2,
              },
            ],
            before: [],
            children: [],
          },
        },
        mongoid,
      );
    expect([
      await ask('index', 'find', '{"filter":{"sunk":"?","harbour":"?"}}'),
      await ask('index', 'find', '{"filter":{"dock_id":"?"},"sort":{"name":1}}'),
      await ask('destroy', 'delete', '{"deletes":[{"q":{"_id":"?"}}]}'),
      await ask('destroy', 'findAndModify', '{"query":{"_id":"?"},"update":{"$set":{"colour":"?","painted_at":"?"}}}'),
    ]).toEqual([
      'app/controllers/boats_controller.rb:4',
      'app/models/boat.rb:5',
      'app/controllers/boats_controller.rb:8',
      'app/models/boat.rb:9',
    ]);
  });
  const linq = {
    'Data/BoatRepository.cs': `public class BoatRepository : Repository<Boat>
{
    public async Task<ICollection<Boat>> ByDock(Guid dockId)
    {
        using (var scope = Factory.CreateScope())
        {
            var db = GetContext(scope);
            var query = from b in db.Boats
                        where b.DockId == dockId
                        select b;
            var boats = await query.ToListAsync();
            return Mapper.Map<List<Core.Entities.Boat>>(boats);
        }
    }
    public async Task<Boat?> One(Guid id)
    {
        return await db.Boats.FindAsync(id);
    }
}
`,
  };
  it('linq', async () => {
    expect(
      await q(
        linq,
        'dotnet',
        'OpenTelemetry.Instrumentation.EntityFrameworkCore',
        'SELECT b."Id", b."DockId", b."Name"\nFROM "Boat" AS b\nWHERE b."DockId" = @dockId',
        'postgresql',
      ),
    ).toBe('Data/BoatRepository.cs:8');
  });

  it('SQL with quotes in a string of quotes', async () => {
    const files = {
      'Data/CrateStore.cs': `public class CrateStore
{
    public void Close(int dock)
    {
        connection.Execute("UPDATE \\"Crates\\" SET \\"Closed\\" = @closed WHERE \\"Dock\\" = @dock AND \\"Closed\\" != @closed", new { dock });
    }
    public void Sweep()
    {
        connection.Execute(@"DELETE FROM ""Crates""
                             WHERE ""Dock"" IS NULL");
    }
}
`,
    };
    const scope = 'Npgsql';
    expect(
      await q(
        files,
        'dotnet',
        scope,
        'UPDATE "Crates" SET "Closed" = @closed WHERE "Dock" = @dock AND "Closed" != @closed',
        'postgresql',
      ),
    ).toBe('Data/CrateStore.cs:5');
    expect(
      await q(files, 'dotnet', scope, 'DELETE FROM "Crates"\n                             WHERE "Dock" IS NULL', 'postgresql'),
    ).toBe('Data/CrateStore.cs:9');
  });

  it('a span of a database that is called like it says nothing by that', async () => {
    const files = { 'Config.cs': 'class Config\n{\n    string Main => Get("dock-main");\n}\n' };
    const attributes = { 'db.system': 'postgresql', 'db.name': 'dock-main', 'db.statement': 'SELECT 1 FROM "Crates"' };
    expect(
      (await hintsOf({ name: 'dock-main', language: 'dotnet', kind: 3, scope: 'Npgsql', attributes }, files)).candidates,
    ).toEqual([]);
  });
});
