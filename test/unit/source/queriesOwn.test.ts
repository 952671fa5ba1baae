// Queries that a model or a repository makes by methods of its own: called on itself, on nothing, or told by a text of the ORM's language.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

const around = (path: string, name: string, language: string) => ({
  language,
  family: {
    ancestors: [{ name, service: '', kind: 1, language, attributes: { 'code.function.name': name, 'code.file.path': path } }],
    before: [],
    children: [],
  },
});

const doctrine = {
  'src/Controller/BoatController.php': `<?php
class BoatController
{
    public function show(BoatRepository $boats, int $harbour): Response
    {
        return $this->json($boats->findAllByHarbour($harbour));
    }

    public function reset(BoatRepository $boats): Response
    {
        $boats->removeAllOf($this->getUser());
    }
}
`,
  'src/Repository/BoatRepository.php': `<?php
class BoatRepository extends ServiceEntityRepository
{
    public function findAllByHarbour(int $harbour): array
    {
        return $this->getBuilder()
            ->andWhere('b.harbour = :harbour')->setParameter('harbour', $harbour)
            ->getQuery()
            ->getResult();
    }

    public function removeAllOf(User $user): void
    {
        $this->getEntityManager()
            ->createQuery('DELETE FROM App\\Entity\\Boat b WHERE b.user = :user')
            ->setParameter('user', $user)
            ->execute();
    }
}
`,
};

it.each<[string, string, string]>([
  ['show', 'SELECT f0_.id AS id_0 FROM `fleet_boat` f0_ WHERE f0_.harbour_id = ?', 'src/Repository/BoatRepository.php:6'],
  ['reset', 'DELETE FROM `fleet_boat` WHERE user_id = ?', 'src/Repository/BoatRepository.php:14'],
])('%s leads to the repository of a table with a word before it', async (name, text, place) => {
  const span = { name: 'PDO::prepare', scope: 'io.opentelemetry.contrib.php.pdo', attributes: { 'db.query.text': text } };
  expect(await placeOf({ ...span, ...around('src/Controller/BoatController.php', name, 'php') }, doctrine)).toBe(place);
});

it('is made by a model on nothing but itself, and never by its head', async () => {
  const files = {
    'app/jobs/tidy_job.rb': 'class TidyJob\n  def perform\n    Boat.scrap_old\n  end\nend\n',
    'app/models/boat.rb':
      'class Boat < ApplicationRecord\n  belongs_to :harbour\n\n  def self.scrap_old\n    where("built_at < ?", 40.years.ago)\n      .delete_all\n  end\nend\n',
  };
  const span = { name: 'Boat.delete_all', scope: 'OpenTelemetry::Instrumentation::ActiveRecord', attributes: {} };
  expect(await placeOf({ ...span, ...around('app/jobs/tidy_job.rb', 'perform', 'ruby') }, files)).toBe('app/models/boat.rb:5');
  expect(await placeOf({ ...span, language: 'ruby' }, { 'app/models/boat.rb': 'class Boat < ApplicationRecord\nend\n' })).toBe(
    '',
  );
});
