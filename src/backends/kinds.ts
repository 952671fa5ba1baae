/** The kinds of backends that there are. A new one is a folder beside this file, and a line here. */

import type { AnswerReader, Backend, BackendSettings } from './common/backend';
import type { Transport } from './common/transport';
import { JaegerBackend } from './jaeger/jaeger';

export interface BackendKind {
  /** As settings name it. */
  readonly type: string;
  /** As people name it. */
  readonly label: string;
  /** Where one on this machine answers. */
  readonly exampleUrl: string;
  create(settings: BackendSettings, transport: Transport, reader: AnswerReader): Backend;
}

export const backendKinds: readonly BackendKind[] = [
  {
    type: 'jaeger',
    label: 'Jaeger',
    exampleUrl: 'http://localhost:16686',
    create: (settings, transport, reader) => new JaegerBackend(settings, transport, reader),
  },
];
