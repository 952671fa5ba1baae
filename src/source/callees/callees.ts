/**
 * From a call to the functions that it may run, in files that a person wrote. What a receiver is, is told by its declaration, its imports and its
 * name; only where all of that leads nowhere, the source is searched for the function's name, a few times for each question.
 */

import { type Call, callsIn } from '../outline/calls';
import { functionsNamed, hasBody } from '../outline/functions';
import { KeptByLines } from '../outline/keptByLines';
import type { SourceSearch } from '../search/sourceSearch';
import { findDefinitions } from '../symbols/findDefinitions';
import { basesOf, importsOf, isGlobal, localTypeInGo, makersOf, outerOf, passedOn, typesIn } from './bindings';
import {
  calledOn,
  common,
  declaring,
  isCalledLike,
  isOfLibrary,
  isOfResult,
  isOfType,
  mayCall,
  mayImplement,
  ofGo,
  within,
} from './commonCallees';
import { handedCalls, madeCalls } from './constructedCalls';
import { modulesOf, usesOf } from './crateFiles';
import { memberCalledOn, typesOfMember } from './goMembers';
import { filesImplementing } from './implementing';
import { isOfBase } from './inheritedCalls';
import { handler, handlersOf, messagesIn } from './messageCalls';
import { filesOfModule, filesOfPackage, filesOfType } from './moduleFiles';
import { type PlacedFunction, PythonCallees } from './pythonCallees';
import { bareCalls, filtersAbove, filtersIn, recordOf, writes } from './rubyCalls';
import { withoutStores } from './storeCalls';

export type { PlacedFunction };

/** Files that are read on behalf of one question. */
const maxFiles = 80;
/** Names that are searched for, and interfaces whose classes are. */
const maxSearches = 6;
const maxInterfaces = 6;
const maxSearchesInGo = 10;
const maxMembers = 10;
const maxDefinitions = 4;
/** Files into which a module that only passes on is followed. */
const maxPassed = 40;

type Types = ReadonlyMap<string, ReadonlySet<string>>;

/** Follows calls for one question; what was read and found is kept. */
export class Callees {
  readonly #read = new Set<string>();
  readonly #known = new Map<string, Promise<readonly PlacedFunction[]>>();
  readonly #types = new Map<string, Promise<Types>>();
  readonly #python = new PythonCallees({
    lines: (file) => this.lines(file),
    imports: (_, lines) => importsOf(lines),
    types: (file, lines) => this.#typesOf(file, lines),
    modules: (module, near) => filesOfModule(module, near, this.search.context),
  });
  /** `own`: in the package of who calls, which is one folder of Go. */
  readonly #searches = { own: 0, all: 0 };
  #interfaces = 0;
  #members = 0;

  constructor(private readonly search: SourceSearch) {}

  /** Calls of some lines of a file, in the order of the text. */
  async callsOf(file: string, start: number, end: number): Promise<readonly Call[]> {
    const lines = await this.lines(file);
    if (!lines) return [];
    const isRuby = /\.(?:rb|rake|erb)$/.test(file);
    return calls.of(lines, `${start}:${end}`, () => [
      ...callsIn(lines, start, end, isRuby, file.endsWith('.py')),
      ...(isRuby || /\.(?:php|java|cs|[jt]s)$/.test(file) ? madeCalls(lines, start, end, isRuby || file.endsWith('.php')) : []),
      ...(/\.(?:[cm]?[jt]sx?|py)$/.test(file) ? handedCalls(lines, start, end, importsOf(lines)) : []),
      ...(isRuby ? bareCalls(lines, start, end) : messagesIn(lines, start, end, file.endsWith('.php'))),
    ]);
  }

  /** What runs before an action of Rails: filters that its base classes and their concerns ask for; what runs beside a view's method in Python. */
  async filtersOf(file: string, start: number): Promise<readonly PlacedFunction[]> {
    if (file.endsWith('.py')) return this.#python.besides(file, start);
    if (!/_controller\.rb$/.test(file)) return [];
    return filtersAbove(file, {
      lines: (each) => this.lines(each),
      named: (each, name) => this.#named(each, name),
      files: (base) => filesOfType(base, file, this.search.context),
    });
  }

  /** Undefined where the file can't be read, or enough were. */
  async lines(file: string): Promise<readonly string[] | undefined> {
    if (!this.#read.has(file) && this.#read.size >= maxFiles) return undefined;
    this.#read.add(file);
    return this.search.context.lines(file);
  }

  /** What a call in a file may run; empty where it is no user's function, or not found. @param maySearch for its name in all of the source */
  definitions(call: Call, file: string, maySearch = false): Promise<readonly PlacedFunction[]> {
    const line = file.endsWith('.go') ? call.line : '';
    const key = `${file}\n${call.receiver}\n${call.name}\n${maySearch}\n${line}`;
    let known = this.#known.get(key);
    if (!known) {
      known = this.#definitions(call, file, maySearch).then(async (found) =>
        found.length ? withoutStores(call, (await this.lines(file)) ?? [], found) : found,
      );
      this.#known.set(key, known);
    }
    return known;
  }

  async #definitions(call: Call, file: string, maySearch: boolean): Promise<readonly PlacedFunction[]> {
    const lines = await this.lines(file);
    if (!lines) return [];
    if (call.name === handler) return this.#handling(call.receiver, file);
    const parts = calledOn(call);
    const told = file.endsWith('.py') ? await this.#python.definitions(call, parts, file, lines) : undefined;
    const member = file.endsWith('.go') ? memberCalledOn(call, parts, lines[call.line] ?? '') : undefined;
    const held = member === undefined || !maySearch ? [] : await this.#ofMember(member, call, file);
    if (held.length) return held;
    // What a call gives has methods of its own.
    if (told || isOfResult(call, lines[call.line])) return told ?? [];
    const receiver = parts[parts.length - 1]?.replace(/^[@$_]+|[!?]$/g, '');
    if (file.endsWith('.rs')) {
      const found = await this.#ofPath([...parts, call.name], file, lines, call.receiver.includes('::'));
      if (found.length) return found;
    }
    if (receiver === undefined || receiver === '') {
      // What is called on what a call gives is no method of who called.
      const isOther = call.receiver === 'super' || /^(?:\.|->)$/.test(call.receiver);
      const own = isOther ? [] : await this.#named(file, call.name);
      if (own.length) return own;
      const beside =
        file.endsWith('.go') && call.receiver === ''
          ? await this.#besides(this.search.file(file)?.path.slice(0, -1).slice(-2) ?? [], call.name, file)
          : [];
      if (beside.length) return beside;
      const bound = importsOf(lines).get(call.name);
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
      return maySearch && !isOfLibrary(call, file) ? this.#searched(call, file, undefined) : [];
    }
    const written = file.endsWith('.rb') && writes.test(call.name) ? await this.#callbacksOf(receiver, file) : [];
    if (written.length) return written;
    const first = parts[0].replace(/^[@$_]+/, '');
    const isGo = file.endsWith('.go');
    for (const name of new Set([receiver, first])) {
      const bound = importsOf(lines).get(name);
      if (bound && isGo && parts.length === 1 && !(await this.#typesOf(file, lines)).has(name))
        return maySearch ? this.#inPackage(bound.module, call.name, file) : [];
      const found = bound ? await this.#inModule(bound.module, call.name, file, parts) : [];
      if (found.length) return found;
    }
    // What an imported function makes is told by its module.
    const origin = isGo ? undefined : importsOf(lines).get(makersOf(lines).get(parts[parts.length - 1]) ?? '');
    const own = origin ? await this.#inModule(origin.module, call.name, file) : [];
    if (own.length) return own;
    const typed = await this.#typesOf(file, lines);
    const local = isGo && parts.length === 1 ? localTypeInGo(lines, call.line, receiver) : undefined;
    const types =
      local === undefined ? [...(typed.get(parts[parts.length - 1]) ?? []), ...(typed.get(receiver) ?? [])].slice(0, 4) : [local];
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
    // A module of Elixir has what is called of it, and nothing else does.
    if (/\.exs?$/.test(file) && /^\p{Lu}/u.test(receiver)) return [];
    // An extension of the type, or a method of an object that is made here.
    const named =
      parts.length === 1 && call.name.length >= 6 && !common.test(call.name) ? await this.#named(file, call.name) : [];
    const others = named.filter(({ start, end }) => call.line < start || call.line >= end);
    if (others.length) return others;
    if (maySearch && (await isOfBase(types, call.name, file, this.search.context))) return [];
    // Types of Go do not say what they implement.
    for (const type of maySearch && !isGo ? types : []) {
      const found = /^[\w$]+$/.test(type) ? await this.#implementing(type, call.name) : [];
      if (found.length) return found;
    }
    return maySearch ? this.#searched(call, file, receiver, isGo ? types : []) : [];
  }

  /** Of a member of Go that another package declares. */
  async #ofMember(member: string, call: Call, file: string): Promise<readonly PlacedFunction[]> {
    if (this.#members++ >= maxMembers) return [];
    const types = await typesOfMember(member, this.search);
    for (const type of types) {
      const [own] = await this.#inType(type, call.name, file);
      if (own && isOfType((await this.lines(own.file))?.[own.start] ?? '', type)) return [own];
    }
    return types.length ? this.#searched(call, file, member, types) : [];
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

  /** What a record of Rails runs beside its being written: `after_save :count_beds`. */
  async #callbacksOf(receiver: string, file: string): Promise<readonly PlacedFunction[]> {
    const [own = ''] = await filesOfType(recordOf(receiver), file, this.search.context);
    const filters = filtersIn((own === '' ? undefined : await this.lines(own)) ?? []);
    return (await Promise.all(filters.slice(0, 12).map(({ name }) => this.#named(own, name)))).flat();
  }

  #handling(type: string, near: string): Promise<readonly PlacedFunction[]> {
    return handlersOf(type, {
      inType: (name, method) => this.#inType(name, method, near),
      named: (file, method) => this.#named(file, method),
      find: async (needle) => {
        if (this.#interfaces++ >= maxInterfaces) return [];
        const { hits } = await this.search.find(needle);
        return hits.filter(({ file, text }) => text.length < 500 && this.search.file(file)?.standing === 'source');
      },
    });
  }

  /** Functions of a name in a file. */
  async #named(file: string, name: string): Promise<readonly PlacedFunction[]> {
    const lines = await this.lines(file);
    if (!lines) return [];
    // Calls are told without the marks of Ruby's names.
    const names = file.endsWith('.rb') ? [name, `${name}!`, `${name}?`] : [name];
    // What an interface only declares runs elsewhere.
    const found = names
      .flatMap((each) => functionsNamed(lines, each))
      .filter((each) => !declaring.test(file) || hasBody(lines, each));
    return found.slice(0, maxDefinitions).map((each) => ({ ...each, file }));
  }

  /** @param outer the module that is named around the type, which may be its folder */
  async #inType(type: string, name: string, near: string, line = -1, outer?: string): Promise<readonly PlacedFunction[]> {
    const all = await filesOfType(type, near, this.search.context);
    const folder = `/${(outer ?? '').replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()}/`;
    const inFolder = outer === undefined ? [] : all.filter((file) => file.toLowerCase().includes(folder));
    let others: readonly PlacedFunction[] = [];
    for (const file of new Set([...inFolder, ...all].slice(0, 6))) {
      const found = (await this.#named(file, name)).filter(({ start, end }) => file !== near || line < start || line >= end);
      if (found.length && !file.endsWith('.go')) return found;
      // Types of a package stand in any of its files.
      const lines = found.length ? await this.lines(file) : undefined;
      const own = found.filter(({ start }) => isOfType(lines?.[start] ?? '', type));
      if (own.length) return own;
      if (!others.length) others = found;
    }
    return others;
  }

  /** Methods of the classes that implement an interface; of a class, where its file is called otherwise. */
  async #implementing(type: string, name: string, isRust = false): Promise<readonly PlacedFunction[]> {
    if (type.length < (isRust ? 3 : 6) || this.#interfaces++ >= maxInterfaces) return [];
    const { files, isTrait } = await filesImplementing(type, isRust, this.search);
    const found: PlacedFunction[] = [];
    for (const file of files.slice(0, maxDefinitions)) {
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
      const bound = lines && parts.map((part) => importsOf(lines).get(part)).find((each) => each);
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

  /** In those files of a folder that are called like the function. */
  async #besides(folders: readonly string[], name: string, file: string): Promise<readonly PlacedFunction[]> {
    for (const each of await filesOfPackage(folders, name, file, this.search.context)) {
      const found = (await this.#named(each, name)).filter(({ containers }) => !containers.length);
      if (found.length) return found;
    }
    return [];
  }

  /** A package of Go is a folder, any file of which may have the function. */
  async #inPackage(module: string, name: string, file: string): Promise<readonly PlacedFunction[]> {
    if (ofGo.test(module)) return [];
    const folders = module.replace(/\/v\d+$/, '').split('/');
    const near = await this.#besides(folders, name, file);
    if (near.length || this.#searches.all++ >= maxSearchesInGo) return near;
    const { found } = await findDefinitions(name, this.search);
    const placed = await Promise.all(
      found
        .filter(({ kind, containers, source: { path, standing } }) => {
          const shared = path.slice(0, -1).slice(-2);
          const isThere = shared.every((part, i) => part === folders[folders.length - shared.length + i]);
          return kind === 'function' && standing === 'source' && !containers.length && shared.length > 0 && isThere;
        })
        .slice(0, maxDefinitions)
        .map(async ({ source: { file }, line }) => within(await this.#named(file, name), line)),
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
    // A name that stands everywhere is told by its type alone.
    const isCommon = name.length < 6 || common.test(name);
    const reach = near.endsWith('.go') && receiver === undefined ? 'own' : 'all';
    if ((isCommon && !types.length) || this.#searches[reach]++ >= most) return [];
    const { found } = await findDefinitions(name, this.search);
    const functions = found.filter(
      ({ kind, source: { standing, file } }) => kind === 'function' && standing === 'source' && mayCall(near, receiver, file),
    );
    const ofType = functions.filter(({ containers }) => types.some((type) => mayImplement(containers.at(-1) ?? '', type)));
    const told = ofType.length
      ? ofType
      : functions.filter(({ path, containers }) => isCalledLike(receiver ?? '', [...path.slice(-2), ...containers]));
    const chosen = (isCommon ? ofType : told.length ? told : functions).slice(0, maxDefinitions);
    const placed = await Promise.all(
      chosen.map(async ({ source: { file }, line }) => within(await this.#named(file, name), line)),
    );
    const own = placed.flat().filter(({ file }) => file === near);
    return own.length ? own : placed.flat();
  }

  async #typesOf(file: string, lines: readonly string[]): Promise<Types> {
    const known = typesOf.get(lines);
    if (known) return known;
    let types = this.#types.get(file);
    if (!types) {
      types = this.search.context.inSlices(typesIn(lines, file.endsWith('.go')));
      this.#types.set(file, types);
    }
    const found = await types;
    typesOf.set(lines, found);
    return found;
  }
}

/** For the next question as well. */
const typesOf = new WeakMap<readonly string[], Types>();
const calls = new KeptByLines<readonly Call[]>();
