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
