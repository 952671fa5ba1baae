/** The kinds of backends that there are. A new one is a folder beside this file, and a line here. */

import { cloudTrace } from './cloudtrace/cloudTraceDescriptor';
import type { BackendSettings } from './common/backend';
import type { BackendDescriptor } from './common/descriptor';
import { readEntryOf } from './common/entry';
import { elasticsearch } from './elasticsearch/elasticsearchDescriptor';
import { folder } from './folder/folderDescriptor';
import { jaeger } from './jaeger/jaegerDescriptor';
import { logzio } from './logzio/logzioDescriptor';
import { tempo } from './tempo/tempoDescriptor';
import { xray } from './xray/xrayDescriptor';
import { zipkin } from './zipkin/zipkinDescriptor';

export const backendKinds: readonly BackendDescriptor[] = [
  jaeger,
  tempo,
  elasticsearch,
  logzio,
  zipkin,
  xray,
  folder,
  cloudTrace,
];

/** The kind that settings name; undefined where there is none. */
export function backendKind(type: unknown): BackendDescriptor | undefined {
  return backendKinds.find((kind) => kind.type === type);
}

/** The backend that an entry of the setting describes, or what is wrong with it in words. */
export function readEntry(entry: unknown): BackendSettings | string {
  return readEntryOf(backendKinds, entry);
}
