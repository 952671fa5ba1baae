/**
 * Compose files: bind mounts (`volumes`), files that are synchronised (`develop.watch`), and what the image of a service is built from (`build`
 * with its Dockerfile). A mapping bears the names of its service, because half of all services live in `/app`.
 * https://docs.docker.com/reference/compose-file/services/
 */

import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { addBuild, addWorkingDirectory } from './dockerfiles';
import { type ConfigFile, Findings, folderOf, joinRemote, type Owner, resolveLocal, type WorkspaceFolderInfo } from './findings';
import { replaceShell } from './variables';

type Values = Readonly<Record<string, unknown>>;

/** Texts of the files that were read, by URI: a build names a Dockerfile. */
export type TextOf = (uri: string) => string | undefined;

export interface ComposeFindings {
  readonly findings: Findings;
  /** Dockerfiles that the services build. */
  readonly dockerfiles: readonly string[];
}

const maxServices = 300;
const maxEntries = 200;
/** A few anchors are shared by all services of a file; thousands are an attack. */
const maxAliases = 200;

export function inferFromCompose(file: ConfigFile, folders: readonly WorkspaceFolderInfo[], textOf: TextOf): ComposeFindings {
  const findings = new Findings(file.uri, 'compose', folders);
  const dockerfiles: string[] = [];
  const read = readYaml(file.text, findings);
  const services = entries(member(read?.values, 'services'));
  for (const [name, value] of services.slice(0, maxServices)) {
    const lineOf = (...path: (string | number)[]): number => read?.lineOf(['services', name, ...path]) ?? 0;
    if (!isValues(value)) {
      if (value !== null) findings.problem(lineOf(), `The service ${name.slice(0, 80)} is no mapping of keys to values.`);
      continue;
    }
    dockerfiles.push(...new Service(name, value, folderOf(file.uri), findings, lineOf).read(textOf));
  }
  return { findings, dockerfiles };
}

class Service {
  private readonly owner: Owner;

  constructor(
    name: string,
    private readonly values: Values,
    private readonly folder: string,
    private readonly findings: Findings,
    private readonly lineOf: (...path: (string | number)[]) => number,
  ) {
    const environment = environmentOf(values.environment);
    const inResource = /(?:^|,)\s*service\.name=([^,]+)/.exec(environment.OTEL_RESOURCE_ATTRIBUTES ?? '')?.[1];
    const names = [environment.OTEL_SERVICE_NAME, inResource, name, values.container_name];
    const texts = names.map((each) => (typeof each === 'string' ? this.replaced(each) : undefined));
    this.owner = {
      name: `service ${name}`,
      services: [...new Set(texts.filter((each): each is string => each !== undefined && each !== ''))],
    };
  }

  /** The Dockerfiles that it builds. Mounts come first: they lie over what the image has. */
  read(textOf: TextOf): readonly string[] {
    const { volumes, working_dir: workingDir, build, develop } = this.values;
    for (const [i, volume] of list(volumes).entries()) this.volume(volume, this.lineOf('volumes', i));
    for (const [i, rule] of list(member(develop, 'watch')).entries()) this.watch(rule, this.lineOf('develop', 'watch', i));
    const built = this.build(build, textOf);
    const workdir = typeof workingDir === 'string' ? this.replaced(workingDir) : undefined;
    if (workdir !== undefined)
      addWorkingDirectory(joinRemote('/', workdir), this.owner, this.lineOf('working_dir'), this.findings);
    return built;
  }

  private volume(volume: unknown, line: number): void {
    if (isValues(volume)) {
      const { type, source, target } = volume;
      if ((type === undefined || type === 'bind') && typeof source === 'string' && typeof target === 'string')
        this.mount(source, target, 'volume', line);
      return;
    }
    const text = typeof volume === 'string' ? this.replaced(volume) : undefined;
    if (text === undefined) {
      this.findings.skipped++;
      return;
    }
    // A drive letter before a colon belongs to the path: `C:\shop:/app:ro`.
    const match = /^((?:[A-Za-z]:[\\/])?[^:]*):((?:[A-Za-z]:[\\/])?[^:]*)(?::.*)?$/.exec(text);
    if (match) this.mount(match[1], match[2], 'volume', line);
  }

  private watch(rule: unknown, line: number): void {
    if (!isValues(rule)) return;
    const { action, path, target } = rule;
    if (typeof action === 'string' && action.startsWith('sync') && typeof path === 'string' && typeof target === 'string')
      this.mount(path, target, 'develop.watch', line, true);
  }

  private mount(source: string, target: string, how: string, line: number, isPath = false): void {
    const from = this.replaced(source);
    const to = this.replaced(target);
    if (from === undefined || to === undefined) {
      this.findings.skipped++;
      return;
    }
    // Anything else is the name of a volume.
    if (!isPath && !/^(?:\.|\/|~|[A-Za-z]:[\\/])/.test(from)) return;
    this.findings.add(joinRemote('/', to), resolveLocal(this.folder, from), this.owner, how, line);
  }

  private build(build: unknown, textOf: TextOf): readonly string[] {
    const values: Values | undefined = typeof build === 'string' ? { context: build } : isValues(build) ? build : undefined;
    if (!values) return [];
    const line = this.lineOf('build');
    const context = this.pathOf(values.context ?? '.');
    // A context may be a repository elsewhere.
    if (context === undefined || /^(?:[a-z]+:\/\/|git@|github\.com\/)/i.test(String(values.context))) return [];
    const args = Object.fromEntries(
      Object.entries(environmentOf(values.args)).flatMap(([name, value]) => {
        const text = this.replaced(value);
        return text === undefined ? [] : [[name, text]];
      }),
    );
    const target = typeof values.target === 'string' ? this.replaced(values.target) : undefined;
    const add = (text: string): void => {
      addBuild(text, context, { args, target }, this.owner, line, this.findings);
    };
    if (typeof values.dockerfile_inline === 'string') {
      add(values.dockerfile_inline);
      return [];
    }
    const name = typeof values.dockerfile === 'string' ? this.replaced(values.dockerfile) : undefined;
    const candidates = name === undefined ? ['Dockerfile', 'Containerfile'] : [name];
    for (const candidate of candidates) {
      const uri = resolveLocal(context, candidate);
      const text = uri === undefined ? undefined : textOf(uri);
      if (uri === undefined || text === undefined) continue;
      add(text);
      return [uri];
    }
    return [];
  }

  private pathOf(value: unknown): string | undefined {
    const text = typeof value === 'string' ? this.replaced(value) : undefined;
    return text === undefined ? undefined : resolveLocal(this.folder, text);
  }

  /** Only `PWD` has a value that is known: the folder of the file. */
  private replaced(text: string): string | undefined {
    return replaceShell(text, (name) => (name === 'PWD' ? '.' : undefined));
  }
}

/** `{ A: 1 }` or `['A=1']`. */
function environmentOf(value: unknown): Readonly<Record<string, string>> {
  const pairs = Array.isArray(value)
    ? list(value).flatMap((each) => (typeof each === 'string' ? [[each.split('=')[0], each.slice(each.indexOf('=') + 1)]] : []))
    : entries(value).map(([name, each]) => [name, typeof each === 'string' || typeof each === 'number' ? String(each) : '']);
  return Object.assign(Object.create(null), Object.fromEntries(pairs));
}

interface ReadYaml {
  readonly values: unknown;
  /** The line, from 0, of a value, or of the nearest one above it that has a line (what an anchor brings in has none of its own). */
  lineOf(path: readonly (string | number)[]): number;
}

function readYaml(text: string, findings: Findings): ReadYaml | undefined {
  const lines = new LineCounter();
  try {
    const document: Document.Parsed = parseDocument(text, {
      lineCounter: lines,
      merge: true,
      uniqueKeys: false,
      logLevel: 'silent',
    });
    const [first] = document.errors;
    if (first) findings.problem(lines.linePos(first.pos[0]).line - 1, 'It is not YAML from here on.');
    const values: unknown = document.toJS({ maxAliasCount: maxAliases });
    return { values, lineOf };

    function lineOf(path: readonly (string | number)[]): number {
      for (let length = path.length; length > 0; length--) {
        const node = document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return Math.max(0, lines.linePos(node.range[0]).line - 1);
      }
      return 0;
    }
  } catch (error) {
    // Too many aliases, aliases of nothing, or too deep for the parser's stack.
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
    findings.problem(0, 'It is too deeply nested or refers to itself too often to be read.');
    return undefined;
  }
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function member(value: unknown, name: string): unknown {
  return isValues(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return isValues(value) ? Object.entries(value) : [];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, maxEntries) : [];
}
