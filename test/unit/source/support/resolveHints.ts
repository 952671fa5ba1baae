/** One hint alone, as CodeLens has many resolved. */
import { hintResolver, type ResolveOptions, type ResolveResult, type SourcePorts } from '../../../../src/source';
import type { SpanHints } from '../../../../src/source/resolve';

export function resolveHints(
  hints: SpanHints,
  ports: SourcePorts,
  options: ResolveOptions,
  signal?: AbortSignal,
): Promise<ResolveResult> {
  return hintResolver(ports, options, signal)(hints);
}
