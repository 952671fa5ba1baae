// Queries of jOOQ: what a context is handed to asks, a field that is but selected does not, and a list is no table.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

const files = {
  'src/PierRepository.java': `public class PierRepository {
    public void delete(int pierPk) {
        ctx.transaction(configuration -> {
            DSLContext ctx = DSL.using(configuration);
            deleteInternal(ctx, pierPk);
        });
    }

    public Record lock(String code) {
        Field<Integer> berthPk = ctx.select(BERTH.BERTH_PK)
            .from(BERTH)
            .where(BERTH.PIER_CODE.eq(PIER.CODE))
            .asField();
        return ctx.select(berthPk)
            .from(PIER)
            .where(PIER.CODE.eq(code))
            .forUpdate()
            .fetchOne();
    }

    private void deleteInternal(DSLContext ctx, int pierPk) {
        ctx.delete(PIER)
           .where(PIER.PIER_PK.equal(pierPk))
           .execute();
    }

    public void search(List<Condition> conditions) {
        conditions.add(PIER.CODE.isNull().or(PIER.NAME.in("", "x")));
    }
}
`,
  'src/PierController.java':
    'public class PierController {\n    public void delete(int pk) {\n        pierRepository.delete(pk);\n    }\n}\n',
};

const language = 'java';
const around = { 'code.function': 'delete', 'code.namespace': 'PierController' };
const family = { ancestors: [{ name: 'delete', service: '', kind: 2, language, attributes: around }], before: [], children: [] };
const asked = (statement: string) => ({
  name: 'harbour',
  kind: 3,
  language,
  scope: 'io.opentelemetry.jdbc',
  attributes: { 'db.system': 'mariadb', 'db.statement': statement },
});

it('are asked where a context is given to a function', async () => {
  const span = { ...asked('delete from `harbour`.`pier` where `harbour`.`pier`.`pier_pk` = ?'), family };
  expect(await placeOf(span, files)).toBe('src/PierRepository.java:22');
});

it('are not asked where a part of another is made', async () => {
  const statement =
    'select (select `berth`.`berth_pk` from `berth` where `berth`.`pier_code` = `pier`.`code`) from `pier` where `pier`.`code` = ? for update';
  expect(await placeOf(asked(statement), files)).toBe('src/PierRepository.java:14');
});

it('are not what is put into a list', async () => {
  expect(await placeOf(asked('insert into `pier` (`code`, `name`) values (?, ?)'), files)).not.toBe('src/PierRepository.java:28');
});
