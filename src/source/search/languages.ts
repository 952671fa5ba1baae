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
  data: 'sql graphql gql proto prisma html hbs',
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

/**
 * What a service may be written in, by the `telemetry.sdk.language` of its resource or the language of a stack; undefined where it does not
 * say, or says something unknown.
 */
export function languagesOf(sdkLanguage: unknown): ReadonlySet<SourceLanguage> | undefined {
  switch (sdkLanguage) {
    case 'nodejs':
    case 'webjs':
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

/** What generators of code write at the top, and how they name files. */
const generatedHead = /code generated|do not edit|@generated|generated (?:by|from|code)|auto-?generated/i;
const generatedName =
  /(?:\.pb(?:\.\w+)?\.\w+|_pb2(?:_grpc)?\.pyi?|_(?:grpc_)?pb\.[jt]s|Grpc(?:Kt)?\.\w+|\.(?:g|gen|generated|designer)\.\w+|_generated\.\w+)$/i;

/** Whether a program wrote this code, as far as its name and its beginning tell. */
export function isGenerated(name: string, text: string | undefined): boolean {
  return generatedName.test(name) || (text !== undefined && generatedHead.test(text.slice(0, 1_200)));
}

/** Where a file stands: what a person looks for first comes first. */
export type Standing = 'source' | 'test' | 'generated' | 'output' | 'documentation' | 'config';

/** `path`: its segments below the workspace folder. */
export function standingOf(path: readonly string[], language: SourceLanguage | undefined): Standing {
  if (language === 'documentation') return 'documentation';
  const name = path[path.length - 1] ?? '';
  const folders = path.slice(0, -1);
  if (folders.some((folder) => outputFolder.test(folder))) return 'output';
  const isTest =
    folders.some((folder) =>
      /^(?:tests?|__tests__|specs?|e2e|testdata|fixtures|__mocks__|mocks?|cypress|benchmarks?)$/i.test(folder),
    ) ||
    /(?:[._-](?:test|spec|e2e|stories|bench)\.\w+|_test\.\w+|_spec\.rb|(?:Tests?|IT|Spec)\.(?:java|kt|scala|cs|php|swift))$/.test(
      name,
    ) ||
    /^(?:test_\w*|conftest)\.py$/.test(name);
  if (isTest) return 'test';
  return language === 'config' ? 'config' : 'source';
}
