/**
 * The language of a file that is not open, as far as its name tells: settings may differ by language, and opening a file to find out would wake
 * its language's extension.
 */

import { extensions, Uri, workspace } from 'vscode';

export class LanguageIds {
  /** By extension with its dot, and by whole name; lower case. */
  private known: Map<string, string> | undefined;

  /** Undefined where nothing tells. */
  of(file: string): string | undefined {
    const document = workspace.textDocuments.find(({ uri }) => uri.toString() === file);
    if (document) return document.languageId;
    const name = (Uri.parse(file).path.split('/').at(-1) ?? '').toLowerCase();
    this.known ??= contributed();
    const whole = this.known.get(name);
    if (whole !== undefined) return whole;
    // `.d.ts` before `.ts`.
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      const found = this.known.get(name.slice(dot));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Extensions came or went, or the user's associations changed. */
  forget(): void {
    this.known = undefined;
  }
}

function contributed(): Map<string, string> {
  const known = new Map<string, string>();
  for (const { packageJSON } of extensions.all) {
    const languages: unknown = packageJSON?.contributes?.languages;
    if (!Array.isArray(languages)) continue;
    for (const language of languages) {
      if (typeof language?.id !== 'string') continue;
      for (const name of [language.extensions, language.filenames].flat()) {
        if (typeof name === 'string' && !known.has(name.toLowerCase())) known.set(name.toLowerCase(), language.id);
      }
    }
  }
  const associations: unknown = workspace.getConfiguration('files').get('associations');
  if (typeof associations !== 'object' || associations === null) return known;
  for (const [pattern, id] of Object.entries(associations)) {
    const name = /^(?:\*\*\/)?\*?([^*?[\]{}/]+)$/.exec(pattern)?.[1];
    if (name !== undefined && typeof id === 'string') known.set(name.toLowerCase(), id);
  }
  return known;
}
