// Sessions of SQLAlchemy write where they commit what their objects were given; Elixir's clauses, marks and jobs.
import { describe, expect, it } from 'vitest';
import { hintsOf, placeOf, shown } from './support/memory';

const around = (path: string, name: string, language: string) => ({
  language,
  family: {
    ancestors: [{ name, service: '', kind: 1, language, attributes: { 'code.function.name': name, 'code.file.path': path } }],
    before: [],
    children: [],
  },
});

it('an update of SQLAlchemy', async () => {
  const files = {
    'fen/models.py': 'class Reed(Base):\n    __tablename__ = "reeds"\n    state = Column(String)\n',
    'fen/service.py': `from fen.models import Reed


def cut(session, reed_id):
    reed = session.get(Reed, reed_id)
    session.commit()
    reed.state = "cut"
    session.commit()
`,
  };
  const attributes = { 'db.statement': 'UPDATE reeds SET state=%(state)s WHERE reeds.id = %(reeds_id)s' };
  const scope = 'opentelemetry.instrumentation.sqlalchemy';
  expect(await placeOf({ name: 'UPDATE fen', scope, attributes, ...around('fen/service.py', 'cut', 'python') }, files)).toBe(
    'fen/service.py:8',
  );
});

describe('Elixir', () => {
  const files = {
    'lib/fen_web/live/reed_live.ex': `defmodule FenWeb.ReedLive do
  use FenWeb, :live_view

  def handle_event("cut", %{"id" => id}, socket) do
    {:noreply, socket}
  end

  def handle_event("take-away", _params, socket) do
    Fen.Reeds.get_reed!(1)
  end
end
`,
    'lib/fen/reeds.ex': `defmodule Fen.Reeds do
  def get_reed!(id) do
    Repo.get!(Reed, id)
  end
end
`,
    'lib/fen/workers/mower.ex': `defmodule Fen.Workers.Mower do
  use Oban.Worker

  def perform(_job) do
    %{} |> Fen.Workers.Baler.new() |> Oban.insert()
  end
end
`,
    'lib/fen/workers/baler.ex': 'defmodule Fen.Workers.Baler do\n  use Oban.Worker\n\n  def perform(_job) do\n  end\nend\n',
  };
  const job = (worker: string, kind: number): Promise<string> =>
    placeOf({ name: 'process default', language: 'erlang', kind, attributes: { 'oban.job.worker': worker } }, files);

  it('events of a live view by their clauses', async () => {
    expect(
      shown(await hintsOf({ name: 'FenWeb.ReedLive.handle_event#take-away', language: 'erlang', kind: 2 }, files))[0],
    ).toMatch(/^lib\/fen_web\/live\/reed_live.ex:8 0\.75/);
  });

  it('queries in functions with a mark', async () => {
    const attributes = { 'db.statement': 'SELECT r0."id" FROM "reeds" AS r0 WHERE (r0."id" = $1)', source: 'reeds' };
    const event = around('lib/fen_web/live/reed_live.ex', 'FenWeb.ReedLive.handle_event#take-away', 'erlang');
    expect(await placeOf({ name: 'fen.repo.query:reeds', attributes, ...event }, files)).toBe('lib/fen/reeds.ex:3');
  });

  it('jobs, and who hands them over', async () => {
    expect(await job('Fen.Workers.Mower', 5)).toBe('lib/fen/workers/mower.ex:4');
    expect(await job('Fen.Workers.Baler', 4)).toBe('lib/fen/workers/mower.ex:5');
  });
});
