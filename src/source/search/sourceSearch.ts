/**
 * One look through the source for rungs 5 and 6: asks the text search for fixed strings, each once, and knows of each file which language
 * it is of and where it stands. Most of what a search is asked for is settled before it begins (hints.ts), so that the editor can ask for a
 * whole trace at once. What was found may lead to more (a route to its handler's name): a few needles are looked for later.
 */

import type { Context } from '../context/context';
import type { TextHit, TextSearchAnswer } from '../model/types';
import { segmentsInWorkspace } from '../paths/locate';
import { isLibraryPath } from '../uri/libraries';
import { uriSegments } from '../uri/uri';
import { holdsScript, isCode, languageOfFile, ofPages, type SourceLanguage, type Standing, standingOf } from './languages';

export interface SourceFile {
  /** URI. */
  readonly file: string;
  readonly language: SourceLanguage;
  /** Segments below the workspace folder. */
  readonly path: readonly string[];
  readonly standing: Standing;
}

export interface LanguageHit extends TextHit {
  readonly language: SourceLanguage;
}

export interface Hits {
  readonly hits: readonly LanguageHit[];
  /** There are more than were looked at. */
  readonly truncated: boolean;
}

/** Hits of one needle that are looked at, and of one that somebody wants more of. */
const maxHits = 2_000;
const maxFurther = 20_000;
/** Needles that nobody could know before: each may be a search of its own. */
const maxLater = 16;
const shortest = 3;
const longest = 200;
const none: Hits = { hits: [], truncated: false };

export class SourceSearch {
  readonly #answers = new Map<string, Promise<Hits>>();
  readonly #files = new Map<string, SourceFile | undefined>();
  readonly #asked = new Set<string>();
  #later = 0;

  /**
   * @param languages of the service; files of others are left out. Undefined: all
   * @param prepared needles that one search answers for; undefined: all are
   */
  constructor(
    readonly context: Context,
    readonly languages: ReadonlySet<SourceLanguage> | undefined,
    private readonly prepared?: ReadonlySet<string>,
  ) {}

  find(needle: string): Promise<Hits> {
    this.#asked.add(needle);
    let answer = this.#answers.get(needle);
    if (!answer) {
      answer = this.#ask(needle);
      this.#answers.set(needle, answer);
    }
    return answer;
  }

  /** Begins to look for texts of which all are wanted, in one search. */
  begin(needles: readonly string[]): readonly string[] {
    // What goes wrong is told to who asks for it.
    for (const needle of needles) void this.find(needle).catch(() => {});
    return needles;
  }

  /** Whether a search since the last time that somebody asked this was cut: what it did not find may be there all the same. */
  async wasCut(): Promise<boolean> {
    const asked = [...this.#asked];
    this.#asked.clear();
    const answers = await Promise.all(asked.map((needle) => this.#answers.get(needle)));
    return answers.some((answer) => answer?.truncated === true);
  }

  async #ask(needle: string): Promise<Hits> {
    if (this.prepared && !this.prepared.has(needle)) {
      if (needle.length < shortest || needle.length > longest || /[\r\n]/.test(needle)) return none;
      if (++this.#later > maxLater) return { hits: [], truncated: true };
    }
    const answer = await this.context.find(needle);
    if (!answer) return none;
    const most = this.context.options.searchFurther ? maxFurther : maxHits;
    // Those who look at some hits only look at code first.
    const { code, others } = this.languages === ofPages ? withScripts(sorted(answer)) : sorted(answer);
    const own = this.languages?.size ? code.filter(({ language }) => this.isOf(language)) : code;
    const truncated = answer.truncated || own.length > most || others.length > most;
    return { hits: [...own.slice(0, most), ...others.slice(0, most)], truncated };
  }

  isOf(language: SourceLanguage): boolean {
    return !this.languages?.size || this.languages.has(language) || !isCode(language);
  }

  /** Undefined for a file that no person wrote, or of no known language. */
  file(uri: string): SourceFile | undefined {
    if (this.#files.has(uri)) return this.#files.get(uri);
    const language = this.languages === ofPages && holdsScript(uri) ? 'javascript' : languageOfFile(uri);
    const path = segmentsInWorkspace(uri, this.context) ?? uriSegments(uri);
    const file =
      language === undefined || isLibraryPath(path.join('/'))
        ? undefined
        : { file: uri, language, path, standing: standingOf(path, language, this.context.services) };
    this.#files.set(uri, file);
    return file;
  }
}

interface Sorted {
  readonly code: readonly LanguageHit[];
  readonly others: readonly LanguageHit[];
}

/** An answer is kept as long as it holds, and many spans ask for it. */
const known = new WeakMap<TextSearchAnswer, Sorted>();

/** What stands in templates may be of their scripts. */
function withScripts({ code, others }: Sorted): Sorted {
  const isScript = ({ file }: LanguageHit): boolean => holdsScript(file);
  const scripts = [...code, ...others].filter(isScript).map((hit) => ({ ...hit, language: 'javascript' as const }));
  return { code: [...code.filter((hit) => !isScript(hit)), ...scripts], others: others.filter((hit) => !isScript(hit)) };
}

/** The hits of an answer with their languages; those of unknown languages are left out. */
function sorted(answer: TextSearchAnswer): Sorted {
  const before = known.get(answer);
  if (before) return before;
  const code: LanguageHit[] = [];
  const others: LanguageHit[] = [];
  let file = '';
  let language: SourceLanguage | undefined;
  for (const hit of answer.hits) {
    if (hit.file !== file) {
      file = hit.file;
      language = languageOfFile(file);
    }
    if (language !== undefined) (isCode(language) ? code : others).push({ ...hit, language });
  }
  const made = { code, others };
  known.set(answer, made);
  return made;
}
