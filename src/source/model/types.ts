/**
 * The types of source resolution: from a span, or one frame of a stack trace, to lines that a person would open.
 *
 * The core is pure. What it must know of the world comes through two ports: `WorkspacePort` (files, given by `app/workspace`) and
 * `SourceMapPort` (`SourceMaps` in sourceMaps.ts implements it on top of the first and the `source-map` package).
 *
 * Every file is a URI string (`file:///home/me/app/src/a.ts`, `vscode-remote://wsl+ubuntu/home/me/a.ts`), so that remote and
 * virtual workspaces need nothing special. Paths inside attributes and stacks are text that somebody else wrote: absolute
 * paths of a container, Windows paths, URLs, paths of a build. They stay strings until paths.ts has taken them apart.
 *
 * Lines: `line` of a candidate counts from 0 (as vscode.Position does), of a frame or an attribute from 1 (as printed).
 */

import type { HistoryPort } from './history';
import type { Revision } from './revision';

/** Languages whose stack traces are understood. */
export type StackLanguage = 'javascript' | 'python' | 'java' | 'go' | 'dotnet' | 'ruby' | 'php' | 'rust' | 'elixir';

/** What resolution needs of a span. */
export interface SpanSource {
  readonly name: string;
  readonly service: string;
  /** As OTLP numbers them: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. Default: unknown. */
  readonly kind?: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly scope?: { readonly name: string; readonly version?: string };
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  /** Log records of the span, by time. */
  readonly logs?: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  /** The spans around it, as far as they are known. */
  readonly family?: SpanFamily;
}

/** A span beside the one that is asked about: what it says of its own source. */
export interface Relative {
  readonly name: string;
  readonly service: string;
  /** As OTLP numbers them. */
  readonly kind: number;
  /** `telemetry.sdk.language`. */
  readonly language?: string;
  /** Name of the instrumentation scope. */
  readonly scope?: string;
  /** Those that rungs 1, 5 and 6 read; no stack traces. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The spans around one in its trace. */
export interface SpanFamily {
  /** Its parent, the parent's parent and so on: a few. */
  readonly ancestors: readonly Relative[];
  /** Children of its parent that began before it, in that order: the last few. */
  readonly before: readonly Relative[];
  /** Its own children, in the order in which they began: the first few. */
  readonly children: readonly Relative[];
}

/** One frame of a stack trace. */
export interface StackFrame {
  /** The frame as printed (both lines where a language prints two), without the white space around it. */
  readonly raw: string;
  /** As printed, without arguments: `PricingService.charge`, `main.(*server).chargeOrder`. */
  readonly functionName?: string;
  /** Fully qualified class, where the format prints file names without folders (Java, PHP in OpenTelemetry's form). */
  readonly className?: string;
  /** File as printed; undefined where the frame names none. */
  readonly path?: string;
  /** From 1, as printed. */
  readonly line?: number;
  /** From 1, as printed. */
  readonly column?: number;
  /** Not the user's code, as far as the text tells: node_modules, site-packages, the language's own library. */
  readonly isLibrary: boolean;
  /** In the runtime itself (`native`, `<anonymous>`, `Native Method`): there is no file to open. */
  readonly isNative: boolean;
}

/** One exception of a stack trace. */
export interface ParsedException {
  /** Empty where the text does not say (a bare list of frames). */
  readonly type: string;
  readonly message: string;
  /** Innermost first, in every language (Python prints them the other way round). */
  readonly frames: readonly StackFrame[];
  /** How it belongs to the exception before it; undefined for the first, which is the one that the text is about. */
  readonly relation?: 'cause' | 'suppressed' | 'context' | 'member';
  /** Where to begin to look for the line that threw: frames before it are a panic's hook or a deferred recover. Mostly 0. */
  readonly throwFrame: number;
}

export interface ParsedStack {
  readonly language: StackLanguage;
  /** Outermost first: the exception that was recorded, then what caused it, down to the root. Never empty. */
  readonly exceptions: readonly ParsedException[];
}

/** The step of the ladder that an answer came from. */
export type SourceRung = 'attributes' | 'pathMapping' | 'sourceMap' | 'stack' | 'symbol' | 'literal';

/** A place that may be the source of a span or a frame. */
export interface SourceCandidate {
  /** URI. */
  readonly file: string;
  /** From 0. */
  readonly line: number;
  /** From 0. */
  readonly column?: number;
  readonly rung: SourceRung;
  /** 0 to 1. At 0.9 and above it is opened without asking; see confidence.ts for what each figure stands for. */
  readonly confidence: number;
  /** In words, to be shown under "Why this line?". */
  readonly reason: string;
  /** The file is right as far as known, the line is not: nothing named one. `line` is then 0. */
  readonly lineUnknown?: true;
  /** The place in generated code that a source map led here from. */
  readonly generated?: { readonly file: string; readonly line: number; readonly column?: number };
  /** The original as the source map carries it, because `file` is not in the workspace: this is shown, read-only, and never `file`. */
  readonly content?: string;
  /** The file is generated, and its source map doesn't lead from this place to a file: this is the generated code. */
  readonly unmapped?: true;
  /** Compiled code that is not here: this is the source of the same name, at the function's definition where it was found. */
  readonly guessed?: true;
  /** Where the request was made that the span is a part of (`tls.connect` of `GET`): it is no call of that line's beside the request. */
  readonly ofRequest?: true;
  /**
   * Its real path is in no workspace folder (`fence.ts`): to be opened only after asking. With `content`: the file whose map carries it is not.
   */
  readonly outsideWorkspace?: true;
  /** The path that led here, as the span or the frame writes it. */
  readonly statedPath?: string;
  /** The mapping that led here; `origin` is of an inferred one. */
  readonly mapping?: { readonly prefix: string; readonly target: string; readonly origin?: string };
  /** What happened to the code since the span's commit; undefined where no commit is known, or nothing is known of it. */
  readonly drift?: Drift;
}

/** What happened to a line between the commit that a span ran from and the text in the editor. */
export interface Drift {
  /** The revision as it was resolved: a full hash. */
  readonly commit: string;
  /** From 0: the line at that commit, where `line` of the candidate is the same line now. */
  readonly lineThen: number;
  /** `same`: nothing to tell. `moved`: the line stands elsewhere. `changed`: its function is not what ran. `gone`: the line is no more. */
  readonly kind: 'same' | 'moved' | 'changed' | 'gone';
  /** A sentence for a user: "The line moved from 31 to 47 since 1a2b3c4." */
  readonly note: string;
  /** The same in a few words, to stand behind the line: `moved from line 31 since 1a2b3c4`. Empty for `same`. */
  readonly label: string;
}

/** What came of the commit or version that a span names. */
export interface RevisionAnswer {
  /** `1a2b3c4`, `v1.4.2`, `main` */
  readonly name: string;
  readonly kind: 'commit' | 'tag' | 'branch';
  /** The attribute that named it. */
  readonly from: string;
  /** Why lines could not be mapped, a sentence. */
  readonly problem?: string;
  /** The revision is not in the repository: what would have to be fetched. */
  readonly missing?: string;
}

/** One step that was tried, for the message that says why nothing was found. */
export interface TriedStep {
  readonly rung: SourceRung;
  /** What was looked for: a path, a stack's first line. */
  readonly what: string;
  /** What came of it, in words that follow "tried …:". */
  readonly outcome: string;
}

/** Where an exception that caused the recorded one was thrown. */
export interface CauseLocation {
  readonly type: string;
  readonly message: string;
  readonly relation: 'cause' | 'suppressed' | 'context' | 'member';
  /** Best first; empty when no frame of it is in the workspace. */
  readonly candidates: readonly SourceCandidate[];
}

export interface ResolveResult {
  /** Best first. */
  readonly candidates: readonly SourceCandidate[];
  readonly tried: readonly TriedStep[];
  /** The nested exceptions of the stack that answered, outer to root. */
  readonly causes: readonly CauseLocation[];
  /** Undefined where the span names no revision, or no line of it had to be looked up in the history. */
  readonly revision?: RevisionAnswer;
  /** Paths of no library that are neither in the workspace nor mapped by the user, in the order in which they were asked for. */
  readonly foreign?: readonly string[];
  readonly votes?: readonly PlaceVote[];
  /** A text stands in more lines of the source than were looked at: `ResolveOptions.searchFurther` looks at more. */
  readonly isCut?: boolean;
}

/** The files of the workspace, as the editor gives them. No method rejects: what cannot be read is not there. */
export interface WorkspacePort {
  /** URIs of the workspace folders, without a slash at the end. */
  folders(): readonly string[];
  /**
   * Whether this URI is a file (not a folder). False for all that is by its name in neither a workspace folder nor one that the user's mappings
   * name: those may not even be asked for.
   */
  exists(uri: string): Promise<boolean>;
  /** Whether a file is in the workspace, by its real path (`standingOf` of fence.ts): what is not is opened only after asking. */
  isInside(uri: string): Promise<boolean>;
  /**
   * URIs of the files in the workspace folders whose last path segment is `name` (letter case ignored where `caseSensitive` is
   * false, or `anyCase` asks for it and it can be done). Build output belongs in it (stacks name it); `node_modules`, `.git` and the like may be left out.
   */
  findByBaseName(name: string, anyCase?: boolean): Promise<readonly string[]>;
  /**
   * URIs of the files in the workspace folders whose path below their folder passes a test; undefined where files are not listed. Kept, by the
   * test's name, until files come or go.
   */
  findByPath?(test: PathTest): Promise<readonly string[] | undefined>;
  /**
   * The text of a file (unsaved edits included), or undefined where it is missing, unreadable or larger than `maxBytes`, or where its real path
   * is in neither a workspace folder nor one that the user's mappings name.
   */
  readText(uri: string, maxBytes: number): Promise<string | undefined>;
  readonly caseSensitive: boolean;
}

/** What files are called and where they stand, where that says what they are. The same name means the same test. */
export interface PathTest {
  readonly name: string;
  /** @param path with slashes between; may begin above the workspace folder */
  passes(path: string): boolean;
}

/** Original position of a place in generated code. */
export interface OriginalPosition {
  /** URI where it can be told (relative to the map, `file:`), else the source as the map has it (`webpack://shop/./src/a.ts`). */
  readonly source: string;
  /** From 0. */
  readonly line: number;
  /** From 0. */
  readonly column: number;
  /** The map carries the text of the source: `content` of the port gives it. */
  readonly hasContent?: true;
  /** URI of the map, or of the generated file where the map is inline. */
  readonly map: string;
  /** No column was given, and the generated line comes from several places: this is the first of them. */
  readonly vague?: true;
}

export interface SourceMapPort {
  /**
   * Line and column from 0; without a column the first mapping of the line counts, and the answer says whether that is vague.
   * Undefined where the file has no map. A map that is there and cannot be used, or says nothing of the place, is a problem.
   */
  originalPosition(
    generatedFile: string,
    line: number,
    column: number | undefined,
  ): Promise<OriginalPosition | SourceMapProblem | undefined>;
  /** The text of a source (as `OriginalPosition.source` names it) that the map of a generated file carries. */
  content(generatedFile: string, source: string): Promise<string | undefined>;
}

/** There should be a map, and it cannot be used. */
export interface SourceMapProblem {
  /** In words, to be shown. */
  readonly problem: string;
}

/** A line of the source that holds a text that was looked for. */
export interface TextHit {
  /** URI. */
  readonly file: string;
  /** From 0. */
  readonly line: number;
  /** From 0, of the first occurrence. */
  readonly column: number;
  /** The line, cut around the occurrence where it is very long. */
  readonly text: string;
}

/** Search for fixed texts in the source of the workspace. */
export interface TextSearchPort {
  /**
   * Lines that contain a text, letter for letter, in files of the workspace that a person wrote: not ignored by Git, not in a package folder,
   * not binary, not larger than a source file is. Bounded: `truncated` says that there are more; `further` goes on to a bound that is
   * so many times higher. Questions of the same moment are answered by one search, answers are kept until files change. Rejects with
   * `Cancelled` only.
   */
  find(text: string, signal?: AbortSignal, reach?: SearchReach): Promise<TextSearchAnswer>;
}

/** How far a text is looked for that stands in very many lines. */
export type SearchReach = 'usual' | 'further';

export interface TextSearchAnswer {
  readonly hits: readonly TextHit[];
  readonly truncated: boolean;
}

/** A symbol as a language's provider gives it. */
export interface CodeSymbol {
  readonly name: string;
  /** Names around it, outermost first, as far as they are known: classes, namespaces, modules. */
  readonly containers: readonly string[];
  readonly kind: 'class' | 'interface' | 'function' | 'method' | 'constructor' | 'field' | 'module' | 'other';
  /** URI. */
  readonly file: string;
  /** From 0, of the name. */
  readonly line: number;
  /** From 0, where the whole of it begins and ends. */
  readonly startLine: number;
  readonly endLine: number;
}

/** The symbol providers that are installed. They may be slow to start, so both have a time-out, and answer undefined then. */
export interface SymbolPort {
  /** Symbols of a name anywhere in the workspace, or undefined where no provider answers. */
  inWorkspace(name: string, signal?: AbortSignal): Promise<readonly CodeSymbol[] | undefined>;
  /** All symbols of a document, or undefined where no provider answers for its language. */
  inDocument(file: string, signal?: AbortSignal): Promise<readonly CodeSymbol[] | undefined>;
}

/** Told of what is not asked again, as it was for another question. */
export interface AskedBefore {
  text(uri: string): void;
  found(text: string, answer: TextSearchAnswer): void;
}

export interface SourcePorts {
  readonly workspace: WorkspacePort;
  readonly sourceMaps?: SourceMapPort;
  readonly search?: TextSearchPort;
  readonly symbols?: SymbolPort;
  readonly history?: HistoryPort;
  readonly askedBefore?: AskedBefore;
}

/** A mapping that was not written by the user, but read from how the program is built and run, or learned. */
export interface InferredMapping {
  /** As traces have it: `/usr/src/app`. */
  readonly prefix: string;
  /** As `pathMappings` has it: a URI of a folder. */
  readonly target: string;
  /** Where it comes from, for a person: `.vscode/launch.json, "Attach to cart" (remoteRoot)`. */
  readonly origin: string;
  readonly kind: 'launch' | 'compose' | 'dockerfile' | 'devcontainer' | 'learned';
  /** Names of the services that it is of, as far as they are known: the key in a compose file, its container, `OTEL_SERVICE_NAME`. */
  readonly services?: readonly string[];
  /** One program of one file. Mappings of one owner don't compete: the longest prefix wins, as where one mount lies in another. */
  readonly owner?: string;
  /** The file that it was read from, and the line in it, from 0. */
  readonly file?: string;
  readonly line?: number;
}

/** A folder of the workspace in which source of a service was found, with evidence. */
export interface ServiceFolder {
  /** URI. */
  readonly folder: string;
  /** The folder as the traces have it: `/usr/src/app`. */
  readonly root: string;
  /** Distinct files. */
  readonly files: number;
}

/** A file that was found, and whose function stands where the trace says: what is learned from. */
export interface PlaceVote {
  /** As the trace writes it. */
  readonly path: string;
  /** URI. */
  readonly file: string;
  /** By its suffix alone; otherwise by something that is known already. */
  readonly bySuffix: boolean;
}

export interface ResolveOptions {
  /**
   * `spanhop.source.pathMappings`: prefix as traces have it (`/usr/src/app`, `C:\\build`, `webpack://shop/`) to a folder as it is
   * here (an absolute path, a URI, or a path relative to the workspace folders). `${workspaceFolder}` is already substituted.
   */
  readonly pathMappings: Readonly<Record<string, string>>;
  /** Asked after those of the user, in this order where their prefixes are of the same length; refused ones are left out. */
  readonly inferredMappings?: readonly InferredMapping[];
  /** What a place is of, where no span says it: names of its service and container. */
  readonly services?: readonly string[];
  /** By service: where its source was found before. Tells files apart that fit equally, and warns of those of another service. */
  readonly affinity?: Readonly<Record<string, readonly ServiceFolder[]>>;
  /** Attributes of the span or its resource that name a commit, tag or branch, to be asked before the usual ones. */
  readonly versionAttributes?: readonly string[];
  /** The revisions that a frame's span names (`revisionsOf`), where the span itself is not asked about. */
  readonly revisions?: readonly Revision[];
  /** Rungs 5 and 6 look through the source of the workspace. Default true. */
  readonly searchSource?: boolean;
  /** Somebody wants more of a search that was cut (`ResolveResult.isCut`). Default false. */
  readonly searchFurther?: boolean;
}
