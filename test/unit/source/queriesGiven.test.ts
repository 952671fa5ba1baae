// Queries that are begun by a module's function, an association of somebody, or a helper that is given the row.
import { expect, it } from 'vitest';
import { type Asked, placeOf } from './support/memory';

const under = (
  attributes: Record<string, string>,
  language: string,
  text: string,
  files: Record<string, string>,
): Promise<string> => {
  const asked: Asked = {
    name: text.split(' ', 1)[0],
    language,
    kind: 3,
    scope: language === 'python' ? 'opentelemetry.instrumentation.sqlalchemy' : '',
    attributes: { 'db.system': 'postgresql', 'db.statement': text },
    family: { ancestors: [{ name: 'GET', service: '', language, kind: 2, attributes }], before: [], children: [] },
  };
  return placeOf(asked, files);
};

it('modules of Elixir', async () => {
  const files = {
    'lib/quay/docks/docks.ex': `defmodule Quay.Docks do
  alias Quay.Docks.Berths

  def get(name, preload \\\\ []) do
    Repo.get_by(Dock, name: name)
    |> Repo.preload(preload)
  end

  def preload(dock, preload) do
    Repo.preload(dock, preload)
  end

  def close(dock) do
    if Berths.used(dock) == 0, do: Repo.update(Dock.close(dock))
  end
end
`,
    'lib/quay/docks/berths.ex': `defmodule Quay.Docks.Berths do
  def all(dock) do
    Repo.all(assoc(dock, :dock_berths))
  end

  def used(dock) do
    Repo.aggregate(assoc(dock, :dock_berths), :count)
  end
end
`,
    'lib/quay/tags/short_urls.ex': `defmodule Quay.ShortURLs do
  def get(code) do
    Repo.get_by(ShortURL, code: code)
  end
end
`,
    'lib/quay/tags/short_url.ex': `defmodule Quay.ShortURL do
  defp free?(code) do
    Repo.get_by(ShortURL, code: code) |> is_nil()
  end
end
`,
    'lib/quay_web/controllers/dock_controller.ex': `defmodule QuayWeb.DockController do
  def show(conn, %{"name" => name}) do
    render(conn, :show, dock: Docks.get(name))
  end

  def close(conn, %{"name" => name}) do
    Docks.close(Docks.get(name))
  end

  def short(conn, %{"code" => code}) do
    render(conn, :short, url: ShortURLs.get(code))
  end
end
`,
  };
  const ask = (action: string, text: string): Promise<string> =>
    under({ 'phoenix.plug': 'QuayWeb.DockController', 'phoenix.action': action }, 'erlang', text, files);
  expect([
    await ask('show', 'SELECT d0."id", d0."name" FROM "docks" AS d0 WHERE (d0."name" = $1)'),
    await ask('close', 'SELECT count(*) FROM "dock_berths" AS d0 WHERE (d0."dock_id" = $1)'),
    await ask('short', 'SELECT s0."id", s0."url", s0."code" FROM "short_urls" AS s0 WHERE (s0."code" = $1)'),
  ]).toEqual(['lib/quay/docks/docks.ex:5', 'lib/quay/docks/berths.ex:7', 'lib/quay/tags/short_urls.ex:3']);
});

it('associations of Ruby', async () => {
  const files = {
    'app/controllers/admin_controller.rb': `class AdminController < ApplicationController
  def cabins
    @cabins = Cabin.includes(:deck).order(created_at: :desc)
  end
end
`,
    'app/controllers/cabins_controller.rb': `class CabinsController < ApplicationController
  def index
    if params[:deck_id]
      @cabins = @deck.cabins.includes(:user, :deck).order(created_at: :desc)
    else
      @cabins = current_user.cabins.includes(:user, :deck).order(created_at: :desc)
    end
  end

  def destroy
    job = enqueue(operation: 'cabin.delete')
    run(job)
  end

  def update
    cabin.update!(cabin_params)
  end

  def update_order
    params[:ids].each_with_index do |id, i|
      current_user.cabins.find(id).update(place: i)
    end
  end
end
`,
    'app/models/sweeper.rb': `class Sweeper
  def sweep(id)
    Towel.where(cabin_id: id).delete_all
  end
end
`,
  };
  const ask = (action: string, text: string): Promise<string> =>
    under({ 'code.namespace': 'CabinsController', 'code.function': action }, 'ruby', text, files);
  expect([
    await ask('index', 'SELECT "cabins".* FROM "cabins" WHERE "cabins"."user_id" = $1 ORDER BY "cabins"."created_at" DESC'),
    await ask('index', 'SELECT "cabins".* FROM "cabins" WHERE "cabins"."deck_id" = $1 ORDER BY "cabins"."created_at" DESC'),
    await ask('destroy', 'DELETE FROM "towels" WHERE "towels"."cabin_id" = $1'),
    await ask('update_order', 'UPDATE "cabins" SET "place" = $1 WHERE "cabins"."id" = $2'),
  ]).toEqual([
    'app/controllers/cabins_controller.rb:6',
    'app/controllers/cabins_controller.rb:4',
    'app/models/sweeper.rb:3',
    'app/controllers/cabins_controller.rb:21',
  ]);
});

it('helpers for all tables', async () => {
  const files = {
    'tide/database.py': `from tide.extensions import db


def get(model, value, field="id"):
    return session_query(model).filter(column(model, field) == value).scalar()


def delete(model):
    if model:
        db.session.delete(model)
        db.session.commit()
`,
    'tide/buoys/service.py': `from tide import database
from tide.buoys.models import Buoy


def get(buoy_id):
    return database.get(Buoy, buoy_id)


def remove(buoy_id):
    buoy = get(buoy_id)
    if buoy:
        database.delete(buoy)
`,
    'tide/buoys/models.py': 'class Buoy(Base):\n    __tablename__ = "buoys"\n',
    'tide/buoys/views.py': `from tide.buoys import service


class Buoys(Resource):
    def delete(self, buoy_id):
        service.remove(buoy_id)
        return {"result": True}
`,
  };
  const ask = (text: string): Promise<string> =>
    under({ 'code.function.name': 'tide.buoys.views.Buoys.delete' }, 'python', text, files);
  expect([
    await ask('DELETE FROM buoys WHERE buoys.id = %(id)s'),
    await ask('SELECT buoys.id AS buoys_id, buoys.name AS buoys_name FROM buoys WHERE buoys.id = %(id_1)s'),
  ]).toEqual(['tide/buoys/service.py:12', 'tide/buoys/service.py:6']);
});

it('neighbours that ask by other columns', async () => {
  const files = {
    'tide/models.py':
      'class Berth(Base):\n    __tablename__ = "berth"\n\n\nclass BerthFile(Base):\n    __tablename__ = "berth_file"\n',
    'tide/repository.py': `from tide.models import Berth, BerthFile


class TideRepository:
    def papers_by_quay(self, quay_id):
        stmt = (
            select(BerthFile).join(Berth).where(Berth.quay_id == quay_id)
        )
        return self.db.execute(stmt).scalars().all()

    def papers(self, berth_id):
        stmt = select(BerthFile).where(BerthFile.berth_id == berth_id)
        return self.db.execute(stmt).scalars().all()
`,
    'tide/service.py': `from tide.repository import TideRepository


class TideService:
    def __init__(self, repository: TideRepository):
        self.repository = repository

    def show(self, berth):
        return self.repository.papers(berth.id)
`,
    'tide/events.rb': `class Events
  def of_ship(ship)
    TideEvent.create(
      state: ship.state,
      quay_guid: ship.quay_guid,
      quay_name: ship.quay.name,
      dock_guid: ship.dock_guid
    )
  end

  def of_buoy(buoy)
    TideEvent.create(
      state: buoy.state,
      quay_guid: buoy.quay_guid,
      quay_name: buoy.quay.name,
      buoy_guid: buoy.guid
    )
  end
end
`,
  };
  const insert =
    'INSERT INTO "tide_events" ("state", "old_state", "kind", "old_kind", "count", "old_count", "memory", "old_memory", "quay_guid", "quay_name", "org_guid", "space_guid", "space_name", "buoy_guid") VALUES (?)';
  expect([
    await under(
      { 'code.function.name': 'tide.service.TideService.show' },
      'python',
      'SELECT berth_file.berth_id, berth_file.path FROM berth_file JOIN berth ON berth.id = berth_file.berth_id WHERE berth.quay_id = %(quay_id_1)s',
      files,
    ),
    await under({}, 'ruby', insert, files),
  ]).toEqual(['tide/repository.py:7', 'tide/events.rb:12']);
});

it('whether the database answers', async () => {
  const files = {
    'tide/health.py': `@mod.route("/healthcheck")
def health():
    try:
        if check(db):
            return "ok"
    except Exception:
        return "failed"


def check(db):
    with db.engine.connect() as connection:
        connection.execute("SELECT 1;")
    return True
`,
    'tide/other.py': `def ping(db):
    db.execute(text("SELECT 1"))
    db.execute("SELECT 1 FROM hulls")
`,
  };
  const route = { 'http.route': '/healthcheck', 'http.method': 'GET' };
  expect([await under(route, 'python', 'SELECT 1;', files), await under(route, 'python', 'SELECT ?', files)]).toEqual([
    'tide/health.py:12',
    'tide/health.py:12',
  ]);
});

it('scopes, members that may be nothing, and lists of Ruby', async () => {
  const files = {
    'app/controllers/chores_controller.rb': `class ChoresController < ApplicationController
  def update
    @chore = Chore.tracked_by(current_user).find(params[:id])
    if @chore.update(chore_params)
      update_sidebar
    end
  end

  def uncomplete
    @chore = Chore.tracked_by(current_user).find(params[:id])
    @chore&.update(completed_at: nil, completed_by: nil)

    update_sidebar
    respond_with(@chore)
  end

  private

  def update_sidebar
    @chore_total = Chore.totals(current_user, @view)
    filters = @chore_total.keys.select { |key| key != :all && @chore_total[key] != 0 }.join(",")
    session[name] = filters unless filters.blank?
  end
end
`,
  };
  const ask = (text: string): Promise<string> =>
    under({ 'code.namespace': 'ChoresController', 'code.function': 'uncomplete' }, 'ruby', text, files);
  expect([
    await ask('SELECT "chores".* FROM "chores" WHERE (user_id = $1 OR assigned_to = $2) AND "chores"."id" = $3 LIMIT $4'),
    await ask('UPDATE "chores" SET "completed_at" = $1, "completed_by" = $2, "updated_at" = $3 WHERE "chores"."id" = $4'),
  ]).toEqual(['app/controllers/chores_controller.rb:10', 'app/controllers/chores_controller.rb:11']);
});
