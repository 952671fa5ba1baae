// Spans of Rust's `tracing`: the module beside the name, and unit tests beside what they test.
import { describe, expect, it } from 'vitest';
import { isInUnitTest } from '../../../src/source/search/unitTests';
import { placeOf } from './support/memory';

const rust = { language: 'rust' } as const;

describe('spans of Rust', () => {
  it('lead to the function of their module', async () => {
    const files = {
      'src/tides/pending.rs': 'impl Gauge {\n    #[instrument(skip(self))]\n    pub async fn read_level(&self) {}\n}\n',
      'src/tides/blocking.rs': 'impl BlockingGauge {\n    pub fn read_level(&self) {}\n}\n',
      'src/lib.rs': 'pub mod read_level;\n',
    };
    const attributes = { 'code.module.name': 'harbour::tides::pending', target: 'harbour::tides::pending' };
    expect(await placeOf({ name: 'read_level', ...rust, attributes }, files)).toBe('src/tides/pending.rs:3');
    expect(await placeOf({ name: 'read_level', ...rust, attributes: { target: 'harbour::tides::blocking' } }, files)).toBe(
      'src/tides/blocking.rs:2',
    );
  });

  it('lead from a method of a service to who implements it, called by the habit of the language', async () => {
    const files = {
      'src/api/gauge.rs': `impl GaugeService for Gauge {
    async fn reset_level_marks(
        &self,
        request: Request<api::ResetLevelMarksRequest>,
    ) -> Result<Response<()>, Status> {
        store::reset_level_marks(&request.into_inner().id).await
    }
}
`,
      'src/store/gauge.rs': 'pub async fn reset_level_marks(id: &Uuid) -> Result<(), Error> {\n    Ok(())\n}\n',
    };
    const attributes = { 'rpc.system': 'grpc', 'rpc.service': 'tide.GaugeService', 'rpc.method': 'ResetLevelMarks' };
    expect(await placeOf({ name: 'tide.GaugeService/ResetLevelMarks', ...rust, kind: 2, attributes }, files)).toBe(
      'src/api/gauge.rs:2',
    );
  });

  it('are made by no unit test', async () => {
    const files = {
      'src/locks.rs': `pub async fn close_lock(db: &Db) -> Result<()> {
    lock::Entity::update_many()
        .filter(lock::Column::Level.lt(3))
        .exec(db)
        .await
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn closes() {
        lock::Entity::update_many().filter(lock::Column::Level.lt(3)).exec(&db()).await;
    }
}
`,
    };
    const text = 'UPDATE "lock" SET "open" = $1 WHERE "lock"."level" < $2';
    const span = { name: 'db.query', ...rust, kind: 3, attributes: { 'db.query.text': text } };
    expect(await placeOf(span, files)).toBe('src/locks.rs:2');
    const lines = files['src/locks.rs'].split('\n');
    expect(lines.flatMap((_, line) => (isInUnitTest(rust, lines, line) ? [line + 1] : []))).toEqual([8, 9, 10, 11, 12, 13, 14]);
    expect(isInUnitTest(rust, ['#[cfg(test)]', 'mod tests;', 'fn open() {}'], 2)).toBe(false);
  });
});

describe('queries of Rust', () => {
  const files = {
    'crates/api/Cargo.toml': '[package]\nname = "quay_api"\n',
    'crates/api/src/buoys.rs': `use quay_db::{source::buoy::{Buoy, BuoyForm}, traits::Keep};
use quay_db::impls::sweep::sweep_buoys;

pub async fn keep_buoy(data: Data<Context>) -> Result<()> {
    let form = BuoyForm::new(data.id);
    Buoy::keep(&mut data.pool(), &form).await?;
    sweep_buoys(&data).await
}
`,
    'crates/db/Cargo.toml': '[package]\nname = "quay_db"\n',
    'crates/db/src/source/buoy.rs': 'pub struct Buoy {\n    pub id: i64,\n}\n\npub struct BuoyForm {}\n',
    'crates/db/src/impls/buoy.rs': `impl Keep for Quay {
    async fn keep(pool: &mut Pool, form: &Self::Form) -> Result<Self> {
        insert_into(quay::table).values(form).get_result(pool).await
    }
}

impl Keep for Buoy {
    async fn keep(pool: &mut Pool, form: &Self::Form) -> Result<Self> {
        insert_into(buoy::table)
            .values(form)
            .get_result(pool)
            .await
    }
}
`,
    'crates/db/src/impls/sweep.rs': `pub async fn sweep_buoys(data: &Data<Context>) -> Result<()> {
    sql_query(format!(
        r#"UPDATE {table} b
            SET {prefix}_{} = s.level
            FROM (
              SELECT level, buoy_id
              FROM {table}_soundings
              ORDER BY level
            ) AS s
            WHERE b.id = s.buoy_id
            RETURNING b.id AS swept"#,
        period
    ))
    .execute(data.pool())
    .await
}
`,
  };
  const parent = {
    name: 'POST /buoys/keep',
    kind: 2,
    service: '',
    attributes: { 'code.function.name': 'quay_api::buoys::keep_buoy' },
  };

  it('are reached by the paths that a file uses', async () => {
    const insert = { 'db.query.text': 'INSERT INTO "buoy" ("id") VALUES ($1) RETURNING "buoy"."id"' };
    const family = { ancestors: [parent], before: [], children: [] };
    expect(await placeOf({ name: 'INSERT', ...rust, kind: 3, attributes: insert, family }, files)).toBe(
      'crates/db/src/impls/buoy.rs:9',
    );
  });

  it('are told by what stands between their holes', async () => {
    const text =
      'UPDATE buoy b\n            SET week_level = s.level\n            FROM (\n              SELECT level, buoy_id\n              FROM buoy_soundings\n              ORDER BY level\n            ) AS s\n            WHERE b.id = s.buoy_id\n            RETURNING b.id AS swept -- binds: []';
    expect(await placeOf({ name: 'UPDATE', ...rust, kind: 3, attributes: { 'db.query.text': text } }, files)).toBe(
      'crates/db/src/impls/sweep.rs:3',
    );
  });

  it('are no beginnings that others go on with, nor attributes', async () => {
    const program = {
      'src/quay.rs': `use crate::models::{Berth, Watch};

pub async fn show_quay(db: &Db) -> Result<()> {
    let watches = Watch::keeping(&db, 7).await?;
    Ok(())
}
`,
      'src/models.rs': `impl Berth {
    pub fn by_side(side: Side) -> BoxedQuery<'static> {
        berths::table
            .filter(berths::closed.eq(false))
            .filter(berths::side.eq(side))
            .into_boxed()
    }
}

impl Watch {
    pub async fn keeping(db: &Db, quay: i64) -> QueryResult<Vec<Self>> {
        Berth::by_side(Side::Lee)
            .inner_join(watches::table)
            .select(Watch::as_select())
            .filter(berths::quay_id.eq(quay))
            .load(db)
            .await
    }
}

#[derive(Serialize)]
#[schema(example = json!(["north"]))]
pub struct Sweep;

impl Sweeper {
    pub async fn sweep(&self, place: &str, path: &str) -> Result<()> {
        let url = format!("{}/sweep/{place}/{path}", self.base_url);
        self.client.post(&url).send().await
    }
}
`,
    };
    const ancestor = { ...parent, attributes: { 'code.function.name': 'quay::show_quay' } };
    const family = { ancestors: [ancestor], before: [], children: [] };
    const text =
      'SELECT "watches"."id" FROM ("berths" INNER JOIN "watches" ON ("berths"."watch_id" = "watches"."id")) WHERE ((("berths"."closed" = $1) AND ("berths"."side" = $2)) AND ("berths"."quay_id" = $3)) -- binds: []';
    expect(await placeOf({ name: 'SELECT', ...rust, kind: 3, attributes: { 'db.query.text': text }, family }, program)).toBe(
      'src/models.rs:12',
    );
    const call = { 'http.request.method': 'POST', 'url.full': 'https://sweep.example.org/sweep/lee/se/ct/north' };
    expect(await placeOf({ name: 'POST', ...rust, kind: 3, attributes: call }, program)).toBe('src/models.rs:28');
  });
});
