// What a script asks later: handles of a table, rows that are filled before they are saved, services that are called like a table.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

const asked = (text: string, caller: string, file: string) => ({
  name: 'pg.query',
  scope: '@opentelemetry/instrumentation-pg',
  language: 'nodejs',
  kind: 3,
  attributes: { 'db.system': 'postgresql', 'db.statement': text },
  family: {
    ancestors: [
      {
        name: caller,
        service: '',
        kind: 1,
        language: 'nodejs',
        attributes: { 'code.function.name': caller, 'code.file.path': file },
      },
    ],
    before: [],
    children: [],
  },
});

it('is asked where it is gone on with, and saved where it is saved', async () => {
  const files = {
    'src/tanks.ts': `export async function findTank(id) {
  const repo = getRepository(Tank);
  const tank = await repo.createQueryBuilder('tank')
    .where('tank.id = :id', { id })
    .getOne();
  return tank;
}
export async function drain(id) {
  const tank = await Tank.findOrFail(id);
  tank.merge({ drained: true });
  await tank.save();
}
`,
  };
  expect(await placeOf(asked('SELECT * FROM "tank" "tank" WHERE "tank"."id" = $1', 'findTank', 'src/tanks.ts'), files)).toBe(
    'src/tanks.ts:3',
  );
  expect(await placeOf(asked('update "tanks" set "drained" = ? where "id" = ?', 'drain', 'src/tanks.ts'), files)).toBe(
    'src/tanks.ts:11',
  );
});

it('is asked in the service that a container gives, whatever the field is called', async () => {
  const files = {
    'src/plan.controller.ts': `export class PlanController {
  public plan = Container.get(PlanService);
  public listPlans = async (req, res) => {
    res.json(await this.plan.findAll());
  };
}
`,
    'src/plan.service.ts': `export class PlanService {
  async findAll() {
    return PlanModel.findAll();
  }
}
`,
  };
  expect(await placeOf(asked('SELECT "id", "name" FROM "plans" AS "Plan";', 'listPlans', 'src/plan.controller.ts'), files)).toBe(
    'src/plan.service.ts:3',
  );
});
