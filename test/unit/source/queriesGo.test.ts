// Queries of Go: through types that a package keeps to itself, and packages whose functions are in any of their files.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

it('may be of a type that Go keeps to a package, and in any file of a package', async () => {
  const files = {
    'internal/web/berth.go': `package web

type berthService interface {
	FindByID(ctx context.Context, id int) (*Berth, error)
}

type berthHandler struct {
	service berthService
}

func (h berthHandler) show(w http.ResponseWriter, r *http.Request) {
	berth, err := h.service.FindByID(r.Context(), id)
}
`,
    'internal/tide/service.go': `package tide

func (s *service) FindByID(ctx context.Context, id int) (*Tide, error) {
	return s.repo.FindByID(ctx, id)
}
`,
    'internal/berth/service.go': `package berth

import "example.org/quay/internal/db"

func (s *service) FindByID(ctx context.Context, id int) (*Berth, error) {
	return db.BerthOf(ctx, id)
}
`,
    'internal/db/base.go': 'package db\n\nfunc Open() {}\n',
    'internal/db/queries.go': `package db

func BerthOf(ctx context.Context, id int) (*Berth, error) {
	query := builder.
		Select("id", "name").
		From("berth").
		Where(Eq{"id": id})
	return one(ctx, query)
}

func TideOf(ctx context.Context, id int) (*Tide, error) {
	query := builder.
		Select("id").
		From("tide").
		Where(Eq{"berth": id})
	return one(ctx, query)
}
`,
  };
  const attributes = { 'code.function.name': 'show', 'code.file.path': '/app/internal/web/berth.go' };
  const asked = {
    name: 'sql.conn.query',
    scope: 'github.com/XSAM/otelsql',
    language: 'go',
    kind: 3,
    attributes: { 'db.query.text': 'SELECT id, name FROM berth WHERE id = ?' },
    family: { ancestors: [{ name: 'show', service: '', kind: 1, language: 'go', attributes }], before: [], children: [] },
  };
  expect(await placeOf(asked, files)).toBe('internal/db/queries.go:4');
});
