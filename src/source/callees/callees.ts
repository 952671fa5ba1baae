/**
 * From a call to the functions that it may run, in files that a person wrote. What a receiver is, is told by its declaration, its imports and its
 * name; only where all of that leads nowhere, the source is searched for the function's name, a few times for each question.
 */

import { type Call, callsIn } from '../outline/calls';
import { functionsNamed } from '../outline/functions';
import type { SourceSearch } from '../search/sourceSearch';
import { findDefinitions } from '../symbols/findDefinitions';
import { type Bound, basesOf, importsOf, isGlobal, passedOn, typesIn } from './bindings';
import { madeCalls } from './constructedCalls';
import { modulesOf, usesOf } from './crateFiles';
import { handler, messagesIn } from './messageCalls';
import { filesOfModule, filesOfType } from './moduleFiles';
import { type PlacedFunction, PythonCallees } from './pythonCallees';
import { bareCalls, filtersIn } from './rubyCalls';

export type { PlacedFunction };

/** Files that are read on behalf of one question. */
const maxFiles = 80;
/** Names that are searched for, and interfaces whose classes are. */
const maxSearches = 6;
const maxInterfaces = 6;
const maxSearchesInGo = 10;
const maxDefinitions = 4;
/** Files into which a module that only passes on is followed. */
const maxPassed = 40;

/** Follows calls for one question; what was read and found is kept. */
export class Callees {
  readonly #read = new Set<string>();
  readonly #imports = new Map<string, ReadonlyMap<string, Bound>>();
  readonly #known = new Map<string, Promise<readonly PlacedFunction[]>>();
  readonly #types = new Map<string, Promise<ReadonlyMap<string, ReadonlySet<string>>>>();
  readonly #python = new PythonCallees({
    lines: (file) => this.lines(file),
    imports: (file, lines) => this.#importsOf(file, lines),
    types: (file, lines) => this.#typesOf(file, lines),
    modules: (module, near) => filesOfModule(module, near, this.search.context),
  });
  #searches = 0;
  #interfaces = 0;

  constructor(private readonly search: SourceSearch) {}

  /** Calls of some lines of a file, in the order of the text. */
  async callsOf(file: string, start: number, end: number): Promise<readonly Call[]> {
    const lines = await this.lines(file);
    if (!lines) return [];
    const isRuby = /\.(?:rb|rake|erb)$/.test(file);
    const calls = [
      ...callsIn(lines, start, end, isRuby, file.endsWith('.py')),
      ...(isRuby || file.endsWith('.php') ? madeCalls(lines, start, end) : []),
    ];
    return isRuby
      ? [...calls, ...bareCalls(lines, start, end)]
      : [...calls, ...messagesIn(lines, start, end, file.endsWith('.php'))];
  }

  /** What runs before an action of Rails: filters that its base classes and their concerns ask for; what runs beside a view's method in Python. */
  async filtersOf(file: string, start: number): Promise<readonly PlacedFunction[]> {
    if (file.endsWith('.py')) return this.#python.besides(file, start);
    if (!/_controller\.rb$/.test(file)) return [];
    const found: PlacedFunction[] = [];
    let files = [file];
    for (let level = 0; level < 3 && files.length; level++) {
      const above: string[] = [];
      for (const each of files) {
        const lines = await this.lines(each);
        if (!lines) continue;
        for (const { name } of level ? filtersIn(lines) : []) found.push(...(await this.#named(each, name)));
        for (const base of basesOf(lines).slice(0, 16))
          above.push(...(await filesOfType(base, file, this.search.context)).slice(0, 1));
      }
      files = [...new Set(above)].slice(0, 24);
    }
    return found.slice(0, 24);
  }

  /** Undefined where the file can't be read, or enough were. */
  async lines(file: string): Promise<readonly string[] | undefined> {
    if (!this.#read.has(file) && this.#read.size >= maxFiles) return undefined;
    this.#read.add(file);
    return this.search.context.lines(file);
  }

  /** What a call in a file may run; empty where it is no user's function, or not found. @param maySearch for its name in all of the source */
  definitions(call: Call, file: string, maySearch = false): Promise<readonly PlacedFunction[]> {
    const key = `${file}\n${call.receiver}\n${call.name}\n${maySearch}`;
    let known = this.#known.get(key);
    if (!known) {
      known = this.#definitions(call, file, maySearch);
      this.#known.set(key, known);
    }
    return known;
  }

  async #definitions(call: Call, file: string, maySearch: boolean): Promise<readonly PlacedFunction[]> {
    const lines = await this.lines(file);
    if (!lines) return [];
    if (call.name === handler) return this.#handling(call.receiver, file);
    const parts = call.receiver
      .split(/[^\p{L}\p{N}_$@]+/u)
      .filter((part) => part !== '' && !/^(?:this|self|Self|super|cls|static|parent|@|\$this)$/.test(part));
    const told = file.endsWith('.py') ? await this.#python.definitions(call, parts, file, lines) : undefined;
    if (told) return told;
    const receiver = parts[parts.length - 1]?.replace(/^[@$_]+|[!?]$/g, '');
    if (file.endsWith('.rs')) {
      const found = await this.#ofPath([...parts, call.name], file, lines, call.receiver.includes('::'));
      if (found.length) return found;
    }
    if (receiver === undefined || receiver === '') {
      const own = call.receiver === 'super' ? [] : await this.#named(file, call.name);
      if (own.length) return own;
      const bound = this.#importsOf(file, lines).get(call.name);
      if (bound) {
        const found = await this.#inModule(bound.module, bound.name, file);
        // Python's imports bind modules and what modules hold alike.
        const outer = bound.module.endsWith(`.${bound.name}`) ? bound.module.slice(0, -bound.name.length - 1) : '';
        return found.length || outer === '' ? found : this.#inModule(outer, bound.name, file);
      }
      for (const base of basesOf(lines)) {
        const found = await this.#inType(base, call.name, file);
        if (found.length) return found;
      }
      return maySearch ? this.#searched(call, file, undefined) : [];
    }
    const first = parts[0].replace(/^[@$_]+/, '');
    const isGo = file.endsWith('.go');
    for (const name of new Set([receiver, first])) {
      const bound = this.#importsOf(file, lines).get(name);
      if (bound && isGo && parts.length === 1 && !(await this.#typesOf(file, lines)).has(name))
        return maySearch ? this.#inPackage(bound.module, call.name) : [];
      const found = bound ? await this.#inModule(bound.module, call.name, file, parts) : [];
      if (found.length) return found;
    }
    const typed = await this.#typesOf(file, lines);
    const types = [...(typed.get(parts[parts.length - 1]) ?? []), ...(typed.get(receiver) ?? [])].slice(0, 4);
    for (const type of new Set([...types, receiver[0].toUpperCase() + receiver.slice(1), ...parts.filter(isGlobal)])) {
      const found = await this.#inType(
        type,
        call.name,
        file,
        call.line,
        type === receiver ? parts[parts.length - 2] : outerOf(type, file, lines),
      );
      if (found.length) return found;
    }
    // An extension of the type, or a method of an object that is made here.
    const own = parts.length === 1 && call.name.length >= 6 && !common.test(call.name) ? await this.#named(file, call.name) : [];
    const others = own.filter(({ start, end }) => call.line < start || call.line >= end);
    if (others.length) return others;
    // Types of Go do not say what they implement.
    for (const type of maySearch && !isGo ? types : []) {
      const found = /^[\w$]+$/.test(type) ? await this.#implementing(type, call.name) : [];
      if (found.length) return found;
    }
    return maySearch ? this.#searched(call, file, receiver, isGo ? types : []) : [];
  }

  /** A path of Rust: by what the file uses, by modules and crates, through those that hand it on. */
  async #ofPath(
    names: readonly string[],
    file: string,
    lines: readonly string[],
    isPath: boolean,
    hops = 0,
  ): Promise<readonly PlacedFunction[]> {
    const source = this.search.file(file);
    const used = usesOf(lines).names.get(names[0]);
    if (!source || hops > 2 || (used === undefined && !isPath)) return [];
    const path = used === undefined ? names : [...used.split('::'), ...names.slice(1)];
    for (const { file: module, rest } of (await modulesOf(path, source, this.search)).slice(0, 4)) {
      const owner = rest[rest.length - 2];
      const found = (await this.#named(module.file, rest[rest.length - 1])).filter(
        ({ containers }) => owner === undefined || containers.includes(owner),
      );
      if (found.length) return found;
      const inner = module.file === file ? undefined : await this.lines(module.file);
      const further = inner ? await this.#ofPath(rest, module.file, inner, false, hops + 1) : [];
      if (further.length) return further;
    }
    // A type's functions may be in another file than the type.
    const type = names[names.length - 2];
    return hops === 0 && type !== undefined && /^\p{Lu}/u.test(type)
      ? this.#implementing(type, names[names.length - 1], true)
      : [];
  }

  /** Who handles a message that a mediator or a bus carries: `CreateOrderCommandHandler`, or `CreateOrderHandler`, or whoever says so. */
  async #handling(type: string, near: string): Promise<readonly PlacedFunction[]> {
    const plain = type.replace(/(?:Command|Query|Request|Message|Event|Job|Notification)$/, '');
    for (const name of new Set([`${type}Handler`, `${plain}Handler`, `${plain}Consumer`, type, plain])) {
      for (const method of handling) {
        const found = await this.#inType(name, method, near);
        if (found.length) return found;
      }
    }
    if (type.length < 6 || this.#interfaces >= maxInterfaces) return [];
    this.#interfaces++;
    const says = new RegExp(`(?:Handler|Consumer|Listener|Subscriber)\\w*<\\s*${type}\\b`);
    const files = (await this.search.find(`<${type}`)).hits
      .filter(({ file, text }) => text.length < 500 && says.test(text) && this.search.file(file)?.standing === 'source')
      .map(({ file }) => file);
    const found: PlacedFunction[] = [];
    for (const file of [...new Set(files)].slice(0, maxDefinitions))
      for (const method of handling) {
        const own = await this.#named(file, method);
        const ofType = own.filter(({ start, end }) => end - start > 1 || !/\.cs$/.test(file));
        found.push(...ofType.slice(0, 1));
        if (ofType.length) break;
      }
    return found.slice(0, maxDefinitions);
  }

  /** Functions of a name in a file. */
  async #named(file: string, name: string): Promise<readonly PlacedFunction[]> {
    const lines = await this.lines(file);
    if (!lines) return [];
    // Calls are told without the marks of Ruby's names.
    const names = file.endsWith('.rb') ? [name, `${name}!`, `${name}?`] : [name];
    const found = names.flatMap((each) => functionsNamed(lines, each));
    return found.slice(0, maxDefinitions).map((each) => ({ ...each, file }));
  }

  /** @param outer the module that is named around the type, which may be its folder */
  async #inType(type: string, name: string, near: string, line = -1, outer?: string): Promise<readonly PlacedFunction[]> {
    const all = await filesOfType(type, near, this.search.context);
    const folder = outer === undefined ? undefined : `/${outer.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()}/`;
    const inFolder = folder === undefined ? [] : all.filter((file) => file.toLowerCase().includes(folder));
    for (const file of new Set([...inFolder, ...all].slice(0, 6))) {
      const found = (await this.#named(file, name)).filter(
        ({ start, end }) =>
          (file !== near || line < start || line >= end) && (end - start > 1 || !/\.(?:java|cs|kt|ts)$/.test(file)),
      );
      if (found.length) return found;
    }
    return [];
  }

  /** Methods of the classes that implement an interface. */
  async #implementing(type: string, name: string, isRust = false): Promise<readonly PlacedFunction[]> {
    if (type.length < (isRust ? 3 : 6) || this.#interfaces >= maxInterfaces) return [];
    this.#interfaces++;
    const heads = new RegExp(
      `\\b(?:class|struct|record|object)\\s[^{=]{0,300}[:,(\\s]\\s*${type}\\b|^\\s*\\)\\s*:[^{=]{0,200}\\b${type}\\b|^\\s+(?::\\s*)?${type}(?:<[^<>]{0,80}>)?\\s*(?:,|\\{)?\\s*$|\\bimplements\\s[^{]{0,200}\\b${type}\\b|\\bimpl\\s+${type}\\s+for\\b|^impl(?:<[^<>]{0,80}>)?\\s+(?:[\\w:<>, ]{1,80}\\s+for\\s+)?${type}\\b`,
    );
    const needles = isRust ? [`impl ${type}`, `for ${type}`] : [type];
    const answers = await Promise.all(needles.map((needle) => this.search.find(needle)));
    const hits = answers
      .flatMap((answer) => answer.hits)
      .filter(({ text }) => text.length < 500 && text.includes(type) && heads.test(text));
    const files = new Set(hits.map(({ file }) => file));
    // A trait's functions are in what implements it, under other names.
    const isTrait = hits.some(({ text }) => text.includes(`impl ${type} for`));
    const found: PlacedFunction[] = [];
    // What stands in for a real one asks nobody.
    for (const file of [...files]
      .filter((each) => !/\/(?:InMemory|Fake|Mock|Stub|No[Oo]p|Dummy)\w*\.\w+$/.test(each))
      .slice(0, maxDefinitions)) {
      if (this.search.file(file)?.standing !== 'source') continue;
      const all = await this.#named(file, name);
      found.push(...(isTrait || !file.endsWith('.rs') ? all : all.filter(({ containers }) => containers.includes(type))));
    }
    return found.slice(0, maxDefinitions);
  }

  /** In the module itself, else in what it passes on. */
  async #inModule(module: string, name: string, near: string, parts: readonly string[] = []): Promise<readonly PlacedFunction[]> {
    const files = (await filesOfModule(module, near, this.search.context)).slice(0, 6);
    for (const file of files) {
      const found = await this.#named(file, name);
      if (found.length) return found;
    }
    for (const file of files.slice(0, 2)) {
      const lines = await this.lines(file);
      // `query.link.find(` of an index that imports `link` to pass it on.
      const bound = lines && parts.map((part) => this.#importsOf(file, lines).get(part)).find((each) => each);
      const modules = lines ? [...(bound ? [bound.module] : []), ...passedOn(lines)] : [];
      const sorted = [...modules].sort(
        (a, b) => Number(parts.some((part) => b.includes(part))) - Number(parts.some((part) => a.includes(part))),
      );
      for (const each of sorted.slice(0, maxPassed)) {
        for (const inner of (await filesOfModule(each, file, this.search.context)).slice(0, 2)) {
          const found = await this.#named(inner, name);
          if (found.length) return found;
        }
      }
    }
    return [];
  }

  /** A package of Go is a folder, any file of which may have the function. */
  async #inPackage(module: string, name: string): Promise<readonly PlacedFunction[]> {
    if (this.#searches >= maxSearchesInGo || ofGo.test(module)) return [];
    this.#searches++;
    const folders = module.replace(/\/v\d+$/, '').split('/');
    const { found } = await findDefinitions(name, this.search);
    const placed = await Promise.all(
      found
        .filter(({ kind, containers, source: { path, standing } }) => {
          const shared = path.slice(0, -1).slice(-2);
          const isThere = shared.every((part, i) => part === folders[folders.length - shared.length + i]);
          return kind === 'function' && standing === 'source' && !containers.length && shared.length > 0 && isThere;
        })
        .slice(0, maxDefinitions)
        .map(async ({ source: { file }, line }) =>
          (await this.#named(file, name)).filter(({ start, end }) => line >= start && line < end),
        ),
    );
    return placed.flat();
  }

  /** By its name alone; one that stands for anything leads nowhere. */
  async #searched(
    { name }: Call,
    near: string,
    receiver: string | undefined,
    types: readonly string[] = [],
  ): Promise<readonly PlacedFunction[]> {
    // A package of Go has the methods of a type in any of its files.
    const most = near.endsWith('.go') ? maxSearchesInGo : maxSearches;
    if (name.length < 6 || common.test(name) || this.#searches >= most) return [];
    this.#searches++;
    const { found } = await findDefinitions(name, this.search);
    const functions = found.filter(({ kind, source }) => kind === 'function' && source.standing === 'source');
    const hint = receiver?.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '') ?? '';
    const isOf = (path: readonly string[], containers: readonly string[]): boolean =>
      hint.length >= 3 &&
      [...path.slice(-2), ...containers].some((each) =>
        each
          .toLowerCase()
          .replace(/[^\p{L}\p{N}]/gu, '')
          .includes(hint),
      );
    const ofType = functions.filter(({ containers }) => types.includes(containers[containers.length - 1] ?? ''));
    const told = ofType.length ? ofType : functions.filter(({ path, containers }) => isOf(path, containers));
    const chosen = (told.length ? told : functions).slice(0, maxDefinitions);
    const placed = await Promise.all(
      chosen.map(async ({ source: { file }, line }) =>
        (await this.#named(file, name)).filter(({ start, end }) => line >= start && line < end),
      ),
    );
    const all = placed.flat();
    return all.some(({ file }) => file === near) ? all.filter(({ file }) => file === near) : all;
  }

  #typesOf(file: string, lines: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    let types = this.#types.get(file);
    if (!types) {
      types = this.search.context.inSlices(typesIn(lines, file.endsWith('.go')));
      this.#types.set(file, types);
    }
    return types;
  }

  #importsOf(file: string, lines: readonly string[]): ReadonlyMap<string, Bound> {
    let imports = this.#imports.get(file);
    if (!imports) {
      imports = importsOf(lines);
      this.#imports.set(file, imports);
    }
    return imports;
  }
}

const common =
  /^(?:(?:get|set|find|create|update|delete|remove|insert|select|filter|forEach|toString|toList|collect|reduce|includes|indexOf|push|concat|replace|execute|query|fetch|render|redirect|respond|parseInt|require|subscribe|findOne|findAll|findMany|findById|getAll|getById|isEmpty|append|extend|format|printf|println|sprintf|errorf|where|first|order|limit|select|values|parse|stringify|commit|rollback|flush|save|saveAll|logger|warning|default|unwrap|expect|and_then|map_err|to_string|clone|into_iter|collect|status|header|headers)|(?:assert|console|Promise)\w*)$/i;

/** https://pkg.go.dev/std */
const ofGo =
  /^(?:archive|bufio|bytes|cmp|compress|container|context|crypto|database|debug|embed|encoding|errors|expvar|flag|fmt|go|hash|html|image|index|io|iter|log|maps|math|mime|net|os|path|plugin|reflect|regexp|runtime|slices|sort|strconv|strings|sync|syscall|testing|text|time|unicode|unique|unsafe)(?:\/|$)/;

/** What handlers are called. */
const handling = ['Handle', 'handle', 'HandleAsync', 'Execute', 'execute', '__invoke', 'Consume', 'consume'];

/** The module that a file of Ruby names around a type. */
function outerOf(type: string, file: string, lines: readonly string[]): string | undefined {
  if (!file.endsWith('.rb') || !/^\w+$/.test(type)) return undefined;
  const named = new RegExp(`\\b([A-Z]\\w*)::${type}\\b`);
  for (const text of lines) {
    const outer = text.length < 500 && text.includes(`::${type}`) ? named.exec(text)?.[1] : undefined;
    if (outer !== undefined) return outer;
  }
  return undefined;
}
