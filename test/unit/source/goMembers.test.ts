// Calls of Go on what another package declares: a member of a struct, what a method gives; and handlers behind many middlewares.
import { expect, it } from 'vitest';
import { resolveSpan, type SourcePorts } from '../../../src/source';
import { memberCalledOn } from '../../../src/source/callees/goMembers';
import { memorySearch } from './support/search';
import { memoryWorkspace } from './support/workspace';

const files = {
  'file:///w/api/boats.go': `package api

func (a *Api) UpdateBoat(w http.ResponseWriter, r *http.Request) {
	boat, err := a.repos.Boats.Update(r.Context(), idOf(r))
	write(w, boat, err)
}

func (a *Api) DropBoat(w http.ResponseWriter, r *http.Request) {
	err := store.Handle.Boats().Update(r.Context(), idOf(r))
	write(w, nil, err)
}
`,
  'file:///w/store/all.go': `package store

type Repos struct {
	Crews *CrewRepository
	Boats *BoatRepository
}

func (db *DB) Boats() *BoatRepository {
	return db.boats
}
`,
  'file:///w/store/repo_boat.go': `package store

func (r *CrewRepository) Update(ctx context.Context, id int) error {
	return r.db.Exec(ctx, update, id)
}

func (r *BoatRepository) Update(ctx context.Context, id int) (*Boat, error) {
	return r.db.Boat.UpdateOneID(id).SetLevel(2).Save(ctx)
}
`,
  'file:///w/api/middleware.go': `package api

func mwTenant(next http.Handler) http.Handler {
	return tenant(next)
}

func mwUser(next http.Handler) http.Handler {
	return user(next)
}

func mwRoles(next http.Handler) http.Handler {
	return roles(next)
}

func mwLimit(next http.Handler) http.Handler {
	return limit(next)
}

func mwTrace(next http.Handler) http.Handler {
	return trace(next)
}
`,
};

const ports: SourcePorts = { workspace: memoryWorkspace(['file:///w'], files), search: memorySearch(files) };

it.each(['UpdateBoat', 'DropBoat'])('leads from %s through five middlewares to the store', async (handler) => {
  const named = (name: string, kind = 1) => ({ name, service: 'harbour', kind, attributes: { 'code.function.name': name } });
  const ancestors = [
    ...['mwTrace', 'mwLimit', 'mwRoles', 'mwUser', 'mwTenant'].map((name) => named(`api.${name}`)),
    named(`api.(*Api).${handler}`, 2),
  ];
  const attributes = { 'db.system': 'sqlite', 'db.query.text': 'UPDATE `boats` SET `level` = ? WHERE `id` = ?' };
  const span = { name: 'sql.conn.exec', service: 'harbour', kind: 3, attributes, resource: {}, events: [] };
  const family = { ancestors, before: [], children: [] };
  const [best] = (await resolveSpan({ ...span, family }, ports, { pathMappings: {} })).candidates;
  expect(`${best?.file} ${best?.line}`).toBe('file:///w/store/repo_boat.go 7');
  expect(best?.confidence).toBeGreaterThan(0.5);
});

it('takes no step of a chain for a member', () => {
  const on = (text: string, name: string) => {
    const column = text.lastIndexOf(`${name}(`);
    const receiver = text.includes(').') ? '.' : text.slice(0, column - 1);
    return memberCalledOn({ name, receiver, line: 0, column }, receiver.split('.').filter(Boolean), text);
  };
  expect(on('db.Where("a = ?", 1).First(&boat)', 'First')).toBeUndefined();
  expect(on('r.Context().Done()', 'Done')).toBeUndefined();
  expect(on('s.repos.Boats.Update(ctx)', 'Update')).toBe('Boats');
  expect(on('store.Handle.Boats().Update(ctx)', 'Update')).toBe('Boats');
});
