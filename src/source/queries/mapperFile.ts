/**
 * Mappers of MyBatis (https://mybatis.org/mybatis-3/sqlmap-xml.html, dynamic-sql.html): XML whose elements are statements with parts that
 * are there only sometimes. Each is read into all of its text and the text that is there always; no parser of XML, tolerant of what is cut off.
 */

export interface MappedStatement {
  readonly id: string;
  /** From 0, of its element's beginning. */
  readonly line: number;
  /** Placeholders are `?`. */
  readonly text: string;
  /** What no condition leaves out. */
  readonly always: string;
}

export interface MapperFile {
  /** The interface's full name. */
  readonly namespace: string;
  readonly statements: readonly MappedStatement[];
}

const maxText = 1_000_000;
const maxStatements = 400;
const maxBlocks = 1_500;
const maxBody = 20_000;
const maxNested = 4;

interface Piece {
  readonly text: string;
  readonly isOptional: boolean;
  /** Of a fragment that stands elsewhere. */
  readonly include?: string;
}

interface Block {
  readonly tag: string;
  readonly id: string;
  readonly line: number;
  readonly pieces: readonly Piece[];
}

/** Undefined where it is no mapper. */
export function readMapper(text: string): MapperFile | undefined {
  if (text.length > maxText) return undefined;
  const namespace = /<(?:mapper|sqlMap)\s[^<>]{0,200}?\bnamespace\s{0,4}=\s{0,4}["']([\w.$]{1,300})["']/.exec(
    text.slice(0, 20_000),
  )?.[1];
  if (namespace === undefined) return undefined;
  const blocks = blocksOf(text);
  const fragments = new Map(blocks.filter(({ tag }) => tag === 'sql').map((block) => [block.id, block.pieces]));
  return {
    namespace,
    statements: blocks
      .filter(({ tag }) => tag !== 'sql')
      .slice(0, maxStatements)
      .map(({ id, line, pieces }) => {
        const all = unfolded(pieces, fragments, 0);
        const joined = (of: readonly Piece[]): string =>
          of
            .map((piece) => piece.text)
            .join(' ')
            .slice(0, maxBody)
            .replace(/[#$]\{[^{}]*\}/g, '?');
        return { id, line, text: joined(all), always: joined(all.filter(({ isOptional }) => !isOptional)) };
      }),
  };
}

function unfolded(
  pieces: readonly Piece[],
  fragments: ReadonlyMap<string, readonly Piece[]>,
  depth: number,
  isOptional = false,
): readonly Piece[] {
  return pieces.flatMap((piece) => {
    const optional = isOptional || piece.isOptional;
    if (piece.include === undefined) return [{ text: piece.text, isOptional: optional }];
    const inner = fragments.get(piece.include);
    return inner && depth < maxNested ? unfolded(inner, fragments, depth + 1, optional) : [];
  });
}

const statementTag = /^(?:select|insert|update|delete|sql)$/;
const conditional = /^(?:if|choose|foreach|dynamic|isNotNull|isNotEmpty|isEqual|iterate)$/;

function blocksOf(text: string): readonly Block[] {
  const found: Block[] = [];
  let open: { tag: string; id: string; line: number; pieces: Piece[] } | undefined;
  let optional = 0;
  let ignored = 0;
  let line = 0;
  let counted = 0;
  const note = (piece: string): void => {
    if (open && ignored === 0 && piece.trim() !== '') open.pieces.push({ text: piece, isOptional: optional > 0 });
  };
  for (let at = 0; at < text.length && found.length < maxBlocks; ) {
    const next = text.indexOf('<', at);
    if (next < 0) break;
    note(decoded(text.slice(at, next)));
    if (text.startsWith('<!--', next)) {
      at = after(text, '-->', next);
      continue;
    }
    if (text.startsWith('<![CDATA[', next)) {
      at = after(text, ']]>', next);
      note(text.slice(next + 9, at - 3));
      continue;
    }
    const end = tagEnd(text, next);
    const [, slash, tag = '', rest = ''] = /^<(\/?)([A-Za-z]{1,30})([\s\S]*)/.exec(text.slice(next, end)) ?? [];
    const isEmpty = rest.endsWith('/>');
    at = end;
    if (statementTag.test(tag) && (!open || tag === open.tag)) {
      if (open) found.push(open);
      open = undefined;
      optional = 0;
      ignored = 0;
      if (slash === '' && !isEmpty) {
        for (; counted < next; counted++) if (text.charCodeAt(counted) === 10) line++;
        open = { tag, id: attribute(rest, 'id'), line, pieces: [] };
      }
      continue;
    }
    if (!open) continue;
    const isOpening = slash === '';
    if (tag === 'include') open.pieces.push({ text: '', isOptional: optional > 0, include: lastOf(attribute(rest, 'refid')) });
    else if (tag === 'where') note(isOpening ? 'where' : '');
    else if (tag === 'set') note(isOpening ? 'set' : '');
    else if (tag === 'trim') note(isOpening ? decoded(attribute(rest, 'prefix')) : '');
    else if (tag === 'selectKey') ignored += isEmpty ? 0 : isOpening ? 1 : -1;
    else if (conditional.test(tag)) {
      if (isOpening && tag === 'foreach') note(`${attribute(rest, 'open')} `);
      optional = Math.max(0, optional + (isEmpty ? 0 : isOpening ? 1 : -1));
    }
  }
  return found;
}

/** After the bracket that closes a tag; a condition in quotes may hold one. */
function tagEnd(text: string, start: number): number {
  for (let i = start; i < text.length && i < start + 4_000; i++) {
    const char = text[i];
    if (char === '>') return i + 1;
    if (char === '"' || char === "'") {
      const close = text.indexOf(char, i + 1);
      if (close < 0) return text.length;
      i = close;
    }
  }
  return Math.min(text.length, start + 4_000);
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}

const attributes = {
  id: /\sid\s{0,4}=\s{0,4}(?:"([^"]{0,300})"|'([^']{0,300})')/,
  refid: /\srefid\s{0,4}=\s{0,4}(?:"([^"]{0,300})"|'([^']{0,300})')/,
  open: /\sopen\s{0,4}=\s{0,4}(?:"([^"]{0,300})"|'([^']{0,300})')/,
  prefix: /\sprefix\s{0,4}=\s{0,4}(?:"([^"]{0,300})"|'([^']{0,300})')/,
} as const;

function attribute(tag: string, name: keyof typeof attributes): string {
  const found = attributes[name].exec(tag.slice(0, 2_000));
  return found?.[1] ?? found?.[2] ?? '';
}

function decoded(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => entities[name] ?? ' ');
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
