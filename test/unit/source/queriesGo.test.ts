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

it('is reached through what is bound by a type argument, an interface and a helper for all types', async () => {
  const files = {
    'web/gauge.go': `package web

func Adjust(c *gin.Context) {
	input := Bound[*tide.PatchGauge](c, tide.PatchGaugeParams{})
	//	res := input.Update(c, current(c))
	err := input.Patch(c)
	valid = append(valid, gauge)
}

func Weigh(c *gin.Context) {
	input := Bound[*tide.WeighGauge](c, tide.WeighParams{})
	err := input.Weigh(c)
}

type Handler struct {
	gauges stores.IGaugeKeeper
}

func (h *Handler) Fill(w http.ResponseWriter, r *http.Request) {
	if err := h.gauges.InsertBatch(read(r)); err != nil {
		fail(w, err)
	}
}
`,
    'service/tide/setting.go': `package tide

func (s *PatchGauge) Patch(c *gin.Context) error {
	return stored(c).RenameGauge(c, current(c), *s.Name)
}

func (s *WeighGauge) Weigh(c *gin.Context) error {
	count, err := stored(c).CountGauges(c, s.ID)
	return err
}
`,
    'service/other.go': 'package service\n\nfunc (s *OtherInput) Patch(c *gin.Context) error {\n\treturn nil\n}\n',
    'store/gauge.go': `package store

func (k *GaugeKeeper) InsertBatch(gauges []*models.Gauge) error {
	return InsertChunked[*models.Gauge](gauges, &models.Gauge{}, k.db)
}

func (k *OtherKeeper) InsertBatch(others []*models.Other) error {
	return InsertChunked[*models.Other](others, &models.Other{}, k.db)
}

func (k *keeper) RenameGauge(ctx context.Context, g *ent.Gauge, name string) (*ent.Gauge, error) {
	return k.client.Gauge.UpdateOne(g).SetName(name).Save(ctx)
}

func (k *keeper) CountGauges(ctx context.Context, id int) (int, error) {
	return k.client.Station.Query().Where(station.ID(id)).QueryGauges().Count(ctx)
}
`,
    'ent/schema/gauge.go':
      'package schema\n\nfunc (Gauge) Fields() []ent.Field {\n\treturn []ent.Field{field.String("name")}\n}\n',
  };
  const place = (handler: string, text: string): Promise<string> => {
    const attributes = { 'code.function.name': handler, 'code.file.path': '/app/web/gauge.go' };
    const parent = { name: handler, service: '', kind: 1, language: 'go', attributes };
    const family = { ancestors: [parent], before: [], children: [] };
    const scope = 'github.com/XSAM/otelsql';
    return placeOf(
      { name: 'sql.conn.exec', scope, language: 'go', kind: 3, attributes: { 'db.query.text': text }, family },
      files,
    );
  };
  expect(await place('Adjust', 'UPDATE "gauges" SET "updated_at" = $1, "name" = $2 WHERE "id" = $3')).toBe('store/gauge.go:12');
  const count = 'SELECT COUNT(*) FROM "gauges" JOIN (SELECT "stations"."id" FROM "stations" WHERE "stations"."id" = $1) AS "t1"';
  expect(await place('Weigh', `${count} ON "gauges"."station_gauges" = "t1"."id"`)).toBe('store/gauge.go:16');
  expect(await place('Fill', 'INSERT INTO `gauges` (`name`,`level`) VALUES ("a",1) ON CONFLICT DO NOTHING')).toBe(
    'store/gauge.go:4',
  );
});

it('is gone on with in the variable that it is begun in', async () => {
  const files = {
    'store/log.go': `package store

func (s *Store) Pages(ctx context.Context) (logs []model.TideLog, err error) {
	err = s.db.WithContext(ctx).Preload("Gauge").Find(&logs).Error
	return logs, err
}

func (s *Store) Names(ctx context.Context) (names []string, err error) {
	query := s.db.
		WithContext(ctx).
		Model(&model.TideLog{})
	query = query.
		Select("DISTINCT json_extract(data, '$.name') AS name").
		Where("json_extract(data, '$.name') IS NOT NULL")
	return names, query.Find(&names).Error
}
`,
  };
  const text =
    "SELECT DISTINCT json_extract(data, '$.name') AS name FROM `tide_logs` WHERE json_extract(data, '$.name') IS NOT NULL";
  const span = { name: 'select tide_logs', scope: 'gorm.io/plugin/opentelemetry', language: 'go', kind: 3 };
  expect(await placeOf({ ...span, attributes: { 'db.query.text': text } }, files)).toBe('store/log.go:12');
});
