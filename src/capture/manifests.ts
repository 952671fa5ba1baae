/**
 * The name that a project gives itself, for a service that has none. A few lines of each format are read, by expressions without nesting: what is not found
 * so is not found. Sources: npm "package.json"; PEP 621; Go modules reference; Maven POM reference; Cargo book, "The manifest format"; Composer schema.
 */

import type { Language } from './languages';

interface Manifest {
  readonly file: string;
  nameIn(text: string): string | undefined;
}

const tomlName = /^[ \t]*name[ \t]*=[ \t]*["']([^"'\n]+)["']/m;

/** The lines of a table of a TOML file, up to the next one. */
function tableOf(text: string, name: string): string {
  const begin = text.split(/\r?\n/);
  const at = begin.findIndex((line) => line.trim() === `[${name}]`);
  if (at < 0) return '';
  const rest = begin.slice(at + 1);
  const end = rest.findIndex((line) => /^\s*\[/.test(line));
  return rest.slice(0, end < 0 ? undefined : end).join('\n');
}

function jsonName(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const name: unknown = typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** The last part of a module's path that is no version: `example.com/shop/v2` is `shop`. */
function moduleName(text: string): string | undefined {
  const path = /^[ \t]*module[ \t]+"?([^\s"]+)"?/m.exec(text)?.[1];
  return path
    ?.split('/')
    .filter((part) => part !== '' && !/^v\d+$/.test(part))
    .at(-1);
}

/** Without what stands between two texts; from a first without a second on, all is gone. */
function without(text: string, first: string, second: string): string {
  const kept: string[] = [];
  for (let at = 0; ; ) {
    const begin = text.indexOf(first, at);
    if (begin < 0) return kept.join('') + text.slice(at);
    kept.push(text.slice(at, begin));
    const end = text.indexOf(second, begin + first.length);
    if (end < 0) return kept.join('');
    at = end + second.length;
  }
}

/** Of the project itself, not of its parent, its dependencies and its plug-ins. */
function artifactName(text: string): string | undefined {
  const own = without(without(text, '<!--', '-->'), '<parent>', '</parent>');
  const head = own.split(/<(?:dependencies|dependencyManagement|build|profiles|plugins|reporting)\b/, 1)[0];
  const begin = head.indexOf('<artifactId>');
  const found =
    begin < 0 ? undefined : /^<artifactId>\s*([^<\s$]{1,200})\s*<\/artifactId>/.exec(head.slice(begin, begin + 1_000));
  return found?.[1];
}

const gradle = /^\s*rootProject\.name\s*=\s*["']([^"'\n]+)["']/m;

const MANIFESTS: Readonly<Partial<Record<Language, readonly Manifest[]>>> = {
  node: [{ file: 'package.json', nameIn: jsonName }],
  python: [
    {
      file: 'pyproject.toml',
      nameIn: (text) => (tomlName.exec(tableOf(text, 'project')) ?? tomlName.exec(tableOf(text, 'tool.poetry')))?.[1],
    },
  ],
  go: [{ file: 'go.mod', nameIn: moduleName }],
  java: [
    { file: 'pom.xml', nameIn: artifactName },
    { file: 'settings.gradle', nameIn: (text) => gradle.exec(text)?.[1] },
    { file: 'settings.gradle.kts', nameIn: (text) => gradle.exec(text)?.[1] },
  ],
  php: [{ file: 'composer.json', nameIn: (text) => jsonName(text)?.split('/').at(-1) }],
  native: [{ file: 'Cargo.toml', nameIn: (text) => tomlName.exec(tableOf(text, 'package'))?.[1] }],
};

/** Manifests of a language, those that are looked for first before the others. */
export function manifestsOf(language: Language): readonly Manifest[] {
  return MANIFESTS[language] ?? [];
}
