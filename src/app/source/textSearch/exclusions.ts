/** What is not source that a person wrote, as lines of a .gitignore: ripgrep takes them as they are, and so does the package `ignore`. */

import type { Globs } from '../../ports/workspace';
import { patternsOf } from '../../workspace/globs';

/** Other people's code. Folders whose name begins with a dot are left out anyway, as ripgrep does. */
const packageFolders: readonly string[] = [
  'node_modules/',
  'bower_components/',
  'jspm_packages/',
  'site-packages/',
  'venv/',
  '__pycache__/',
  'Pods/',
  'third_party/',
  '/vendor/',
  // Further down `vendor` may be a word of the trade: only what package managers put there.
  '**/vendor/*.*/',
  '**/vendor/bundle/',
  '**/vendor/composer/',
];

const files: readonly string[] = [
  // Written by package managers.
  '*.lock',
  '*.lockfile',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'packages.lock.json',
  'go.sum',
  // Made by a build.
  '*.min.js',
  '*.min.mjs',
  '*.min.css',
  '*.map',
  '*.snap',
  '*.pb.go',
  '*_pb2.py',
  // Traces hold the very names that are looked for.
  '*.otlp.*',
  '*.jaeger.json*',
  '*.zipkin.json*',
  '*.har',
  // Links to changes, by the words of any route (`/issues/12`): many more of them than a search keeps.
  'CHANGELOG*',
  'changelog.md',
  'CHANGES.*',
  // Data.
  '*.jsonl',
  '*.ndjson',
  '*.log',
  '*.csv',
  '*.tsv',
  '*.svg',
  '*.parquet',
  '*.sqlite',
  '*.db',
  // Binary: ripgrep would find that out by opening them.
  ...'png jpg jpeg gif webp ico bmp pdf zip gz tgz bz2 xz zst 7z jar war class o a so dylib dll exe pdb wasm woff woff2 ttf otf eot mp3 mp4 webm mov vsix pyc'
    .split(' ')
    .map((ending) => `*.${ending}`),
];

const dataEndings: ReadonlySet<string> = new Set(files.flatMap((pattern) => /^\*(\.\w+)$/.exec(pattern)?.[1] ?? []));

/** Whether a file is no source by its name alone: a log, a lock file, an image. */
export function isData(name: string): boolean {
  return dataEndings.has(/\.\w+$/.exec(name)?.[0] ?? '');
}

/** JSON that is larger is data; smaller may be a configuration that names routes and topics. */
export const maxJsonBytes = 64 << 10;

/** @param settings `files.exclude` and `search.exclude`, merged */
export function exclusions(settings: Globs): readonly string[] {
  return [...packageFolders, ...files, ...patternsOf(settings)];
}
