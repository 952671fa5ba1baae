/**
 * How sure an answer is, and why. The figures are an order, not measured probabilities; what counts is the line at 0.9: from there on
 * the editor opens the file without asking, so everything at or above it has two independent reasons, or the user's word.
 *
 * | file found by                                                             | alone | with evidence |
 * |---------------------------------------------------------------------------|-------|---------------|
 * | the path itself, in a workspace folder                                    | 0.98  | 0.98          |
 * | a path mapping of the user                                                | 0.97  | 0.97          |
 * | an inferred mapping of this very service                                  | 0.92  | 0.96          |
 * | an inferred mapping that says no service, or one of an unknown name       | 0.88  | 0.94          |
 * | an inferred mapping of another service, where this one has its own        | 0.7   | 0.85          |
 * | file name and package statement (Java, Kotlin, PHP)                       | 0.93  | 0.96          |
 * | a relative path below exactly one workspace folder, two segments or more  | 0.89  | 0.95          |
 * | unique suffix of three segments or more that is the whole relative path   | 0.89  | 0.95          |
 * | unique suffix of two segments that is the whole relative path             | 0.86  | 0.93          |
 * | unique suffix of three or more segments, below further folders            | 0.84  | 0.91          |
 * | unique suffix of two segments, below further folders                      | 0.75  | 0.82          |
 * | the file name alone, unique, and nothing else was said                    | 0.7   | 0.8           |
 * | the file name alone, unique, other folders                                | 0.45  | 0.6           |
 * | several files fit equally                                                 | 0.5 / n, best 0.4 | same |
 *
 * | definition of the function that was named: package and class agree        | 0.92  | 0.93          |
 * | … two segments of its path agree (Go, Python, Rust)                       | 0.87  | 0.88          |
 * | … its module or its class agrees                                          | 0.8   | 0.88          |
 * | … its class has it from elsewhere (inherited, generated)                  | 0.55  | 0.7           |
 * | … by the name alone: a function, a method                                 | 0.6, 0.45 | 0.75, 0.6 |
 * | route in a call or annotation of its method; SQL; a span's name where the span begins | 0.8, 0.78, 0.8 | 0.86 |
 * | end of a route; address; table beside its operation; topic                | 0.65 to 0.7 | 0.76    |
 * | a text in any string; a table or a topic alone                            | 0.3 to 0.6 | –        |
 * | several places fit a name or a text equally                               | 0.8 / n, at most 0.4 | 0.75 |
 *
 * Evidence is the function that the frame or the span names, standing in the file near the line; or, for a stack, other frames that
 * are found below the same folder. A service's container often holds `src/index.ts`, and so does another service's: that is why a
 * suffix alone stays below the line. A line beyond the end of the file caps the answer at `staleLine`; without a line it is
 * `noLine` at most; a source map that was followed takes nothing away.
 *
 * For names and texts, evidence is the module that the tracer is named after, a symbol provider that agrees, or a second thing that the
 * span says and that leads to the same function (`agreement`, up to `agreed`). Of several that fit equally, the tracer's or the service's name may
 * tell which (`nearest`). Tests and documents count for a quarter to a third less. Only a stated package and class reach 0.9: a route
 * or a name may stand in the source of another service in the same words.
 *
 * A build file that says "this folder is that one" is one reason, and that the file exists there is hardly another: all services of
 * a template have `/app/src/index.ts`. It is above the line with a second one: the service bears the mapping's name, or the
 * function stands there.
 */

export const confidence = {
  exact: 0.98,
  mapped: 0.97,
  tie: 0.4,
  /** Several files fit equally, and the function stands in one of them only. */
  functionInOne: 0.75,
  /** Several files fit equally, and other spans of the service are below the folder of one of them only. */
  affinity: 0.75,
  /** The same, and its function stands there. */
  affinityWithFunction: 0.85,
  /** The only file that fits is where another service's spans are. */
  rival: 0.75,
  /** The line is not the file's: the definition of the function that was named (foreignLines.ts). */
  foreignLine: 0.75,
  /** Compiled code that is not here: the source of its name, at the function that was named, or at its top. */
  sameStemFunction: 0.4,
  sameStem: 0.3,
  /** The same, where its folders agree as well. */
  builtFunction: 0.62,
  staleLine: 0.45,
  /** The module that is named is another than that of the file; neither the class nor the function that is named is in it. */
  otherModule: 0.7,
  unlike: 0.7,
  noLine: 0.6,
  /** The source map says nothing of the place: the generated code is shown. */
  unmapped: 0.5,
  /** A line of minified code without a column. */
  vague: 0.3,
  /** Not in the workspace, but the map carries the text. */
  contentOnly: 0.6,
  /** A frame above it is no library's, and not in the workspace: the line that threw is elsewhere. */
  skipped: 0.75,
  /** Thrown by a nested exception, when no frame of the recorded one is here. */
  causeOnly: 0.8,
  /** Several places fit, and the tracer's or the service's name tells which. */
  nearest: 0.75,
  /** The same by words that it shares with the spans around. */
  alike: 0.48,
  /** How far one that fits less stays behind, so that nobody is asked to choose. */
  behind: 0.25,
  /** The most that a name can be worth: with the package that the file states, and with less. */
  symbol: 0.93,
  module: 0.88,
  /** The definition of a function, where the file was named and the line was not. */
  definition: 0.88,
  /** One of several definitions in one class, which something beside its name tells from the others. */
  overload: 0.75,
  /** A class has the function from a base or a trait, where it is defined. */
  inheritedMember: 0.75,
  /** The span states a library's file, and the function is in a copy of it. */
  ofLibrary: 0.6,
  /** The function around one that has no name: its line is one further down. */
  aroundClosure: 0.7,
  /** A class stands for a function that has no name. */
  className: 0.6,
  /** The name stands in more lines than were looked at. */
  cutOff: 0.6,
  /** A frame that names no file: the function is right, the line is that of its definition. */
  frameName: 0.85,
  /** What a second, independent way to the same function adds, and how far. */
  agreement: 0.06,
  agreed: 0.89,
  /** A route's handler that is called like the function that is told, in another class. */
  otherClass: 0.45,
  /** The function around the line is not the one that ran any more. */
  changed: 0.85,
  /** It is there, but the line is not in it any more. */
  lineGone: 0.6,
  /** Neither the line nor its function is there any more: other ways to the source may find where they went. */
  gone: 0.45,
  /** Another exception that was recorded on the same span. */
  earlierException: 0.6,
} as const;

/** The line that calls an address. */
export const callConfidence = {
  /** The whole path in a call of the request's method; where the span tells no method; where only the code tells none, by a function's name or not. */
  call: 0.8,
  untold: 0.68,
  byHabit: 0.56,
  anyMethod: 0.55,
  /** The same of a path of one word, or where nothing known as a client is called. */
  anyMethodVague: 0.48,
  /** Nothing known as a client is called. */
  likelyLess: 0.04,
  /** A beginning of the path that nothing stands for; a variable in place of a word. */
  unexplainedLess: 0.1,
  wordLess: 0.08,
  /** It stands there, and is called nowhere that was found. */
  text: 0.45,
  /** All of it stands there. */
  wholeText: 0.52,
  hostOnly: 0.35,
  /** A server's declaration, or a call of another method. */
  other: 0.3,
  /** Another place fits nearly as well. */
  closeRival: 0.62,
  /** Below this the calls that the span around it leads to are looked at. */
  least: 0.5,
  /** Of those, one that is named after the path and whose client is called like the host; one of the two; any call of a client. */
  namedCall: 0.62,
  onlyCall: 0.5,
  anyCall: 0.45,
  /** The only one in files that are called like the host, where nobody is known who called. */
  hostFile: 0.48,
  /** One of several calls of clients. */
  oneOfCalls: 0.4,
} as const;

/** Topics, queues and jobs. */
export const messagingConfidence = {
  /** The name in a call or an annotation of the span's side; the same by way of a constant, a setting, a queue that was made with it. */
  side: 0.76,
  followed: 0.68,
  /** Beside words of messaging; beside nothing; on the other side. */
  about: 0.5,
  alone: 0.4,
  other: 0.3,
  /** A job that is handed over. */
  job: 0.76,
  /** What stands in a test, however well it fits. */
  inTest: 0.4,
} as const;

/** Functions in a cloud. */
export const faasConfidence = {
  /** The settings of a deployment state the handler, and the file has it; and where it does not. */
  stated: 0.8,
  file: 0.45,
  /** A call or an annotation registers it under the name. */
  registered: 0.78,
  /** A module exports something of the name. */
  named: 0.5,
  /** Only the end of the name is what is stated: a stage and a service stand before it. */
  partLess: 0.06,
} as const;

/** Methods of remote services, where they are called. */
export const rpcConfidence = {
  /** On a client that is called like the service. */
  stub: 0.8,
  /** On a client, or in a file that names the service. */
  likely: 0.68,
  bare: 0.4,
} as const;

/** Rung 5: a definition that fits a name to this degree (symbols/matchName.ts), where it is the only one. */
export const symbolConfidence = {
  package: 0.92,
  modules: 0.87,
  module: 0.8,
  class: 0.8,
  partly: 0.6,
  bare: 0.6,
  bareMethod: 0.45,
  inherited: 0.65,
  otherPackage: 0.3,
  none: 0.2,
} as const;

/** Rung 6: a text that stands in the source, where it is the only one. */
export const literalConfidence = {
  /** The action that a path names by convention, which is of another method. */
  actionOfOtherMethod: 0.45,
  /** A call inside of the caller's function, by the operation and what it is done to; by the operation alone; by what it is done to. */
  callWithin: 0.55,
  callWithinByName: 0.42,
  callWithinBySystem: 0.35,
  /** The only call of the caller's function that hands a job over, for one whose class is a library's. */
  handOver: 0.6,
  /** Where the request was made that a span is a part of (`tls.connect` below `GET`), at most. */
  ofRequest: 0.75,
  /** The caller's function, where no call is found in it. */
  caller: 0.3,
  /** The same, beside a place that has something of the span's own. */
  callerBesideOthers: 0.06,

  /** A whole route in a call or an annotation of the request's method. */
  route: 0.8,
  /** The same, and nothing there tells the method. */
  routeAnyMethod: 0.7,
  /** The end of a route, where its beginning is said elsewhere. */
  routeEnd: 0.65,
  /** SQL, letter for letter but for white space and placeholders; and in large part. */
  sql: 0.78,
  sqlPart: 0.5,
  /** A string that is a part of it as it stands there. */
  sqlPiece: 0.66,
  /** Whether the database answers is asked by pools as well. */
  probe: 0.45,
  /** A span's name in the call that begins a span; and anywhere in a string. */
  spanStart: 0.8,
  spanName: 0.45,
  /** The use of a constant that is the name, or a call of what puts the name together. */
  spanFollowed: 0.75,
  /** A name that a template with changing parts gives. */
  spanTemplate: 0.6,
  /** A call of the table's model that does the operation, in a function that a span around leads to; and one that names the columns. */
  queryNear: 0.7,
  /** An annotation with the query, above the method that the span around names. */
  queryStated: 0.82,
  queryNearColumns: 0.74,
  /** A statement that a generator wrote for a table: who calls it is what a person looks for. */
  generated: 0.45,
  /** The same, found in all of the source. */
  query: 0.5,
  queryColumns: 0.57,
} as const;

/** Rung 6, routes: what a declaration accounts for, and how its handler was found. */
export const routeConfidence = {
  /** All of the route is stated, of the request's method. */
  whole: 0.8,
  /** Its beginning is what is usual (`api`, `v1`) or what the file is called. */
  likely: 0.77,
  /** Taken from those where nothing there tells the method. */
  anyMethod: 0.1,
  /** The beginning is stated nowhere. */
  end: 0.6,
  /** The definition of the handler that the declaration names: by its file, an import or its class. */
  handler: 0.85,
  /** By a search for its name. */
  handlerName: 0.76,
  /** Its class, which does not have the method itself. */
  handlerClass: 0.6,
  /** Another declaration accounts for as much, and only what files are called tells which. */
  likened: 0.7,
  /** The declaration beside its handler; a declaration of which too little agrees. */
  registration: 0.4,
  /** A declaration whose handler is named and found nowhere. */
  unfound: 0.45,
  /** It says how another's route is called. */
  client: 0.3,
  /** The only function that is called like the operation of an interface's description. */
  described: 0.76,
  /** Nothing declares it, and a function is called like it; one of several. */
  named: 0.4,
  alike: 0.25,
} as const;

/** A route that is a file's path, where one file is of that route. */
export const fileRouteConfidence = {
  /** In the words of the framework, and the file exports the function that ran. */
  own: 0.92,
  /** In those of any framework; other programs of the workspace may declare the same route in their text. */
  plain: 0.76,
  /** No more than the path of one request is known. */
  path: 0.66,
  /** The file hands on what another one has. */
  followed: 0.85,
  /** The page around what ran; a file that takes all paths; a file that hands on what is not found. */
  near: 0.55,
  /** The file answers another method. */
  otherMethod: 0.45,
  /** It exports no function that could have run. */
  noExport: 0.4,
} as const;

/** A template, by its file; where several have its name, places compete. */
export const viewConfidence = {
  /** Its folders are the ones that were named, two of them at least. */
  path: 0.88,
  /** One folder. */
  name: 0.8,
  /** No folder was named. */
  bare: 0.6,
} as const;

/** A field of GraphQL to the function that resolves it. */
export const graphqlConfidence = {
  /** A function of its name that is of its type, or marked as a resolver. */
  resolver: 0.8,
  /** Where a function of another name is registered for it. */
  registration: 0.6,
  /** A function of its name in a file that is called like a resolver's. */
  near: 0.5,
  /** Of another type. */
  other: 0.3,
  /** The document that asks for it. */
  operation: 0.7,
} as const;

/** A procedure of tRPC, by the keys of the routers on its path. */
export const procedureConfidence = {
  /** Each key of the path is stated by a router that the one before it names. */
  whole: 0.9,
  /** The last router is called like the last key but one; what is before it is not stated. */
  named: 0.55,
} as const;

/** How a file was found, as far as it decides how sure that is. */
export interface Match {
  readonly kind: 'exact' | 'mapping' | 'inferred' | 'relative' | 'suffix' | 'package';
  /** Trailing path segments that are the same. */
  readonly segments: number;
  /** The whole path below the workspace folder is a suffix of the path that was looked for. */
  readonly whole: boolean;
  /** The path that was looked for had no more than its file name. */
  readonly bare: boolean;
  /** How many files fit equally well. */
  readonly ties: number;
  /** Of an inferred mapping: whether it is of the span's service. Default: it doesn't say. */
  readonly service?: 'same' | 'other';
}

export function matchConfidence(match: Match, evidence: boolean): number {
  const { kind, segments, whole, bare, ties, service } = match;
  if (ties > 1) return Math.min(confidence.tie, 0.5 / Math.max(1, ties - 1));
  switch (kind) {
    case 'exact':
      return confidence.exact;
    case 'mapping':
      return confidence.mapped;
    case 'inferred':
      if (service === 'same') return pick(0.92, 0.96);
      return service === 'other' ? pick(0.7, 0.85) : pick(0.88, 0.94);
    case 'package':
      return evidence ? 0.96 : 0.93;
    case 'relative':
      return segments >= 2 ? pick(0.89, 0.95) : pick(0.7, 0.8);
    case 'suffix':
      if (segments >= 2 && whole) return segments >= 3 ? pick(0.89, 0.95) : pick(0.86, 0.93);
      if (segments >= 3) return pick(0.84, 0.91);
      if (segments === 2) return pick(0.75, 0.82);
      return bare || whole ? pick(0.7, 0.8) : pick(0.45, 0.6);
  }

  function pick(alone: number, together: number): number {
    return evidence ? together : alone;
  }
}
