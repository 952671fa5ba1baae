import { type ResolveResult, resolveAttributes, type SourcePorts } from '../../../../src/source';
import { memoryWorkspace } from './workspace';

export const shop = 'file:///home/dev/shop';
export const text = `${'line\n'.repeat(9)}function charge() {\n${'line\n'.repeat(20)}`;

export function workspace(files: readonly string[], folders: readonly string[] = [shop], caseSensitive = true): SourcePorts {
  const uris = files.map((file) => (file.includes('://') ? file : `${folders[0]}/${encodeURI(file)}`));
  return { workspace: memoryWorkspace(folders, Object.fromEntries(uris.map((uri) => [uri, text])), caseSensitive) };
}

export function show({ candidates, tried }: ResolveResult): string {
  if (!candidates.length) return tried.map(({ rung, what, outcome }) => `${rung} ${what}: ${outcome}`).join('\n');
  return candidates
    .map(
      ({ file, line, column, rung, confidence }) =>
        `${file.replace(`${shop}/`, '')}:${line + 1}${column === undefined ? '' : `:${column + 1}`} ${rung} ${confidence}`,
    )
    .join('\n');
}

export async function attributes(
  values: Record<string, unknown>,
  ports: SourcePorts,
  pathMappings: Record<string, string> = {},
): Promise<string> {
  return show(await resolveAttributes(values, ports, { pathMappings }));
}

export const at = (path: string, line: unknown = 12): Record<string, unknown> => ({
  'code.file.path': path,
  'code.line.number': line,
});
