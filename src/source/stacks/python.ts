/**
 * Python tracebacks (https://docs.python.org/3/library/traceback.html). The most recent call is last, and the exception that
 * was raised is in the last block; blocks before it are its cause or its context. Each block ends with `Type: message`.
 * Blocks of an ExceptionGroup are indented by `| ` and follow the group itself. `[Previous line repeated N more times]`,
 * quoted source lines and the carets of 3.11 below them are no frames.
 */

import type { ParsedException, StackFrame } from '../model/types';
import { append, ExceptionBuilder, makeFrame, maxLineLength, type StackParser, splitHeader } from './lines';

const causeLine = 'The above exception was the direct cause of the following exception:';
const contextLine = 'During handling of the above exception, another exception occurred:';

interface Block {
  frames: StackFrame[];
  header: string | undefined;
  /** How this block belongs to the one after it. */
  relation: 'cause' | 'context';
  member: boolean;
}

export const pythonParser: StackParser = {
  language: 'python',
  parse(lines) {
    const blocks: Block[] = [];
    let block: Block | undefined;
    for (const line of lines) {
      if (line.length > maxLineLength) continue;
      const indent = /^[\s|+-]*/.exec(line)?.[0] ?? '';
      const text = line.slice(indent.length);
      const frame = /^File "(.+)", line (\d+)(?:, in (.+))?$/.exec(text);
      if (/^(?:Exception Group )?Traceback \(most recent call last\):/.test(text)) {
        block = append(blocks, {
          frames: [],
          header: undefined,
          relation: 'context',
          member: indent.includes('|') && blocks.length > 0,
        });
      } else if (frame) {
        if (!block || block.header !== undefined)
          block = append(blocks, { frames: [], header: undefined, relation: 'context', member: false });
        const isNative = frame[1].startsWith('<');
        block.frames.push(
          makeFrame(line, {
            path: isNative ? undefined : frame[1],
            line: frame[2],
            functionName: functionName(frame[3]),
            isNative,
            isLibrary: isNative ? true : undefined,
          }),
        );
      } else if (block && text === causeLine) block.relation = 'cause';
      else if (block && text === contextLine) block.relation = 'context';
      else if (block && block.header === undefined && block.frames.length && isHeader(indent, text)) block.header = text;
    }
    return order(blocks.filter((each) => each.frames.length > 0));
  },
};

/** The line that ends a block stands at the margin of the block: no blanks but those of a group. */
function isHeader(indent: string, text: string): boolean {
  return text !== '' && (indent === '' || /^[ +-]*\| $/.test(indent)) && /^[A-Za-z_][\w.]*(?::|$| \()/.test(text);
}

/** `shop.pricing.Cart.total` of Python 3.11's qualified names, or a bare name. */
function functionName(text: string | undefined): string | undefined {
  return text === '<module>' ? undefined : text;
}

/** The last block that is no member of a group is the exception; those before it led to it, and members come last. */
function order(blocks: readonly Block[]): readonly ParsedException[] {
  const chain = blocks.filter((block) => !block.member).reverse();
  const result: ParsedException[] = [];
  for (const [index, block] of chain.entries()) result.push(build(block, index === 0 ? undefined : block.relation));
  for (const block of blocks) if (block.member) result.push(build(block, 'member'));
  return result;
}

function build(block: Block, relation: ParsedException['relation']): ParsedException {
  const exception = new ExceptionBuilder(splitHeader(block.header ?? ''), relation);
  exception.frames.push(...block.frames.toReversed());
  return exception.build();
}
