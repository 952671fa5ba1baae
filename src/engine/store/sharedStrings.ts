/**
 * Counts each string table once, however many batches have their names in it. A table grows while batches come, so it is weighed with each of
 * them; asking costs nothing, for the capture asks with every request.
 */

import type { StringTable } from '../../core/model/strings';

export class SharedStrings {
  private readonly tables = new Map<StringTable, { users: number; counted: number }>();
  bytes = 0;

  retain(table: StringTable): void {
    let known = this.tables.get(table);
    if (!known) {
      known = { users: 0, counted: 0 };
      this.tables.set(table, known);
    }
    known.users++;
    const now = table.memory;
    this.bytes += now - known.counted;
    known.counted = now;
  }

  release(table: StringTable): void {
    const known = this.tables.get(table);
    if (!known || --known.users > 0) return;
    this.tables.delete(table);
    this.bytes -= known.counted;
  }
}
