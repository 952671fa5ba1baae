/** Languages of source files, by how their names end, and which of them a service may be written in. */

import { outputFolder } from '../paths/locate';

export type SourceLanguage =
  | 'javascript'
  | 'python'
  | 'java'
  | 'kotlin'
  | 'scala'
  | 'groovy'
  | 'go'
  | 'csharp'
  | 'fsharp'
  | 'ruby'
  | 'php'
  | 'rust'
  | 'swift'
  | 'elixir'
  | 'erlang'
  | 'cpp'
  | 'dart'
  /** Queries, mappings and templates that programs of any language read. */
  | 'data'
  | 'config'
  | 'documentation';

const endings: Readonly<Record<SourceLanguage, string>> = {
  javascript: 'ts tsx mts cts js jsx mjs cjs vue svelte astro',
  python: 'py pyi pyx',
  java: 'java',
  kotlin: 'kt kts',
  scala: 'scala sc',
  groovy: 'groovy',
  go: 'go',
  csharp: 'cs razor cshtml',
  fsharp: 'fs fsx',
  ruby: 'rb rake ru erb',
  php: 'php phtml',
  rust: 'rs',
  swift: 'swift',
  elixir: 'ex exs eex heex',
  erlang: 'erl hrl',
  cpp: 'c h cc cpp cxx hh hpp hxx m mm',
  dart: 'dart',
  data: 'sql sq sqm graphql gql proto prisma html hbs haml slim twig jinja jinja2 j2 njk ejs pug jsp jspx ftl ftlh mustache liquid tmpl gohtml tpl jbuilder rabl',
  config: 'json yaml yml toml xml properties ini conf tf',
  documentation: 'md mdx rst adoc txt',
};

const byEnding = new Map<string, SourceLanguage>(
  Object.entries(endings).flatMap(([language, names]) =>
    names.split(' ').map((name) => [name, language as SourceLanguage] as const),
  ),
);

/** Undefined where the ending is not known. */
export function languageOfFile(file: string): SourceLanguage | undefined {
  const dot = file.lastIndexOf('.');
  return dot < 0 ? undefined : byEnding.get(file.slice(dot + 1).toLowerCase());
}

const beside: Partial<Record<SourceLanguage, readonly SourceLanguage[]>> = {
  java: ['kotlin', 'groovy'],
  kotlin: ['java'],
  groovy: ['java'],
};

/** What a file may be called that holds a module or a class of a name, by the habits of its language: `orders_controller.rb` of `OrdersController`. */
export function fileNamesOf(name: string, language: SourceLanguage): readonly string[] {
  const isSnake = language === 'ruby' || language === 'elixir' || language === 'python';
  const snake = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  const stems = new Set(isSnake ? [name, snake] : [name]);
  const all = [language, ...(beside[language] ?? [])].flatMap((each) => endings[each].split(' '));
  return [...stems].flatMap((stem) => all.map((ending) => `${stem}.${ending}`));
}

/** Of what runs in a browser, whose scripts stand in templates of any language as well. */
export const ofPages: ReadonlySet<SourceLanguage> = new Set(['javascript']);

/** Whether a file is a template of pages, which may have scripts in it. */
export function holdsScript(file: string): boolean {
  return /\.(?:html?|xhtml|erb|ejs|eex|heex|jspx?|ftlh?|twig|jinja2?|j2|njk|hbs|mustache|liquid|tmpl|gohtml|tpl|phtml|blade\.php|cshtml|razor|volt|latte)$/i.test(
    file,
  );
}

/**
 * What a service may be written in, by the `telemetry.sdk.language` of its resource or the language of a stack; undefined where it does not
 * say, or says something unknown.
 */
export function languagesOf(sdkLanguage: unknown): ReadonlySet<SourceLanguage> | undefined {
  switch (sdkLanguage) {
    case 'webjs':
      return ofPages;
    case 'nodejs':
    case 'javascript':
      return new Set(['javascript']);
    case 'java':
      return new Set(['java', 'kotlin', 'scala', 'groovy']);
    case 'dotnet':
      return new Set(['csharp', 'fsharp']);
    case 'erlang':
    case 'elixir':
      return new Set(['elixir', 'erlang']);
    case 'python':
    case 'go':
    case 'ruby':
    case 'php':
    case 'rust':
    case 'swift':
    case 'cpp':
    case 'dart':
      return new Set([sdkLanguage]);
    default:
      return undefined;
  }
}

/** Neither text for people nor data for programs. */
export function isCode(language: SourceLanguage): boolean {
  return language !== 'data' && language !== 'config' && language !== 'documentation';
}

/** What generators of code write above it, in a comment. */
const generatedHeader =
  /\bdo not (?:edit|modify)\b|@generated\b|\bauto-?\s?generated\b|automatically generated|\bgenerated (?:by|from|with|code|file)\b/i;
/** What they write further down. */
const generatedMark = /\bcode generated\b.{0,80}\bdo not edit\b|\bdo not edit\b|@generated\b|@(?:\w+\.)*Generated\(/i;
const commentLine = /^\s*(?:\/\/|\/?\*|#|--|<!--|;|%|"""|''')/;
/** Lines that stand above a header or within it. */
const noCode = /^\s*(?:$|<\?php\s*$|package\s|['"]use \w+['"])/;
/** Of files that nobody read. */
const generatedName =
  /(?:\.pb(?:\.\w+)?\.\w+|_pb2(?:_grpc)?\.pyi?|_(?:grpc_)?pb\.[jt]s|\.(?:g|gen|generated|designer)\.\w+|_generated\.\w+)$/i;
const headChars = 4_000;
const headLines = 40;

/**
 * Whether a program wrote this code. The header of the file decides; its name only where nobody read it: people write a `cart_grpc.go` beside
 * the one that a compiler made.
 */
export function isGenerated(name: string, text: string | undefined): boolean {
  if (text === undefined) return generatedName.test(name);
  // What gqlgen generates and people then write, who keep its header.
  if (/\bresolver\s+(?:\/\/\s+)?implementations\s+(?:\/\/\s+)?will be copied through\b/.test(text.slice(0, headChars)))
    return false;
  let isInComment = false;
  let mark = generatedHeader;
  for (const line of text.slice(0, headChars).split('\n', headLines)) {
    const isComment = isInComment || commentLine.test(line);
    if (isComment ? mark.test(line) : generatedMark.test(line)) return true;
    if (!isComment && !noCode.test(line)) mark = generatedMark;
    if (/^\s*(?:\/\*|<!--)/.test(line)) isInComment = true;
    if (/\*\/|-->/.test(line)) isInComment = false;
  }
  return false;
}

/** Where a file stands: what a person looks for first comes first. */
export type Standing = 'source' | 'test' | 'sample' | 'generated' | 'output' | 'documentation' | 'config';

/** Compilers that write into `bin` and `obj`; what others have there was written by a person. */
const intoBin: ReadonlySet<SourceLanguage> = new Set(['csharp', 'fsharp', 'java', 'kotlin', 'scala', 'groovy']);

/** A package may be called `build` or `target`: below `src` it is source. */
function isOutput(folders: readonly string[], language: SourceLanguage | undefined): boolean {
  const source = folders.indexOf('src');
  return folders.some((folder, i) => {
    if (!outputFolder.test(folder)) return false;
    if (folder === 'bin' || folder === 'obj') return language === undefined || intoBin.has(language);
    return source < 0 || i < source;
  });
}

/** What fills a database to begin with, and what changed it once. */
const sampleFolder = /^(?:seed(?:s|ers?|ing)?|sample_?data|demo_?data|seed_?data|test_?data|fixtures?|migrations)$/;

function isSample(folders: readonly string[], services: readonly string[]): boolean {
  const sample = folders.find((folder, i) => {
    const plain = folder.toLowerCase().replaceAll('-', '_');
    return sampleFolder.test(plain) || (plain === 'migrate' && /^(?:db|database)$/i.test(folders[i - 1] ?? ''));
  });
  if (sample === undefined) return false;
  const word = sample.toLowerCase().replace(/(?:ers?|ing|s)$/, '');
  // A service whose work it is.
  return !services.some((service) => service.toLowerCase().includes(word));
}

/**
 * @param path its segments below the workspace folder
 * @param services whose source is looked for
 */
export function standingOf(
  path: readonly string[],
  language: SourceLanguage | undefined,
  services: readonly string[] = [],
): Standing {
  if (language === 'documentation') return 'documentation';
  const name = path[path.length - 1] ?? '';
  const folders = path.slice(0, -1);
  if (isOutput(folders, language)) return 'output';
  const isTest =
    folders.some((folder) =>
      /^(?:tests?|test[_-]?(?:utils?|helpers?|support)|__tests__|specs?|e2e|testdata|fixtures|__mocks__|mocks?|cypress|benchmarks?)$/i.test(
        folder,
      ),
    ) ||
    /(?:[._-](?:test|spec|e2e|stories|bench)\.\w+|_test\.\w+|_spec\.rb|(?:Tests?|IT|Spec)\.(?:java|kt|scala|cs|php|swift))$/.test(
      name,
    ) ||
    /^(?:test_\w*|conftest)\.py$|^(?:tests?|test_\w+|\w+_tests?)\.rs$/.test(name);
  if (isTest) return 'test';
  if (isSample(folders, services)) return 'sample';
  return language === 'config' ? 'config' : 'source';
}
