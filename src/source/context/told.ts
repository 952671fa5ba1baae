/** What something was made of that several answers are made of in turn: each of them is told all of it, whenever it came. */

import type { Dependencies } from '../model/dependencies';
import type { PathTest } from '../model/types';

export class Told implements Dependencies {
  readonly files = new Set<string>();
  readonly names = new Set<string>();
  readonly tests = new Map<string, PathTest>();
  readonly texts = new Set<string>();
  #usesHistory = false;
  readonly #others = new Set<Dependencies>();

  /** Tells another what this was told, and what it will be. */
  passTo(other: Dependencies | undefined): void {
    if (!other || other === this || this.#others.has(other)) return;
    this.#others.add(other);
    for (const uri of this.files) other.file(uri);
    for (const name of this.names) other.name(name);
    for (const test of this.tests.values()) other.paths(test);
    for (const text of this.texts) other.text(text);
    if (this.#usesHistory) other.history();
  }

  file(uri: string): void {
    if (this.files.has(uri)) return;
    this.files.add(uri);
    for (const other of this.#others) other.file(uri);
  }

  name(baseName: string): void {
    if (this.names.has(baseName)) return;
    this.names.add(baseName);
    for (const other of this.#others) other.name(baseName);
  }

  paths(test: PathTest): void {
    if (this.tests.has(test.name)) return;
    this.tests.set(test.name, test);
    for (const other of this.#others) other.paths(test);
  }

  text(text: string): void {
    if (this.texts.has(text)) return;
    this.texts.add(text);
    for (const other of this.#others) other.text(text);
  }

  history(): void {
    this.#usesHistory = true;
    for (const other of this.#others) other.history();
  }
}
