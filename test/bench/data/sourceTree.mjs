// @ts-check
// A workspace of thousands of files as a large company has it: services in eight languages in thousands of folders, the same few base names
// again and again, sizes from a few lines to thousands, beside the source what is no source (lock files, packages, build output, bundles).
// Made once and kept in the git-ignored cache. The same every time, so that figures of two runs can be compared.

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot } from '../../vscode/locations.mjs';

/** Grows with every change of what is made. */
const VERSION = 1;

const VERBS =
  'get list find create update delete charge refund reserve ship validate parse render load store send publish consume retry merge'.split(
    ' ',
  );
const NOUNS =
  'order cart payment invoice customer product price stock shipment address coupon review session token profile catalog basket ledger refund account'.split(
    ' ',
  );
const BASES = ['index', 'handler', 'service', 'utils', 'types', 'client', 'repository', 'config', 'model', 'routes'];
const LAYERS = ['api', 'domain', 'storage', 'events', 'http', 'jobs', 'internal', 'shared', 'admin'];

/** @typedef {{ ending: string, line: (random: () => number, name: string, noun: string) => string[] }} Language */

const capital = (/** @type {string} */ text) => text[0].toUpperCase() + text.slice(1);
const snake = (/** @type {string} */ text) => text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What a function of a language looks like. @type {readonly Language[]} */
const LANGUAGES = [
  {
    ending: 'ts',
    line: (_, name, noun) => [
      `export async function ${name}(id: string, options: ${capital(noun)}Options): Promise<${capital(noun)}> {`,
      `  const found = await this.${noun}s.find({ id, limit: options.limit ?? 20 });`,
      `  if (!found) throw new NotFoundError(\`${noun} \${id}\`);`,
      '  return { ...found, updatedAt: Date.now() };',
      '}',
      '',
    ],
  },
  {
    ending: 'py',
    line: (_, name, noun) => [
      `def ${snake(name)}(self, ${noun}_id: str, limit: int = 20) -> ${capital(noun)}:`,
      `    row = self.db.execute("SELECT id, total FROM ${noun}s WHERE id = ?", (${noun}_id,)).fetchone()`,
      '    if row is None:',
      `        raise LookupError(f"${noun} {${noun}_id}")`,
      `    return ${capital(noun)}(*row)`,
      '',
      '',
    ],
  },
  {
    ending: 'go',
    line: (_, name, noun) => [
      `// ${capital(name)} does what its name says.`,
      `func (s *Server) ${capital(name)}(ctx context.Context, id string) (*${capital(noun)}, error) {`,
      `\trow := s.db.QueryRowContext(ctx, "SELECT id, total FROM ${noun}s WHERE id = $1", id)`,
      `\tvar ${noun} ${capital(noun)}`,
      `\tif err := row.Scan(&${noun}.ID, &${noun}.Total); err != nil {`,
      '\t\treturn nil, err',
      '\t}',
      `\treturn &${noun}, nil`,
      '}',
      '',
    ],
  },
  {
    ending: 'java',
    line: (_, name, noun) => [
      `  public ${capital(noun)} ${name}(String id, int limit) {`,
      `    return jdbc.queryForObject("SELECT id, total FROM ${noun}s WHERE id = ?", mapper, id);`,
      '  }',
      '',
    ],
  },
  {
    ending: 'cs',
    line: (_, name, noun) => [
      `    public async Task<${capital(noun)}> ${capital(name)}Async(string id, CancellationToken token)`,
      '    {',
      `        return await _context.${capital(noun)}s.FirstOrDefaultAsync(one => one.Id == id, token);`,
      '    }',
      '',
    ],
  },
  {
    ending: 'rb',
    line: (_, name, noun) => [
      `  def ${snake(name)}(id)`,
      `    ${capital(noun)}.where(id: id).first or raise ActiveRecord::RecordNotFound`,
      '  end',
      '',
    ],
  },
  {
    ending: 'php',
    line: (_, name, noun) => [
      `    public function ${name}(string $id): ${capital(noun)}`,
      '    {',
      `        return $this->${noun}s->find($id) ?? throw new NotFoundException($id);`,
      '    }',
      '',
    ],
  },
  {
    ending: 'rs',
    line: (_, name, noun) => [
      `    pub async fn ${snake(name)}(&self, id: &str) -> Result<${capital(noun)}, Error> {`,
      `        sqlx::query_as("SELECT id, total FROM ${noun}s WHERE id = $1").bind(id).fetch_one(&self.pool).await`,
      '    }',
      '',
    ],
  },
];

/**
 * What can be looked for, and where it stands. `line` from 0.
 * @typedef {{ file: string, line: number }} Place
 * @typedef {{ folder: string, files: number, bytes: number, functions: (Place & { name: string })[], routes: (Place & { route: string })[], statements: (Place & { sql: string })[] }} SourceTree
 */

/**
 * @param {number} files
 * @param {string} [target] Folder; by default in the cache.
 * @returns {SourceTree}
 */
export function sourceTree(files, target) {
  const folder = target ?? join(cacheRoot, 'bench', `source-${files}-v${VERSION}`);
  const exists = existsSync(folder);
  const unfinished = `${folder}.${process.pid}.part`;
  const random = seeded(7);
  const pick = (/** @type {readonly string[]} */ list) => list[Math.floor(random() * list.length)];
  /** @type {SourceTree} */
  const tree = { folder, files: 0, bytes: 0, functions: [], routes: [], statements: [] };
  const made = new Set();
  const taken = new Set();
  const write = (/** @type {string} */ path, /** @type {string} */ text) => {
    if (taken.has(path)) return false;
    taken.add(path);
    tree.files++;
    tree.bytes += text.length;
    if (exists) return true;
    const at = join(unfinished, path);
    const directory = at.slice(0, at.lastIndexOf('/'));
    if (!made.has(directory)) {
      made.add(directory);
      mkdirSync(directory, { recursive: true });
    }
    writeFileSync(at, text);
    return true;
  };
  if (!exists) rmSync(unfinished, { recursive: true, force: true });
  write('.gitignore', 'dist/\n*.generated.ts\n.env\n');
  write('package.json', '{ "name": "company", "private": true }\n');
  for (let number = 0; tree.files < files; number++) {
    const language = LANGUAGES[number % LANGUAGES.length];
    const service = `services/${NOUNS[number % NOUNS.length]}-${Math.floor(number / NOUNS.length) % 15}`;
    const path = `${service}/${pick(LAYERS)}/${number % 2 === 0 ? 'core' : pick(NOUNS)}/${pick(BASES)}${number % 3 === 0 ? '' : capital(pick(NOUNS))}.${language.ending}`;
    if (number % 50 === 0) {
      write(`${service}/README.md`, `# ${service}\n\nSee GET /api/${pick(NOUNS)}s for what it answers.\n`);
      write(
        `${service}/yarn.lock`,
        lines(400, () => `"${pick(NOUNS)}@^1.0.${Math.floor(random() * 99)}": resolved get create order`),
      );
      write(`${service}/dist/bundle.js`, `${lines(1, () => 'var a=1;function get(){}'.repeat(2000))}`);
      write(
        `${service}/node_modules/lib${number}/index.js`,
        lines(60, () => `exports.${pick(VERBS)}${capital(pick(NOUNS))} = function get() {};`),
      );
      write(
        `${service}/config/values.yaml`,
        lines(30, () => `${pick(NOUNS)}: ${Math.floor(random() * 1e6)}`),
      );
    }
    // Most files are small, a few are very long.
    const functions = Math.max(1, Math.round(Math.exp(random() * random() * 6.5)));
    const text = [`// ${path}`, ''];
    /** @type {Pick<SourceTree, 'functions' | 'routes' | 'statements'>} */
    const planted = { functions: [], routes: [], statements: [] };
    for (let i = 0; i < functions; i++) {
      const noun = pick(NOUNS);
      const name = `${pick(VERBS)}${capital(noun)}${i === 0 ? `${capital(pick(NOUNS))}${number}` : capital(pick(NOUNS))}`;
      if (language.ending === 'ts' && i === 0) {
        const route = `/api/v${number % 9}/${noun}s/:${noun}Id/${pick(NOUNS)}${number}`;
        planted.routes.push({ file: path, line: text.length, route });
        text.push(`router.get('${route}', (request, response) => ${name}(request.params.id, response.locals));`, '');
      }
      if (language.ending === 'py' && i === 0) {
        const sql = `SELECT id, total, created_at FROM ${noun}s_${number} WHERE customer_id = ? ORDER BY created_at`;
        planted.statements.push({ file: path, line: text.length, sql });
        text.push(`LIST_${noun.toUpperCase()} = "${sql}"`, '');
      }
      if (i === 0 && language.ending === 'ts') planted.functions.push({ file: path, line: text.length, name });
      for (const line of language.line(random, name, noun)) text.push(line);
    }
    if (!write(path, text.join('\n'))) continue;
    tree.functions.push(...planted.functions);
    tree.routes.push(...planted.routes);
    tree.statements.push(...planted.statements);
  }
  if (!exists) renameSync(unfinished, folder);
  return tree;
}

/** @param {number} count @param {() => string} make */
const lines = (count, make) => `${Array.from({ length: count }, make).join('\n')}\n`;

/** @param {number} seed @returns {() => number} */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
