/**
 * Programs that run on several databases often write a statement once for each, in folders and files that are called like them. Which one ran
 * is what the span says of its database (`db.system.name`, before that `db.system`).
 */

import { textAttribute } from '../model/attributes';
import type { SpanSource } from '../model/types';

const systemKeys: readonly string[] = ['db.system.name', 'db.system'];
const families: readonly ReadonlySet<string>[] = [
  'postgres postgresql pgsql psql pg pgx cockroach cockroachdb redshift',
  'mysql mariadb',
  'sqlite sqlite3 libsql turso',
  'mssql sqlserver',
  'oracle',
  'clickhouse',
  'mongodb mongo',
  'cassandra scylla',
  'dynamodb',
].map((words) => new Set(words.split(' ')));
const maxPart = 100;
/** Of tests and small installations: what is called so asks no database. */
const noDatabase = /^(?:(?:[Ff]ake|[Mm]ock|[Ss]tub|[Dd]ummy|[Nn]oop|[Ii]n[Mm]emory)(?=[-_A-Z])|in[-_]memory[-_])/;
/** `MongoOrderRepository.cs` */
const ofType = /^(Mongo|MongoDb|Postgres|PostgreSql|Sqlite|MySql|SqlServer|Cassandra|Clickhouse)(?=[A-Z])/;

/** Whether a file is named after a database that is not the span's, and not after the span's. */
export function isOfOtherSystem(path: readonly string[], { attributes }: Pick<SpanSource, 'attributes'>): boolean {
  const system = systemKeys.map((key) => textAttribute(attributes, key)).find((each) => each !== undefined);
  if (system === undefined) return false;
  const plain = system
    .slice(0, maxPart)
    .toLowerCase()
    .replace(/^microsoft\.|[^a-z0-9]/g, '');
  const own = families.find((family) => family.has(plain));
  if (!own) return false;
  const name = (path[path.length - 1] ?? '').slice(0, maxPart);
  let isOther = noDatabase.test(name);
  for (const part of [...path, ofType.exec(name)?.[1] ?? '']) {
    for (const word of part
      .slice(0, maxPart)
      .toLowerCase()
      .split(/[^a-z0-9]+/)) {
      if (own.has(word)) return false;
      isOther ||= families.some((family) => family.has(word));
    }
  }
  return isOther;
}
