/** From places in a document to its functions: what one lens is about. */

/** A place that was found in a document. */
export interface LocatedPlace {
  /** Its number. */
  readonly place: number;
  /** The function; empty where none is known. */
  readonly name: string;
  /** From 0; -1 where unknown. */
  readonly line: number;
  /** The name is that of its spans, and no function's: on another line it is another call. */
  readonly isCall?: true;
}

/** Places that are one function or, where none is named, one line. */
export interface CodeFunction {
  readonly name: string;
  readonly places: readonly LocatedPlace[];
}

/** What ran at one function of a document, or at one line where no function is named. */
export interface FunctionStatistics {
  /** As the spans name it; empty where they don't. */
  readonly name: string;
  /** Numbers of its places. */
  readonly places: readonly number[];
  /** From 0; the first line that its spans name. */
  readonly line: number;
  readonly calls: number;
  /** Calls that failed: in error, or with an exception that they recorded. */
  readonly failed: number;
  /** Of these calls; an exception counts once, however many of them recorded it. */
  readonly errors: number;
  readonly p50Ns: number;
  readonly p95Ns: number;
  /** Trace of the call that began last. */
  readonly lastTraceId: string;
}

export function functionsOf(places: readonly LocatedPlace[]): readonly CodeFunction[] {
  const functions = new Map<string, { readonly name: string; readonly places: LocatedPlace[] }>();
  for (const place of places) {
    const key = place.isCall || place.name === '' ? `${place.name}:${place.line}` : place.name;
    const known = functions.get(key);
    if (known) known.places.push(place);
    else functions.set(key, { name: place.name, places: [place] });
  }
  return [...functions.values()];
}

/** What groups of places came to, as the engine answers it for the places of each function, one function after the other. */
export interface GroupStatistics {
  readonly calls: Uint32Array;
  readonly failed: Uint32Array;
  readonly errors: Uint32Array;
  readonly p50Ns: Float64Array;
  readonly p95Ns: Float64Array;
  /** Trace of the call that began last; empty where there is none. */
  readonly lastTraceIds: readonly string[];
  /** Calls of each place, group after group: a place whose spans are gone is still known. */
  readonly callsOfPlace: Uint32Array;
}

/** Statistics by line, of functions that have calls and a known line. */
export function statisticsOf(functions: readonly CodeFunction[], answer: GroupStatistics): readonly FunctionStatistics[] {
  const result: FunctionStatistics[] = [];
  let next = 0;
  for (const [i, { name, places }] of functions.entries()) {
    let line = Number.POSITIVE_INFINITY;
    for (const place of places) {
      // Of calls that are gone the line may be of yesterday's source.
      if (answer.callsOfPlace[next++] > 0 && place.line >= 0) line = Math.min(line, place.line);
    }
    if (answer.calls[i] === 0 || line === Number.POSITIVE_INFINITY) continue;
    result.push({
      name,
      places: places.map(({ place }) => place),
      line,
      calls: answer.calls[i],
      failed: answer.failed[i],
      errors: answer.errors[i],
      p50Ns: answer.p50Ns[i],
      p95Ns: answer.p95Ns[i],
      lastTraceId: answer.lastTraceIds[i],
    });
  }
  return result.sort((a, b) => a.line - b.line || (a.name < b.name ? -1 : 1));
}

/**
 * Whether a minifier made up this name: the same one or two letters stand for another function a few columns on, so it tells
 * nothing. (`terser` and `esbuild` give the shortest free name to each.)
 */
export function isMangled(functionName: string): boolean {
  return /(?:^|[.\s])[\p{L}_$][\p{L}\p{N}_$]?$/u.test(functionName);
}
