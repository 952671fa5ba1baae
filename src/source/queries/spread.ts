/**
 * Where in all of the source a query may have been made, for spans around which nothing is known: lines that hold what a call of its table
 * looks like in the languages of the service, and files that are named after it.
 */

import { throwIfAborted } from '../../base/errors';
import { filesOfType } from '../callees/moduleFiles';
import { functionAt } from '../outline/functions';
import { headerAt } from '../outline/headers';
import { indentOf } from '../outline/textLines';
import type { Question } from '../question/question';
import { isInUnitTest } from '../search/unitTests';
import { isOfName } from './declaredModels';
import { isOfOtherSystem } from './dialects';
import type { ModelNames } from './models';
import { queryNeedles } from './needles';
import { pascal, singular, wordsOf } from './nouns';
import type { Query } from './query';

export interface Piece {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly depth: undefined;
}

const maxHits = 300;
const maxPieces = 160;
/** With so many, what stands everywhere is not looked at. */
const enoughPieces = 12;
const maxFiles = 60;
const namesTable = /(?:^|[\s.])\w{0,40}table\w{0,20}\s*(?::=|=|:)\s*["'`]\w+["'`]\s*[,;]?\s*$/i;
/** A field or a parameter for one table alone. */
const namesStore =
  /(?:Repository|Repo|Collection|DbSet|Dao|Mapper)(?:Async)?<[\w.,\s]{2,120}>\s+_?\w+\s*[;,)={]|\w\s*:\s*(?:Repository|Collection|Model)<\w{2,80}>|this\.\w+\s*=\s*[\w.]{1,80}\.(?:getRepository|collection)(?:<[\w.]{1,60}>)?\(['"]?\w|@InjectRepository\(/;
const maxHomes = 2;
const maxLines = 2_000;
const chunk = 400;
/** Files that are of the table as a whole. */
const maxOwn = 6;
const reachesTable = /[a-z](?:Repository|Repo|Dao|DAO|Store|QueryManager|Queries|Persistence)(?:Impl)?$/;
/** Lines around a hit that is in no function. */
const around = 12;

export async function spread(query: Query, names: ModelNames, { search, span, family }: Question): Promise<readonly Piece[]> {
  const { declared } = names;
  const own = new Set<string>();
  const pieces = new Map<string, Piece>();
  const files = new Set<string>();
  const known = queryNeedles(query, span);
  // A class of another name was not known before: it is looked for alone, and by nothing that stands everywhere.
  const others = declared.filter((name) => !known.some((needle) => needle.replace(/\W+/g, '') === name)).slice(0, 2);
  const inputs = new Set([
    ...known,
    ...others.flatMap((model) =>
      model.length >= 5 ? [model] : queryNeedles({ operation: query.operation, model, from: query.from }, span).slice(0, 4),
    ),
  ]);
  const asked = await Promise.all(search.begin([...inputs]).map((needle) => search.find(needle)));
  // Of what stands everywhere only some is known, and not the same each time.
  for (const { hits, truncated } of [...asked].sort((a, b) => Number(a.truncated) - Number(b.truncated))) {
    throwIfAborted(search.context.signal);
    if (truncated && pieces.size >= enoughPieces) break;
    let count = 0;
    for (const hit of hits) {
      if (pieces.size >= maxPieces || count++ >= maxHits) break;
      const source = search.file(hit.file);
      if (
        source?.standing !== 'source' ||
        source.language === 'documentation' ||
        source.language === 'config' ||
        /\.(?:sql|cshtml)$/.test(hit.file)
      )
        continue;
      // What ent generates its code from asks nothing.
      if (isOfOtherSystem(source.path, span) || /(?:^|\/)ent\/schema\//.test(source.path.join('/'))) continue;
      if (!files.has(hit.file) && files.size >= maxFiles) continue;
      files.add(hit.file);
      const lines = await search.context.lines(hit.file);
      if (!lines || isInUnitTest(source, lines, hit.line)) continue;
      const stem = /^(.*)\.\w+$/.exec(source.path.at(-1) ?? '')?.[1] ?? '';
      if (reachesTable.test(stem) && names.means(stem) >= 0.7 && own.size < maxOwn) own.add(hit.file);
      if (namesStore.test(hit.text.slice(0, 300)) && own.size < maxOwn && names.mayBeIn(hit.text)) own.add(hit.file);
      if (namesTable.test(hit.text.slice(0, 300)) || isOfName(lines, hit.line) || own.has(hit.file)) {
        // Who has the table's name in a field or a constant uses it in all of the file.
        for (let start = 0; start < Math.min(lines.length, maxLines); start += chunk)
          pieces.set(`${hit.file}:${start}`, {
            file: hit.file,
            start,
            end: Math.min(lines.length, start + chunk),
            depth: undefined,
          });
        continue;
      }
      const type = /^(\s*)(?:export\s+)?(?:default\s+)?class\s+(\w{1,80})/.exec(hit.text.slice(0, 200));
      if (type && names.means(type[2]) >= 0.9) {
        // The model's own methods call it by no name.
        for (let line = hit.line + 1; line < Math.min(lines.length, hit.line + maxLines) && pieces.size < maxPieces; line++) {
          if (/^\s*(?:class\s|\}|\S)/.test(lines[line]) && indentOf(lines[line]) <= type[1].length) break;
          const header = headerAt(lines, line);
          const own = header?.kind === 'function' && header.name !== undefined ? functionAt(lines, line) : undefined;
          if (own?.start === line)
            pieces.set(`${hit.file}:${line}`, { file: hit.file, start: line, end: own.end, depth: undefined });
        }
        continue;
      }
      const { start, end } = functionAt(lines, hit.line) ?? {
        start: Math.max(0, hit.line - around),
        end: Math.min(lines.length, hit.line + around),
      };
      const known = pieces.get(`${hit.file}:${start}`);
      if (!known || known.end < end) pieces.set(`${hit.file}:${start}`, { file: hit.file, start, end, depth: undefined });
    }
  }
  // What reaches the table alone is all of its file's work.
  const near = [...files][0] ?? (await family.callers())[0]?.file;
  const types = near === undefined ? [] : [typeOf(query), ...declared].slice(0, maxHomes);
  const homes = await Promise.all(types.map((type) => filesOfType(`${type}Repository`, near ?? '', search.context)));
  for (const file of new Set(homes.flatMap((home) => home.slice(0, maxHomes)))) {
    const lines = search.file(file)?.standing === 'source' ? await search.context.lines(file) : undefined;
    for (let start = 0; lines && start < Math.min(lines.length, maxLines); start += chunk)
      pieces.set(`${file}:${start}`, { file, start, end: Math.min(lines.length, start + chunk), depth: undefined });
  }
  return [...pieces.values()];
}

function typeOf({ model, table = '' }: Query): string {
  return model ?? pascal(wordsOf(table).map((word, i, all) => (i === all.length - 1 ? singular(word) : word)));
}
