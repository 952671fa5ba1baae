/** Noting what answers are made of, as they ask for it. */

import type { Dependencies, PathTest, SourcePorts, TextSearchAnswer } from '../../source';
import { fileNameOf, uriSegments } from '../../source/uri/uri';
import type { TouchedFile } from '../workspace/workspaceFiles';
import { lastName } from './symbols/symbolNames';

/** A file or a name under whatever spelling: where letter case counts, another file is taken for it now and then, which costs little. */
export function keyOf(name: string): string {
  return name.toLowerCase();
}

/** The path of a URI for a test of paths. */
export function pathOf(uri: string): string {
  return uriSegments(uri).join('/');
}

/** Distinct files and names that are noted; of more than these any may have been asked for. */
const maxNoted = 50_000;

/** What all answers that are out were made of, together: of those that others keep nobody knows more. */
export class AllDependencies implements Dependencies {
  private readonly files = new Set<string>();
  private readonly names = new Set<string>();
  private readonly tests = new Map<string, PathTest>();
  private isSearched = false;

  file(uri: string): void {
    if (this.files.size < maxNoted) this.files.add(keyOf(uri));
  }

  name(baseName: string): void {
    if (this.names.size < maxNoted) this.names.add(keyOf(baseName));
  }

  paths(test: PathTest): void {
    this.tests.set(test.name, test);
  }

  text(): void {
    this.isSearched = true;
  }

  /** Who asks Git hears from it. */
  history(): void {}

  /**
   * Whether a file that came, went or changed may have to do with any of them.
   * @param isSource whether the search of the source looks into it
   */
  concernedBy({ uri, isMoved }: TouchedFile, isSource: boolean): boolean {
    if (this.isSearched && isSource) return true;
    if (this.files.size >= maxNoted || this.files.has(keyOf(uri))) return true;
    if (!isMoved) return false;
    if (this.names.size >= maxNoted || this.names.has(keyOf(fileNameOf(uri)))) return true;
    return [...this.tests.values()].some((test) => test.passes(pathOf(uri)));
  }

  clear(): void {
    this.files.clear();
    this.names.clear();
    this.tests.clear();
    this.isSearched = false;
  }
}

/**
 * The same ports, noting what is asked of them.
 * @param real where a file that may be read really is: through a link it changes under another name
 * @param places those that were another, of all questions that have what was read in common
 */
export function noting(
  ports: SourcePorts,
  into: Dependencies,
  real: (uri: string) => Promise<string | undefined>,
  places = new Map<string, string>(),
): SourcePorts {
  const { workspace, sourceMaps, search, symbols, history } = ports;
  return {
    askedBefore: {
      text(uri) {
        into.file(uri);
        const place = places.get(uri);
        if (place !== undefined) into.file(place);
      },
      found: (text, answer) => noteFound(text, answer, into),
    },
    workspace: {
      caseSensitive: workspace.caseSensitive,
      folders: () => workspace.folders(),
      exists(uri) {
        into.file(uri);
        return workspace.exists(uri);
      },
      isInside(uri) {
        into.file(uri);
        return workspace.isInside(uri);
      },
      findByBaseName(name, anyCase) {
        into.name(name);
        return workspace.findByBaseName(name, anyCase);
      },
      ...(workspace.findByPath && {
        findByPath(test: PathTest) {
          into.paths(test);
          return workspace.findByPath?.(test) ?? Promise.resolve(undefined);
        },
      }),
      async readText(uri, maxBytes) {
        into.file(uri);
        const place = await real(uri);
        if (place !== undefined) into.file(place);
        if (place !== undefined && place !== uri) places.set(uri, place);
        return workspace.readText(uri, maxBytes);
      },
    },
    sourceMaps: sourceMaps && {
      async originalPosition(file, line, column) {
        into.file(file);
        // Where it is looked for by custom; where it really is, the answer tells.
        into.file(`${file}.map`);
        const found = await sourceMaps.originalPosition(file, line, column);
        if (found && 'map' in found) into.file(found.map);
        return found;
      },
      content(file, source) {
        into.file(file);
        return sourceMaps.content(file, source);
      },
    },
    search: search && {
      async find(text, signal, reach) {
        into.text(text);
        const answer = await search.find(text, signal, reach);
        noteFound(text, answer, into);
        return answer;
      },
    },
    symbols: symbols && {
      async inWorkspace(name, signal) {
        into.text(lastName(name));
        const answer = await symbols.inWorkspace(name, signal);
        for (const { file } of answer ?? []) into.file(file);
        return answer;
      },
      inDocument(file, signal) {
        into.file(file);
        return symbols.inDocument(file, signal);
      },
    },
    history: history && {
      textAt(file, refs) {
        into.file(file);
        into.history();
        return history.textAt(file, refs);
      },
      async renamedSince(baseName, refs) {
        into.name(baseName);
        into.history();
        return history.renamedSince(baseName, refs);
      },
    },
  };
}

function noteFound(text: string, { hits }: TextSearchAnswer, into: Dependencies): void {
  into.text(text);
  for (const { file } of hits) into.file(file);
}
