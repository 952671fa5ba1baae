/**
 * The frames of the calls that are under way, as V8 has them, without the text that is usually made of them: that text is what is slow, most of all
 * with source maps (`--enable-source-maps`, source-map-support). What the program has set of `Error` is put back as it was.
 * Source: V8, "Stack trace API".
 */

/** Of V8's `CallSite`, what is used here. */
export interface Frame {
  getFileName(): string | null | undefined;
  getScriptNameOrSourceURL?(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getFunctionName(): string | null;
  getMethodName(): string | null;
  getTypeName(): string | null;
  isEval(): boolean;
  isConstructor(): boolean;
  isToplevel(): boolean;
}

const PREPARE = 'prepareStackTrace';
const LIMIT = 'stackTraceLimit';

/** Taken before a program puts its own there. */
const { captureStackTrace } = Error;

const asTheyAre = (_error: unknown, frames: readonly Frame[]): readonly Frame[] => frames;

/**
 * The frames below a function, those of asynchronous callers included, `most` of them; none where the program does not let us have them.
 * @param below whose callers
 */
export function framesBelow(below: (...args: never[]) => unknown, most: number): readonly Frame[] {
  const limit = Object.getOwnPropertyDescriptor(Error, LIMIT);
  const prepare = Object.getOwnPropertyDescriptor(Error, PREPARE);
  if (!isOurs(limit) || !isOurs(prepare)) return [];
  const holder: { stack?: unknown } = {};
  set(LIMIT, limit, most);
  set(PREPARE, prepare, asTheyAre);
  try {
    captureStackTrace.call(Error, holder, below);
    const { stack } = holder;
    return Array.isArray(stack) ? stack : [];
  } catch {
    return [];
  } finally {
    reset(LIMIT, limit);
    reset(PREPARE, prepare);
  }
}

/** Whether a property may be changed for a moment. */
function isOurs(property: PropertyDescriptor | undefined): boolean {
  if (!property) return Object.isExtensible(Error);
  return property.configurable === true || property.writable === true;
}

function set(name: string, before: PropertyDescriptor | undefined, value: unknown): void {
  // An assignment would be told to a program that has a setter there.
  if (before?.writable) Reflect.set(Error, name, value);
  else Object.defineProperty(Error, name, { value, writable: true, configurable: true, enumerable: false });
}

function reset(name: string, before: PropertyDescriptor | undefined): void {
  if (!before) Reflect.deleteProperty(Error, name);
  else if (before.writable) Reflect.set(Error, name, before.value);
  else Object.defineProperty(Error, name, before);
}
