// @ts-check
// The law of arrows, and its check: no folder and no file imports, by whatever way round, one that imports it (types count: who needs another's types
// cannot live without it), and no two files of a layer have one name. A file that stands in `src` or
// `webview` itself is a room of its own. `checkLayers.mjs` prints the circles.

import { posix } from 'node:path';
import { importsOf } from './imports.mjs';

/** @typedef {Map<string, Map<string, string>>} Graph Of each room those that it imports, with a file that does: `a.ts -> b.ts`. */

/**
 * Rooms that reach each other, each set of them once.
 * @param {Graph} graph
 * @returns {string[][]}
 */
export function circlesOf(graph) {
  // Tarjan's strongly connected components, https://doi.org/10.1137/0201010, without recursion.
  /** @type {Map<string, { index: number, low: number, waits: boolean }>} */
  const seen = new Map();
  /** @type {string[]} */
  const stack = [];
  /** @type {string[][]} */
  const circles = [];
  for (const start of graph.keys()) {
    if (seen.has(start)) continue;
    /** @type {{ room: string, next: Iterator<string> }[]} */
    const path = [];
    const enter = (/** @type {string} */ room) => {
      seen.set(room, { index: seen.size, low: seen.size, waits: true });
      stack.push(room);
      path.push({ room, next: (graph.get(room) ?? new Map()).keys() });
    };
    enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const own = /** @type {{ index: number, low: number, waits: boolean }} */ (seen.get(top.room));
      const step = top.next.next();
      if (!step.done) {
        const other = seen.get(step.value);
        if (other === undefined) enter(step.value);
        else if (other.waits) own.low = Math.min(own.low, other.index);
        continue;
      }
      path.pop();
      const above = path.at(-1) && seen.get(path[path.length - 1].room);
      if (above) above.low = Math.min(above.low, own.low);
      if (own.low !== own.index) continue;
      const circle = stack.splice(stack.lastIndexOf(top.room));
      for (const room of circle) Object.assign(seen.get(room) ?? {}, { waits: false });
      if (circle.length > 1) circles.push(circle.sort());
    }
  }
  return circles;
}

/** @param {string} file */
const roomOf = (file) => (file.split('/').length === 2 ? file : posix.dirname(file));

/** @param {string} file */
const layerOf = (file) => (file.startsWith('webview/') ? 'webview' : file.split('/').slice(0, 2).join('/'));

/**
 * @param {ReadonlyMap<string, string>} files Their texts by their paths from the project's root, with slashes.
 * @param {readonly string[]} [left] Folders whose circles are not told, as long as there are any.
 * @returns {string[]} What is wrong, a sentence each.
 */
export function cycleProblems(files, left = []) {
  /** @type {Graph} */
  const rooms = new Map();
  /** @type {Graph} */
  const needs = new Map([...files.keys()].map((file) => [file, new Map()]));
  for (const [file, text] of files) {
    for (const { specifier } of importsOf(text)) {
      if (!specifier.startsWith('.')) continue;
      const path = posix.join(posix.dirname(file), specifier);
      const target = [path, `${path}.ts`, `${path}/index.ts`].find((each) => files.has(each));
      if (target === undefined || target === file) continue;
      needs.get(file)?.set(target, '');
      const [from, to] = [roomOf(file), roomOf(target)];
      if (from === to) continue;
      const arrows = rooms.get(from) ?? new Map();
      if (!arrows.has(to)) arrows.set(to, `${file} -> ${target}`);
      rooms.set(from, arrows);
    }
  }
  const used = new Set();
  const isTold = (/** @type {readonly string[]} */ circle) => {
    const entry = left.find((path) => circle.every((node) => node === path || node.startsWith(`${path}/`)));
    used.add(entry);
    return entry === undefined;
  };
  const folders = circlesOf(rooms)
    .filter(isTold)
    .map((circle) => {
      const within = circle.flatMap((room) => [...(rooms.get(room) ?? [])].filter(([to]) => circle.includes(to)));
      return `folders in a circle: ${circle.join(', ')}\n${within.map(([, arrow]) => `    ${arrow}`).join('\n')}`;
    });
  const ofFiles = circlesOf(needs)
    .filter(isTold)
    .map((circle) => `files that need each other: ${circle.join(', ')}`);
  const over = left
    .filter((entry) => !used.has(entry))
    .map((entry) => `${entry} is in no circle any more: take it out of the list`);
  return [...folders, ...ofFiles, ...over, ...doubledNames([...files.keys()])];
}

/** @param {readonly string[]} files */
function doubledNames(files) {
  /** @type {Map<string, string[]>} */
  const byName = new Map();
  for (const file of files) {
    const name = posix.basename(file);
    if (name === 'index.ts') continue;
    const key = `${layerOf(file)}\n${name}`;
    byName.set(key, [...(byName.get(key) ?? []), file]);
  }
  return [...byName.values()].filter(({ length }) => length > 1).map((same) => `one name for several files: ${same.join(', ')}`);
}
