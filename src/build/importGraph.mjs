// @ts-check
// Who imports whom, and where that goes round in a circle. Among folders a type counts as well, because what needs another's types cannot be
// understood without it; among files only what is imported by value does, which is what decides in which order they are loaded.

import { posix } from 'node:path';

/** @typedef {ReadonlyMap<string, ReadonlySet<string>>} Graph From each node to those that it imports. */
/** @typedef {{ readonly file: string, readonly specifier: string, readonly typeOnly: boolean }} Import */

const endings = ['', '.ts', '.mts', '.mjs', '.js', '/index.ts'];

/**
 * The folder of a file. A file that stands in `src` itself is a node of its own: those are entries and contracts, not a folder's content.
 * @param {string} file From the project's root, with slashes.
 */
export function folderOf(file) {
  const folder = posix.dirname(file);
  return folder === 'src' ? file : folder;
}

/**
 * @param {readonly string[]} files From the project's root, with slashes.
 * @param {readonly Import[]} imports Of all of them.
 * @returns {{ folders: Graph, values: Graph }} What leads to none of the files is left out.
 */
export function graphsOf(files, imports) {
  const known = new Set(files);
  /** @type {Map<string, Set<string>>} */
  const folders = new Map();
  /** @type {Map<string, Set<string>>} */
  const values = new Map();
  for (const { file, specifier, typeOnly } of imports) {
    const path = posix.join(posix.dirname(file), specifier);
    const target = specifier.startsWith('.') ? endings.map((end) => path + end).find((each) => known.has(each)) : undefined;
    if (target === undefined) continue;
    if (folderOf(file) !== folderOf(target)) add(folders, folderOf(file), folderOf(target));
    if (!typeOnly && file !== target) add(values, file, target);
  }
  return { folders, values };
}

/** @param {Map<string, Set<string>>} graph @param {string} from @param {string} to */
function add(graph, from, to) {
  const known = graph.get(from) ?? new Set();
  graph.set(from, known.add(to));
}

/**
 * The groups of nodes of which each reaches each other, sorted. R. Tarjan, "Depth-first search and linear graph algorithms", 1972.
 * @param {Graph} graph
 * @returns {string[][]}
 */
export function cyclesOf(graph) {
  /** @type {Map<string, number>} */
  const index = new Map();
  /** @type {string[]} */
  const path = [];
  const onPath = new Set();
  /** @type {string[][]} */
  const cycles = [];
  /** @param {string} node @returns {number} The earliest node of the path that is reached. */
  const visit = (node) => {
    const own = index.size;
    index.set(node, own);
    path.push(node);
    onPath.add(node);
    let earliest = own;
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) earliest = Math.min(earliest, visit(next));
      else if (onPath.has(next)) earliest = Math.min(earliest, index.get(next) ?? own);
    }
    if (earliest !== own) return earliest;
    const group = path.splice(path.indexOf(node));
    for (const each of group) onPath.delete(each);
    if (group.length > 1) cycles.push(group.sort());
    return earliest;
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return cycles.sort((a, b) => (a[0] < b[0] ? -1 : 1));
}
