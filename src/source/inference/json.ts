/** JSON with comments as VS Code writes it, as a tree whose nodes know their lines. */

import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type Findings, lineAt } from './findings';

/** The root object, as far as it could be read; what could not is told as a problem. */
export function readJson(text: string, findings: Findings): Node | undefined {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { allowTrailingComma: true });
  } catch (error) {
    // Thousands of brackets inside each other end the parser's stack.
    if (!(error instanceof RangeError)) throw error;
    findings.problem(0, 'It is nested too deeply to be read.');
    return undefined;
  }
  const [first] = errors;
  if (first) findings.problem(lineAt(text, first.offset), `It is not JSON from here on: ${wordsOf(first)}.`);
  return root?.type === 'object' ? root : undefined;
}

export function child(node: Node | undefined, ...path: (string | number)[]): Node | undefined {
  return node && findNodeAtLocation(node, path);
}

export function textOf(node: Node | undefined): string | undefined {
  return node?.type === 'string' && typeof node.value === 'string' ? node.value : undefined;
}

export function items(node: Node | undefined): readonly Node[] {
  return node?.type === 'array' ? (node.children ?? []) : [];
}

/** Names and values of an object. */
export function members(node: Node | undefined): readonly (readonly [string, Node])[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children }) => {
    const [key, value] = children ?? [];
    return typeof key?.value === 'string' && value ? [[key.value, value] as const] : [];
  });
}

function wordsOf({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}
