// Queries of Go that functions of the same package make, in whatever file they stand.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

const handler = `package web

func (s *Server) Track(w http.ResponseWriter, r *http.Request) {
${Array.from({ length: 12 }, (_, i) => `	s.quay.Unknown${i}Thing(r)`).join('\n')}
	s.quay.HandleSail(r)
}
`;
const files = {
  'web/track.go': handler,
  'models/quay.go': `package models

func (q *Quay) HandleSail(r *http.Request) error {
	return q.note("sail")
}

func (q *Quay) note(text string) error {
	return AddSail(&Sail{Text: text}, q.ID)
}
`,
  'models/fleet.go': `package models

func AddSail(s *Sail, id int64) error {
	s.QuayID = id
	return db.Save(s).Error
}
`,
  'other/fleet.go': `package other

func AddSail(s *Sail, id int64) error {
	return db.Save(s).Error
}
`,
};

it('a query is found in a function of the same package, however many other names lead nowhere', async () => {
  const ancestor = {
    name: 'GET /track',
    service: '',
    kind: 1,
    language: 'go',
    attributes: { 'code.function.name': 'Track', 'code.file.path': '/app/web/track.go' },
  };
  const attributes = { 'db.query.text': 'INSERT INTO `sails` (`quay_id`,`text`) VALUES (?,?)' };
  const asked = {
    name: 'INSERT',
    scope: 'x',
    language: 'go',
    attributes,
    family: { ancestors: [ancestor], before: [], children: [] },
  };
  expect(await placeOf(asked, files)).toBe('models/fleet.go:5');
});
