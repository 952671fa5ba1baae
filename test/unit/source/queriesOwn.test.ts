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

it('is counted by what Laravel calls the sum, not by what gets the rows', async () => {
  const files = {
    'app/Http/Controllers/TideController.php': `<?php
class TideController
{
    public function index()
    {
        $tides = DB::table('tides');
        $total = $tides->count();
        $tides->orderBy('height', 'asc');
        $rows = $tides->skip(0)->take(20)->get();
    }
}
`,
  };
  const attributes = { 'db.system.name': 'mysql', 'db.query.text': 'select count(*) as aggregate from `tides`' };
  const asked = { name: 'sql SELECT', scope: 'io.opentelemetry.contrib.php.laravel', language: 'php', kind: 3, attributes };
  expect(await placeOf(asked, files)).toBe('app/Http/Controllers/TideController.php:7');
});

it('compares what is null and what is not, of models that are all called so', async () => {
  const attributes = (text: string) => ({ 'db.system.name': 'postgresql', 'db.query.text': text });
  const php = {
    'src/Entity/Berth.php': "<?php\n#[ORM\\Table(name: 'quay_berth')]\nclass Berth\n{\n}\n",
    'src/Repository/BerthRepository.php': `<?php
class BerthRepository extends ServiceEntityRepository
{
    public function findFree(): array
    {
        return $this
            ->createQueryBuilder('b')
            ->andWhere('b.leftAt IS NULL')
            ->getQuery()
            ->getResult()
        ;
    }

    public function findLeft(): array
    {
        return $this
            ->createQueryBuilder('b')
            ->andWhere('b.leftAt IS NOT NULL')
            ->getQuery()
            ->getResult()
        ;
    }
}
`,
  };
  const doctrine = { name: 'PDO::prepare', scope: 'io.opentelemetry.contrib.php.pdo', language: 'php', kind: 3 };
  const text = 'SELECT q0_.id AS id_0, q0_.left_at AS left_at_1 FROM quay_berth q0_ WHERE q0_.left_at IS NOT NULL';
  expect(await placeOf({ ...doctrine, attributes: attributes(text) }, php)).toBe('src/Repository/BerthRepository.php:16');
  const rust = {
    'src/model/berth_rule.rs': '#[derive(DeriveEntityModel)]\n#[sea_orm(table_name = "berth_rule")]\npub struct Model {}\n',
    'src/model/berth.rs': '#[derive(DeriveEntityModel)]\n#[sea_orm(table_name = "berths")]\npub struct Model {}\n',
    'src/model/prelude.rs': 'pub use super::berth::Entity as Berth;\npub use super::berth_rule::Entity as BerthRules;\n',
    'src/store.rs': `pub async fn drop_rule(&self, name: &str) -> Result<()> {
    model::BerthRules::delete_by_id(name)
        .exec(&self.pool)
        .await?;
    Ok(())
}

pub async fn drop_berth(&self, rule: &str) -> Result<()> {
    model::Berth::delete_many()
        .filter(model::BerthColumn::RuleName.eq(rule))
        .exec(&self.pool)
        .await?;
    Ok(())
}
`,
  };
  const orm = { name: 'db.query', scope: 'quay', language: 'rust', kind: 3 };
  const drop = 'DELETE FROM "berth_rule" WHERE "berth_rule"."rule_name" = $1';
  expect(await placeOf({ ...orm, attributes: attributes(drop) }, rust)).toBe('src/store.rs:2');
});
