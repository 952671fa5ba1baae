/** The provider of a program that has none: what the variables say of sampling, limits and the resource holds. */

import { hostname } from 'node:os';
import { threadId } from 'node:worker_threads';
import type { TracerProvider } from '@opentelemetry/api';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { SpanProcessorLike } from '../spans/spanProcessor';

export function ownProvider(processor: SpanProcessorLike): TracerProvider {
  const process = resourceFromAttributes(processAttributes());
  const resource = defaultResource()
    .merge(process)
    .merge(detectResources({ detectors: [envDetector] }));
  return new BasicTracerProvider({ resource, spanProcessors: [processor as unknown as SpanProcessor] });
}

/** Nothing that has to be waited for, and no arguments: they may be secrets. */
function processAttributes() {
  return {
    'process.pid': process.pid,
    'process.executable.name': process.title.slice(0, 200),
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
    'host.name': hostname(),
    ...(process.argv[1] === undefined ? {} : { 'process.command': process.argv[1] }),
    ...(threadId === 0 ? {} : { 'thread.id': threadId }),
  };
}
