/**
 * A kind of document: trace data that is none of the formats that are read straight into columns, but says the same as one of them. It is
 * recognised by its members and put into the words of the nearest of those, so that a kind is one file, and what a reader knows holds for all.
 */

import type { TraceFormat } from '../sink/layout';
import type { Members } from './literal';

/** A document in the words of a format that has a reader: an OTLP/JSON request, a Zipkin v2 span, a trace or an answer of Jaeger's. */
export interface Translation {
  readonly as: 'otlp-json' | 'zipkin' | 'jaeger';
  /** What JSON can say. */
  readonly value: unknown;
  /** What is wrong with some of its spans. */
  readonly flaws?: readonly Flaw[];
}

/** What spans lack that are kept all the same. */
export interface Flaw {
  readonly spans: number;
  /** Goes on after "x has 2 spans". */
  readonly sentence: string;
}

interface Kind {
  readonly format: TraceFormat;
  /** Whether the document is of this kind. Asked of any object: cheap, and sure. */
  is(document: Members): boolean;
  /** Finds this kind in the beginning of an input whose first document is longer than that. */
  readonly hint?: RegExp;
  /**
   * Whether the document may be read in parts where it is long, each with some elements of its lists of spans and the plain members before them
   * (`mixed/documentParts.ts`): it is no span itself, and no span of it needs another one, or what stands behind.
   */
  inParts?(document: Members): boolean;
}

export type DocumentKind = Kind & (Translator | { begin(): Gathering });

export interface Translator {
  translate(document: Members, bytes: number): Translation;
}

/** Reads the documents of one text, where what one says depends on others. */
export interface Gathering extends Translator {
  /** Bytes of documents that are held until more is known. */
  readonly byteLength: number;
  /** There are no more. */
  end(): Translation | undefined;
}

/** A kind that is lines of text. Holds the lines of one span. */
export interface LineKind {
  readonly format: TraceFormat;
  /** Takes the next line; returns what became complete. */
  line(text: string): Translation | undefined;
  /** There are no more lines. */
  end(): Translation | undefined;
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or one without members. */
export function membersOf(value: unknown): Members {
  return isMembers(value) ? value : {};
}

/** The list, of objects alone; empty for anything else. */
export function membersIn(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.filter(isMembers) : [];
}

/** A string, or a number as one; empty for anything else, which may have no text at all. */
export function scalarOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}

/** As JSON. A whole number that a double does not hold is a text in it, as OTLP, Zipkin and Jaeger take one. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => plainValue(inner)) ?? 'null';
}

/** `jsonOf`, as long as that is no longer than about `most`; undefined where it is: a text of a document may stand many times in its translation. */
export function jsonWithin(value: unknown, most: number): string | undefined {
  let left = most;
  const tooLong = new Error('Too long.');
  try {
    return JSON.stringify(value, (key, inner: unknown) => {
      left -= key.length + (typeof inner === 'string' ? inner.length : 0);
      if (left < 0) throw tooLong;
      return plainValue(inner);
    });
  } catch (error) {
    if (error === tooLong) return undefined;
    throw error;
  }
}

function plainValue(value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
