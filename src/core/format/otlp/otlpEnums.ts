/**
 * Names of OTLP's enums, which protobuf's own JSON has in place of numbers, and other writers in their languages' forms: `SERVER`, `Server`,
 * `SpanKind.SERVER`. Source: opentelemetry/proto/trace/v1/trace.proto (v1.11.0).
 */

import { KeyTable } from '../json/keys';

/** The names of one enum. */
export interface EnumNames {
  /** As protobuf has them. */
  readonly table: KeyTable;
  /** In capitals, without what stands before them. */
  readonly values: ReadonlyMap<string, number>;
}

export const kindNames = namesOf('SPAN_KIND_', ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']);
export const statusNames = namesOf('STATUS_CODE_', ['UNSET', 'OK', 'ERROR']);

function namesOf(prefix: string, names: readonly string[]): EnumNames {
  const numbers = names.map((name, number) => [name, number] as const);
  return {
    table: new KeyTable(Object.fromEntries(numbers.map(([name, number]) => [prefix + name, number]))),
    values: new Map(numbers),
  };
}

/** The number of a name in any form; undefined for what is none. */
export function enumOf({ values }: EnumNames, text: string): number | undefined {
  const bare = text.trim().toUpperCase();
  return values.get(bare.replace(/^(?:SPAN_?KIND|STATUS_?CODE)[_.]/, ''));
}
