/** A small workspace written into a test, searched by its text; what `resolveHints` says of a span in it. */
import type { ResolveResult, SourcePorts } from '../../../../src/source';
import type { SpanHints } from '../../../../src/source/resolve';
import { resolveHints } from './resolveHints';
import { memorySearch } from './search';
import { memoryWorkspace } from './workspace';

export const root = 'file:///work';

/** Files by their path below the workspace folder. */
export function memoryPorts(files: Readonly<Record<string, string>>): SourcePorts {
  const byUri = Object.fromEntries(Object.entries(files).map(([path, text]) => [`${root}/${path}`, text]));
  return { workspace: memoryWorkspace([root], byUri), search: memorySearch(byUri) };
}

export type Asked = Partial<SpanHints>;

export async function hintsOf(span: Asked, files: Readonly<Record<string, string>>): Promise<ResolveResult> {
  return resolveHints({ name: '', attributes: {}, ...span }, memoryPorts(files), { pathMappings: {} });
}

/** `path:line confidence` of the candidates, lines from 1. */
export function shown({ candidates }: ResolveResult): readonly string[] {
  return candidates.map(({ file, line, confidence }) => `${file.slice(root.length + 1)}:${line + 1} ${confidence.toFixed(2)}`);
}

/** Of the best candidate, `path:line`; empty where there is none. */
export async function placeOf(span: Asked, files: Readonly<Record<string, string>>): Promise<string> {
  const [best] = (await hintsOf(span, files)).candidates;
  return best ? `${best.file.slice(root.length + 1)}:${best.line + 1}` : '';
}
