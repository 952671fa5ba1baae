/** Tells that a list of traces may be another one: that of the captures, or that of the active backend; at most four times a second. */

import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { Throttle } from '../../base/throttle';
import { LOCAL_DATASET } from '../../protocol/traces';
import { datasetOf } from '../backends/backendDataset';
import type { Backends } from '../backends/backends';
import type { TraceService } from './traceService';

/** Milliseconds between two events. */
const quietMs = 250;

export class ListChanges implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<void>());
  readonly onDidChange = this.changed.event;
  private lastMs = 0;

  constructor(traces: Pick<TraceService, 'onDidChange'>, backends: Pick<Backends, 'active'>) {
    const waitMs = (): number => Math.max(0, this.lastMs + quietMs - Date.now());
    const telling = this.disposables.own(new Throttle(() => this.tell(), { waitMs }));
    this.disposables.add(
      traces.onDidChange(({ dataset }) => {
        if (dataset === LOCAL_DATASET || dataset === datasetOf(backends.active)) telling.ask();
      }),
    );
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private tell(): void {
    this.lastMs = Date.now();
    this.changed.fire();
  }
}
