/** From a call of Python to what it runs, as far as classes tell: methods of the class that an object is of, wherever that stands, and of its bases. */

import type { Call } from '../outline/calls';
import { type FunctionText, functionAt, functionsNamed } from '../outline/functions';
import { type Bound, passedOn } from './bindings';
import { attributesOf, type ClassText, classAt, classNamed, helpersOf, hooksIn, methodsNamed } from './pythonClasses';

export interface PlacedFunction extends FunctionText {
  /** URI. */
  readonly file: string;
}

/** What is read of files. */
interface Files {
  lines(file: string): Promise<readonly string[] | undefined>;
  imports(file: string, lines: readonly string[]): ReadonlyMap<string, Bound>;
  types(file: string, lines: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  modules(module: string, near: string): Promise<readonly string[]>;
}

const maxPassed = 40;

export class PythonCallees {
  constructor(private readonly file: Files) {}

  /** Hooks of the class around a method, or of the class itself, of its own bases, and of the serializers and forms that it names. */
  async besides(file: string, start: number): Promise<readonly PlacedFunction[]> {
    const lines = await this.file.lines(file);
    if (!lines) return [];
    const whole = classAt(lines, start);
    const name = whole ? undefined : classAround(lines, start);
    const own = whole ?? (name === undefined ? undefined : classNamed(lines, name));
    if (!own || (own.bases.length === 0 && !whole)) return [];
    const found: PlacedFunction[] = [];
    const queue: { file: string; lines: readonly string[]; type: ClassText; level: number }[] = [
      { file, lines, type: own, level: 0 },
    ];
    for (let i = 0; i < queue.length && i < 8; i++) {
      const { file: at, lines: text, type, level } = queue[i];
      const placed = [
        ...hooksIn(text, type, whole !== undefined && i === 0),
        { name: undefined, containers: [], ...attributesOf(text, type) },
      ].map((each) => ({ ...each, file: at }));
      found.push(...placed.filter((each) => at !== file || each.start !== start));
      if (level > 1) continue;
      const helpers = helpersOf(text, type, /^(?:serializer|form|filterset|permission|pagination|queryset)_?class(?:es)?$/);
      for (const each of [...type.bases, ...helpers]) {
        const further = await this.#classOf(each.split('.').pop() ?? each, at);
        if (further && !queue.some((one) => one.file === further.file && one.type.start === further.type.start))
          queue.push({ ...further, level: level + 1 });
      }
    }
    return found.slice(0, 24);
  }

  /** Where a class of Python stands: in the file that names it, or where its import says, at most three files on. */
  async #classOf(
    type: string,
    near: string,
    hops = 0,
  ): Promise<{ readonly file: string; readonly lines: readonly string[]; readonly type: ClassText } | undefined> {
    const lines = await this.file.lines(near);
    if (!lines) return undefined;
    const here = classNamed(lines, type);
    if (here) return { file: near, lines, type: here };
    const bound = this.file.imports(near, lines).get(type);
    if (hops > 2) return undefined;
    const modules = bound
      ? [bound.module.endsWith(`.${bound.name}`) ? bound.module.slice(0, -bound.name.length - 1) : bound.module]
      : hops > 0 || near.endsWith('/__init__.py')
        ? passedOn(lines)
        : [];
    for (const module of modules.slice(0, maxPassed)) {
      for (const file of (await this.file.modules(module, near)).slice(0, 2)) {
        const found = file === near ? undefined : await this.#classOf(bound?.name ?? type, file, hops + 1);
        if (found) return found;
      }
    }
    return undefined;
  }

  /** A method of a class of Python, or of what that goes on from; undefined where the class is not found. */
  async #inClass(type: string, name: string, near: string, depth = 0): Promise<readonly PlacedFunction[] | undefined> {
    const found = await this.#classOf(type, near);
    if (!found) return undefined;
    const own = methodsNamed(found.lines, found.type, name).map((each) => ({ ...each, file: found.file }));
    if (own.length || depth > 3) return own;
    for (const base of found.type.bases) {
      const above = (await this.#inClass(base.split('.').pop() ?? base, name, found.file, depth + 1)) ?? [];
      if (above.length) return above;
    }
    return [];
  }

  /** `Order.objects.open()` calls a method of the manager that the class names, or one of its bases, or of the query set that the manager makes. */
  async #ofManager(model: string, attribute: string, name: string, near: string, depth = 0): Promise<readonly PlacedFunction[]> {
    const found = await this.#classOf(model, near);
    if (!found) return [];
    const managers = helpersOf(found.lines, found.type, new RegExp(`^${attribute}$`));
    for (const manager of managers) {
      const methods = (await this.#inClass(manager, name, found.file)) ?? [];
      if (methods.length) return methods;
      const own = await this.#classOf(manager, found.file);
      const made = own && /\breturn\s+(\w{1,80}QuerySet)\(/.exec(own.lines.slice(own.type.start, own.type.end).join('\n'))?.[1];
      const inner = (made && (await this.#inClass(made, name, own.file))) || [];
      if (inner.length) return inner;
    }
    for (const base of managers.length || depth > 2 ? [] : found.type.bases) {
      const above = await this.#ofManager(base.split('.').pop() ?? base, attribute, name, found.file, depth + 1);
      if (above.length) return above;
    }
    return [];
  }

  /** What a call of Python runs, as far as classes tell; undefined where they do not. */
  async definitions(
    call: Call,
    parts: readonly string[],
    file: string,
    lines: readonly string[],
  ): Promise<readonly PlacedFunction[] | undefined> {
    const last = parts[parts.length - 1];
    if (last === undefined) {
      if (call.receiver === '') {
        // A class is called to make one of it.
        if (/^\p{Lu}/u.test(call.name)) return this.#inClass(call.name, '__init__', file);
        const own = functionsNamed(lines, call.name)
          .filter(({ containers }) => !containers.length)
          .map((each) => ({ ...each, file }));
        return own.length ? own : undefined;
      }
      const type = classAround(lines, call.line);
      const own = type === undefined ? undefined : classNamed(lines, type);
      if (type === undefined || !own) return undefined;
      if (!call.receiver.startsWith('super')) {
        const found = await this.#inClass(type, call.name, file);
        return found?.length ? found : undefined;
      }
      for (const base of own.bases) {
        const found = (await this.#inClass(base.split('.').pop() ?? base, call.name, file)) ?? [];
        if (found.length) return found;
      }
      return [];
    }
    const typed = await this.file.types(file, lines);
    const types = [...(/^\p{Lu}/u.test(last) ? [last] : []), ...(typed.get(last) ?? [])];
    const inner = Object.hasOwn(ofSerializer, call.name) ? ofSerializer[call.name] : [];
    for (const type of types.slice(0, 4)) {
      const found = [...((await this.#inClass(type, call.name, file)) ?? [])];
      for (const name of found.length ? [] : inner) found.push(...((await this.#inClass(type, name, file)) ?? []));
      if (found.length) return found;
    }
    // An object that another module made: `order_store = OrderStore()`.
    const bound = types.length ? undefined : this.file.imports(file, lines).get(last);
    if (bound?.module.endsWith(`.${bound.name}`)) {
      for (const made of (await this.file.modules(bound.module.slice(0, -bound.name.length - 1), file)).slice(0, 2)) {
        const text = await this.file.lines(made);
        for (const type of text ? [...((await this.file.types(made, text)).get(bound.name) ?? [])].slice(0, 2) : []) {
          const found = (await this.#inClass(type, call.name, made)) ?? [];
          if (found.length) return found;
        }
      }
    }
    const model = parts.length > 1 && /^[a-z_]{3,40}$/.test(last) ? parts[parts.length - 2] : undefined;
    const managed = model !== undefined && /^\p{Lu}/u.test(model) ? await this.#ofManager(model, last, call.name, file) : [];
    return managed.length ? managed : undefined;
  }
}

/** What serializers and forms of Django call in the place of what is called on them. */
const ofSerializer: Readonly<Record<string, readonly string[]>> = {
  save: ['create', 'update'],
  is_valid: ['validate', 'clean'],
};

/** The name of the class around a line, in Python. */
function classAround(lines: readonly string[], line: number): string | undefined {
  return functionAt(lines, line)?.containers[0]?.replace(/\W+$/, '');
}
