/**
 * Rung 3's port: finds, reads and keeps the source maps of generated files. The maps are read by a consumer that is handed in (`source-map`
 * needs Node to load its WebAssembly), and files through the workspace port, so this is pure.
 *
 * Ideas: the names of sources never go through the consumer, which would normalise them as URLs; it gets numbers instead, and this module
 * resolves the names by the format's rules. Maps are kept in a bounded cache, the least recently used leaves first and its
 * consumer is destroyed; that a file has no map is kept too. `forget` is for files that changed.
 */

import type { OriginalPosition, SourceMapPort, SourceMapProblem } from '../model/types';
import { display } from '../uri/paths';
import { decodeDataUrl, findSourceMappingUrl, resolveBeside, resolveSource } from './sourceMapComment';

/** A map without sections, as JSON has it. */
export interface RawMap {
  readonly version: number;
  readonly file: string;
  readonly sources: string[];
  readonly names: string[];
  readonly mappings: string;
}

export interface RawIndexMap {
  readonly version: number;
  readonly file: string;
  readonly sections: { readonly offset: { readonly line: number; readonly column: number }; readonly map: RawMap }[];
}

/** What is needed of `SourceMapConsumer` of the `source-map` package: lines from 1, columns from 0. */
export interface MapConsumer {
  originalPositionFor(generated: { line: number; column: number; bias?: number }): {
    source: string | null;
    line: number | null;
    column: number | null;
  };
  destroy(): void;
}

export interface SourceMapsOptions {
  readonly readText: (uri: string, maxBytes: number) => Promise<string | undefined>;
  /** `(map) => new SourceMapConsumer(map)`. May reject: the map is then reported as unreadable. */
  readonly loadConsumer: (map: RawMap | RawIndexMap) => Promise<MapConsumer>;
  /** Largest generated file or map that is read. Default 64 MB. */
  readonly maxBytes?: number;
  /** Characters of map text that are kept. Default 128 M. */
  readonly maxCached?: number;
}

interface LoadedMap {
  readonly kind: 'map';
  readonly uri: string;
  readonly consumer: MapConsumer;
  readonly sources: readonly string[];
  readonly contents: readonly (string | undefined)[];
  readonly size: number;
}

type Entry =
  | LoadedMap
  | { readonly kind: 'none'; readonly size: number }
  | { readonly kind: 'problem'; readonly problem: string; readonly size: number };

/** The biases of the `source-map` package. */
const atOrBefore = 1;
const atOrAfter = 2;
/** A column beyond the end of any line. */
const lineEnd = 0x3fffffff;
/** Columns at which a line is asked where it comes from, when no column is given: 32, 64, … up to that of a bundle of a megabyte. */
const probes = Array.from({ length: 16 }, (_, i) => 32 << i);
/** Lines of source that one line of compiled code may come from without leaving its place in doubt. */
const oneStatement = 8;

export class SourceMaps implements SourceMapPort {
  readonly #options: SourceMapsOptions;
  /** By generated file, least recently used first. */
  readonly #entries = new Map<string, Promise<Entry>>();
  readonly #sizes = new Map<string, number>();
  #total = 0;

  constructor(options: SourceMapsOptions) {
    this.#options = options;
  }

  /** Characters of the maps that are kept. */
  get cached(): number {
    return this.#total;
  }

  async originalPosition(
    generatedFile: string,
    line: number,
    column: number | undefined,
  ): Promise<OriginalPosition | SourceMapProblem | undefined> {
    const entry = await this.#entry(generatedFile);
    if (entry.kind === 'none') return undefined;
    if (entry.kind === 'problem') return { problem: entry.problem };
    const position = attempt(() => lookUp(entry.consumer, line, column));
    if (position instanceof Error) return { problem: `its source map cannot be read: ${display(position.message)}` };
    if (!position) return { problem: 'its source map says nothing of this place' };
    const source = entry.sources[position.source];
    if (source === undefined) return { problem: 'its source map names a source that it does not list' };
    const { vague } = position;
    return {
      source,
      line: position.line,
      column: position.column,
      map: entry.uri,
      ...(entry.contents[position.source] === undefined ? {} : { hasContent: true }),
      ...(vague ? { vague } : {}),
    };
  }

  async content(generatedFile: string, source: string): Promise<string | undefined> {
    const entry = await this.#entry(generatedFile);
    return entry.kind === 'map' ? entry.contents[entry.sources.indexOf(source)] : undefined;
  }

  /** Forgets what is known of a generated file or of a map, because it changed; without a URI, everything. */
  forget(uri?: string): void {
    for (const [generated, entry] of [...this.#entries]) {
      if (uri === undefined || generated === uri || `${generated}.map` === uri) this.#drop(generated);
      else void entry.then((each) => each.kind === 'map' && each.uri === uri && this.#drop(generated));
    }
  }

  dispose(): void {
    this.forget();
  }

  #entry(generated: string): Promise<Entry> {
    const known = this.#entries.get(generated);
    if (known) {
      this.#entries.delete(generated);
      this.#entries.set(generated, known);
      return known;
    }
    const entry = this.#load(generated);
    this.#entries.set(generated, entry);
    void entry.then(({ size }) => {
      if (this.#entries.get(generated) !== entry) return;
      this.#sizes.set(generated, size);
      this.#total += size;
      this.#shrink();
    });
    return entry;
  }

  #shrink(): void {
    const max = this.#options.maxCached ?? 128_000_000;
    for (const generated of [...this.#sizes.keys()].length > 1 ? [...this.#entries.keys()] : []) {
      if (this.#total <= max || this.#sizes.size <= 1) return;
      if (this.#sizes.has(generated)) this.#drop(generated);
    }
  }

  #drop(generated: string): void {
    const entry = this.#entries.get(generated);
    this.#entries.delete(generated);
    this.#total -= this.#sizes.get(generated) ?? 0;
    this.#sizes.delete(generated);
    void entry?.then((each) => each.kind === 'map' && each.consumer.destroy());
  }

  async #load(generated: string): Promise<Entry> {
    const maxBytes = this.#options.maxBytes ?? 64 * 1024 * 1024;
    const code = await this.#options.readText(generated, maxBytes);
    const url = code === undefined ? undefined : findSourceMappingUrl(code);
    if (url?.startsWith('data:')) {
      const text = decodeDataUrl(url);
      return text === undefined ? problem('its inline source map cannot be decoded') : this.#parse(text, generated);
    }
    const stated = url === undefined ? undefined : resolveBeside(generated, url);
    for (const uri of new Set([stated, `${generated}.map`])) {
      const text = uri === undefined ? undefined : await this.#options.readText(uri, maxBytes);
      if (uri !== undefined && text !== undefined) return this.#parse(text, uri);
    }
    if (url === undefined) return { kind: 'none', size: 100 };
    return problem(
      stated === undefined
        ? `its source map is at ${display(url)}, which is not fetched`
        : `its source map ${display(url)} is not in the workspace`,
    );
  }

  async #parse(text: string, uri: string): Promise<Entry> {
    const name = display(uri.slice(uri.lastIndexOf('/') + 1));
    try {
      // Some servers put a guard in front, so that the file is no script.
      const json: unknown = JSON.parse(text.replace(/^\)\]\}'[^\n]*/, ''));
      const read = readMap(json, uri);
      if (!read) return problem(`its source map ${name} is no source map`);
      const consumer = await this.#options.loadConsumer(read.map);
      return { kind: 'map', uri, consumer, sources: read.sources, contents: read.contents, size: text.length };
    } catch (error) {
      return problem(`its source map ${name} cannot be read: ${display(error instanceof Error ? error.message : String(error))}`);
    }
  }
}

function problem(text: string): Entry {
  return { kind: 'problem', problem: text, size: 100 };
}

/** The package reads the mappings when the first position is asked for, and throws then. */
function attempt<Result>(action: () => Result): Result | Error {
  try {
    return action();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

interface Found {
  readonly source: number;
  readonly line: number;
  readonly column: number;
  readonly vague?: true;
}

/** With a column the mapping at or before it, else the next; without one the first of the line. */
function lookUp(consumer: MapConsumer, line: number, column: number | undefined): Found | undefined {
  if (!(line >= 0)) return undefined;
  const at = (place: number, bias: number): Found | undefined => {
    const found = consumer.originalPositionFor({ line: line + 1, column: place, bias });
    if (found.source === null || found.line === null) return undefined;
    return { source: Number(found.source), line: found.line - 1, column: found.column ?? 0 };
  };
  if (column !== undefined) return at(Math.max(0, column), atOrBefore) ?? at(Math.max(0, column), atOrAfter);
  const first = at(0, atOrAfter);
  const last = at(lineEnd, atOrBefore);
  if (!first) return undefined;
  // A compiler keeps statements on lines of their own; a minifier does not. A bundle may begin and
  // end with the same file, or end with code that is of none.
  const isNear = (found: Found | undefined): boolean =>
    found === undefined || (found.source === first.source && Math.abs(found.line - first.line) <= oneStatement);
  return isNear(last) && probes.every((column) => isNear(at(column, atOrBefore))) ? first : { ...first, vague: true };
}

interface ReadMap {
  readonly map: RawMap | RawIndexMap;
  readonly sources: readonly string[];
  readonly contents: readonly (string | undefined)[];
}

/** The map with numbers for sources, and the sources by these numbers, over all sections. */
function readMap(json: unknown, uri: string): ReadMap | undefined {
  const sources: string[] = [];
  const contents: (string | undefined)[] = [];
  const object = asObject(json);
  if (!object) return undefined;
  const version = typeof object.version === 'number' ? object.version : 3;
  const plain = (map: Readonly<Record<string, unknown>>): RawMap | undefined => {
    if (typeof map.mappings !== 'string' || !Array.isArray(map.sources)) return undefined;
    const root = typeof map.sourceRoot === 'string' ? map.sourceRoot : undefined;
    const texts: readonly unknown[] = Array.isArray(map.sourcesContent) ? map.sourcesContent : [];
    const numbers = map.sources.map((source: unknown, i) => {
      const content = texts[i];
      sources.push(typeof source === 'string' ? resolveSource(uri, root, source) : '');
      contents.push(typeof content === 'string' ? content : undefined);
      return String(sources.length - 1);
    });
    const names = Array.isArray(map.names) ? map.names.map(String) : [];
    return { version: 3, file: '', sources: numbers, names, mappings: map.mappings };
  };
  if (!Array.isArray(object.sections)) {
    const map = plain(object);
    return map && { map, sources, contents };
  }
  const sections: RawIndexMap['sections'] = [];
  for (const each of object.sections) {
    const section = asObject(each);
    const offset = asObject(section?.offset);
    const inner = asObject(section?.map);
    const map = inner && plain(inner);
    if (!map || typeof offset?.line !== 'number' || typeof offset.column !== 'number') return undefined;
    sections.push({ offset: { line: offset.line, column: offset.column }, map });
  }
  return { map: { version, file: '', sections }, sources, contents };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}
