/** Which function or line a question from code is about, and asking the engine about it. */

import type { CodeSubject } from '../../protocol/code';
import type { CodeKnowledge, FunctionRef } from './codeKnowledge';
import type { DocumentNow, EnclosingFunctions } from './enclosingFunctions';
import type { ThrownLines } from './thrownLines';

/** A function of a document, or a line of it that threw. */
export interface CodeTarget extends FunctionRef {
  /** Numbers of throws: the line that threw, not a function. */
  readonly throws?: readonly number[];
}

export class CodeTargets {
  constructor(
    private readonly code: Pick<CodeKnowledge, 'functions' | 'askOf'>,
    private readonly enclosing: EnclosingFunctions,
    private readonly thrown: Pick<ThrownLines, 'in'>,
  ) {}

  /** What ran at a line: the line itself, else what it threw, else the function around it, else the nearest that ran above. */
  async at(document: DocumentNow, line: number): Promise<CodeTarget | undefined> {
    const { uri } = document;
    const { enclosing } = this;
    const { generation, functions } = await this.code.functions(uri);
    const refOf = ({ name, line, places: [place] }: (typeof functions)[number]): CodeTarget => ({
      uri,
      name,
      line,
      place,
      generation,
    });
    const here = functions.find((one) => one.line === line);
    if (here) return refOf(here);
    const threw = (await this.thrown.in(uri)).find((one) => one.line === line);
    if (threw) return { uri, name: '', line, generation: threw.generation, throws: threw.throws };
    const head = enclosing.headOf(document, line);
    const inside = enclosing.around(document, line) && functions.find((one) => enclosing.headOf(document, one.line) === head);
    if (inside) return refOf(inside);
    const above = functions.filter((one) => one.line <= line).at(-1);
    return above && refOf(above);
  }

  /** Asks the engine about a target; undefined when nothing of it is known any more. */
  async ask<T>(target: CodeTarget, question: (subject: CodeSubject) => Promise<T | undefined>): Promise<T | undefined> {
    if (!target.throws) return this.code.askOf(target, question);
    const { generation = -1, throws } = target;
    const answer = await question({ generation, places: [], throws });
    if (answer !== undefined) return answer;
    // The engine counted anew: by its line it is found again.
    const again = (await this.thrown.in(target.uri)).find(({ line }) => line === target.line);
    return again && question({ generation: again.generation, places: [], throws: again.throws });
  }
}

/** As a person reads it: the function, or the line. */
export function nameOfTarget({ name, line, throws }: CodeTarget): string {
  if (throws) return `Errors at line ${line + 1}`;
  return name === '' ? `Line ${line + 1}` : name;
}
