export interface Shop {
  /** Base address of each service that listens, by its name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Of the launcher. */
  readonly pid: number;
  /** The answers to the customers' requests, when the load has ended. */
  readonly visits: Promise<readonly { readonly name: string; readonly status: number; readonly traceId?: string }[]>;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | undefined>;
  /** Ends all processes; they hand over their last spans. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Base address of an OTLP/HTTP receiver, `http://127.0.0.1:4318`. Without it, and without OTEL_* variables: no tracing. */
  readonly endpoint?: string;
  /** Lets customers in: every request once, then one every `everyMs` (2000). */
  readonly load?: boolean;
  readonly everyMs?: number;
  /** Ends the load after so many requests. */
  readonly visits?: number;
  /** Further environment variables, OTEL_EXPORTER_OTLP_PROTOCOL for instance. */
  readonly env?: Readonly<Record<string, string>>;
  /** Hides what the services print (true). */
  readonly quiet?: boolean;
}

/** What the trace of one request must show. */
export interface Expected {
  /** Name of the root span. */
  readonly name: string;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Undefined only when tracing is off. */
  readonly traceId?: string;
  readonly services: readonly string[];
  readonly repeated?: { readonly span: string; readonly count: number };
  /** The span that recorded the exception, and the line (from 1) of the TypeScript file (relative to the sample) that threw it. */
  readonly failing?: {
    readonly service: string;
    readonly span: string;
    readonly exception: string;
    readonly file: string;
    readonly line: number;
  };
}

/** Installs if the lock file has changed, compiles if a source has. */
export function prepare(): Promise<void>;

/** Resolves when the shop takes requests. */
export function start(options?: StartOptions): Promise<Shop>;

/** Makes each request once and ends the shop. When it resolves, every span has been handed over. */
export function runOnce(options: {
  readonly endpoint?: string;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<Expected[]>;
