/** Mappings as text, for tests that read like the problem: `/app -> services/cart  compose.yaml:4, service cart (volume)`. */
import { finish } from '../../../../src/base/steps';
import type { ConfigFile } from '../../../../src/source/inference/findings';
import { type Inference, inferring } from '../../../../src/source/inference/infer';

export const shop = 'file:///home/dev/shop';

/** Files by their path below the workspace folder. */
export function infer(files: Readonly<Record<string, string>>, folders: readonly string[] = [shop]): Inference {
  const list: ConfigFile[] = Object.entries(files).map(([name, text]) => ({
    uri: name.includes('://') ? name : `${folders[0]}/${name}`,
    text,
  }));
  const named = folders.map((uri) => ({ uri, name: uri.slice(uri.lastIndexOf('/') + 1) }));
  return finish(inferring({ files: list, folders: named }));
}

export function show({ mappings }: Inference): readonly string[] {
  return mappings.map(({ prefix, target, origin, line }) => {
    const folder = target === shop ? '.' : target.replace(`${shop}/`, '');
    const [file, ...rest] = origin.split(/(?=[, ])/);
    return `${prefix} -> ${folder}  ${file}:${(line ?? -1) + 1}${rest.join('')}`;
  });
}

/** The pairs alone. */
export function pairs(inference: Inference): readonly string[] {
  return show(inference).map((line) => line.split('  ')[0]);
}

export function problems({ problems: all, skipped }: Inference): readonly string[] {
  return [
    ...all.map(({ file, line, text }) => `${file.replace(`${shop}/`, '')}:${line + 1} ${text}`),
    ...(skipped ? [`${skipped} skipped`] : []),
  ];
}
