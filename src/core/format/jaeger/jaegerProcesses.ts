/**
 * The processes of one of Jaeger's traces. Spans come before the processes that they name, so resources are reserved by name and filled in when
 * they are met; what is never met is told.
 */

import type { Resource } from '../../model/batch';
import { NO_RESOURCE } from '../../model/batchBuilder';
import type { Sink } from '../sink/sink';

interface Process {
  /** Index of its resource. */
  readonly resource: number;
  /** That name it. */
  spans: number;
  isMet: boolean;
}

export class JaegerProcesses {
  /** By name, an index of a string. */
  private readonly all = new Map<number, Process>();

  constructor(private readonly sink: Sink) {}

  get isEmpty(): boolean {
    return this.all.size === 0;
  }

  /** Index of the resource of the process that a span names. */
  named(name: number): number {
    const process = this.process(name);
    process.spans++;
    return process.resource;
  }

  met(name: number, resource: Resource): void {
    const process = this.process(name);
    process.isMet = true;
    this.sink.builder.resources[process.resource] = resource;
  }

  /** The trace ends. */
  forget(): void {
    for (const { isMet, spans } of this.all.values()) {
      if (!isMet) this.sink.count('of a process that is not there, so that their service is not known.', spans);
    }
    this.all.clear();
  }

  private process(name: number): Process {
    const known = this.all.get(name);
    if (known) return known;
    const process = { resource: this.sink.addResource(NO_RESOURCE), spans: 0, isMet: false };
    this.all.set(name, process);
    return process;
  }
}
