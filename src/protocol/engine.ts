/**
 * What the host asks of the engine, and what the engine tells. The engine (one worker thread) owns decoding, the span store, queries,
 * analysis, the capture's receiver and its log. Between threads structured clone carries bigint and buffers.
 *
 * A dataset is a named collection of traces: 'local' (the running capture and the kept ones), `file:<uri>`, `backend:<name>`.
 */

import type { CaptureCounts, CaptureMethods, CaptureState } from './capture';
import type { CodeMethods } from './code';
import type { DebugMethods } from './debug';
import type { ExceptionMethods } from './exceptions';
import type { FileMethods } from './files';
import type { ForwardMethods } from './forward';
import type { MemoryMethods, MemoryState } from './memory';
import type { SourceMethods } from './source';
import type { TextMethods } from './texts';
import type { TraceMethods } from './traces';

export interface EngineSettings {
  /** Keys whose values are never shown or exported: exact, or with `*` as wildcard; case-insensitive. */
  readonly redactKeys: readonly string[];
  /** Regular expressions (source text); what they match in a value is replaced by `••••`. */
  readonly redactPatterns: readonly string[];
  /** Numbers of payment cards are hidden. */
  readonly redactCardNumbers?: boolean;
  /** What is hidden is hidden before a capture stores it, and not only when it is shown. */
  readonly redactStored?: boolean;
  /** Bytes that all spans, log records and what is made of them may take; what can be had again leaves first. Default: 2 GiB. */
  readonly memoryBytes?: number;
  /** Bytes that captures may take of them; undefined: all. */
  readonly captureMemoryBytes?: number;
  /** Bytes of log that are kept on disk; the oldest captures are deleted first. */
  readonly captureLogBytes: number;
  /** Captures that ended longer ago are deleted; undefined: however old they are. */
  readonly captureMaxAgeMs?: number;
  /** Id of the capture that later ones are compared with; undefined: the one before. */
  readonly compareWith?: string;
}

export interface EngineMethods
  extends TraceMethods,
    TextMethods,
    FileMethods,
    CaptureMethods,
    ForwardMethods,
    CodeMethods,
    DebugMethods,
    ExceptionMethods,
    SourceMethods,
    MemoryMethods {
  configure(params: EngineSettings): void;
}

/** What a person must be told in the window, not only in the log: that spans are not kept, that something is missing. */
export interface EngineNotice {
  /** What it is about: `capture.disk`, `capture.damage:<id>`. A key is told once, and again only after it was over. */
  readonly key: string;
  readonly level: 'info' | 'warning' | 'error';
  /** One or two sentences: the fact, and what to do. */
  readonly message: string;
  /** What a button of the message leads to: the setting with redaction patterns, or starting the capture. */
  readonly step?: 'redaction' | 'capture';
  /** The trouble has passed: nothing is shown, and its next time is told again. */
  readonly over?: boolean;
}

export interface EngineEvents {
  /** At most four times a second. */
  captured: { readonly counts: CaptureCounts; readonly spans: number; readonly traceIds: readonly string[] };
  captureChanged: CaptureState;
  /** Something waits to be forwarded, or came back; told again only after all of it was taken. */
  forwardWaiting: Record<never, never>;
  /** The first spans of a debug session came, by the id that its program was given. */
  sessionHeard: { readonly session: string };
  /** Traces of a dataset changed (captured spans included), at most four times a second. */
  changed: { readonly dataset: string; readonly traceIds: readonly string[] };
  log: { readonly level: 'info' | 'warn' | 'error'; readonly message: string };
  notice: EngineNotice;
  /** Captured traces left memory, or are back. At most once a second. */
  memory: MemoryState;
}
