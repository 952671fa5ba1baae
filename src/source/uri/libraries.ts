/**
 * Which code is not the user's: folders where package managers and tool chains put theirs. Such paths are never matched by
 * suffix (`/usr/lib/python3.11/http/client.py` is not the workspace's `http/client.py`), and their frames are dimmed.
 */

/** Folders that hold packages, wherever they are. */
const packageFolders = new Set([
  'node_modules',
  '.pnpm',
  '.yarn',
  'bower_components',
  'site-packages',
  'dist-packages',
  '.venv',
  'vendor_ruby',
  'rubygems-integration',
  '.rbenv',
  '.rvm',
  '.cargo',
  '.rustup',
  'rustc',
  '.nuget',
  '.gradle',
  '.m2',
]);

/** Sequences of folders, as they stand in the middle of a path. */
const libraryRuns: readonly (readonly string[])[] = [
  ['go', 'pkg', 'mod'],
  ['usr', 'local', 'go', 'src'],
  ['go', 'src', 'runtime'],
  ['libexec', 'src', 'runtime'],
  ['cargo', 'registry'],
  ['lib', 'rustlib'],
  ['library', 'core', 'src'],
  ['library', 'std', 'src'],
  ['library', 'alloc', 'src'],
  ['usr', 'lib'],
  ['usr', 'lib64'],
  ['usr', 'share'],
  ['usr', 'include'],
  ['usr', 'local', 'lib'],
  ['usr', 'local', 'Cellar'],
  ['opt', 'homebrew'],
  ['lib', 'ruby'],
  ['vendor', 'bundle'],
  ['vendor', 'composer'],
];

/** Schemes of code that the runtime itself carries. */
const runtimeScheme = /^(?:node|bun|deno|ext|internal|evalmachine|chrome-extension|moz-extension|safari-extension):?/i;

/** Whether a path as printed lies in a package or in the language's own library. */
export function isLibraryPath(path: string): boolean {
  if (/^[a-z-]+:/i.test(path) && runtimeScheme.test(path)) return true;
  const segments = path.split(/[\\/]/);
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i];
    if (packageFolders.has(segment)) return true;
    // Python keeps its own library in `…/lib/python3.11/…`.
    if (/^python\d(?:\.\d+)?$/.test(segment) && /^lib(?:64)?$/i.test(segments[i - 1] ?? '')) return true;
    const next = segments[i + 1] ?? '';
    if (segment === 'gems' && /-\d/.test(next)) return true;
    // Go and PHP vendor their dependencies; elsewhere `vendor` is a word like any other.
    if (segment === 'vendor' && (next.includes('.') || path.endsWith('.php'))) return true;
    // Go: `module@v1.2.3/file.go`, which is also how -trimpath prints a dependency.
    if (/@v\d+\.\d+\.\d/.test(segment)) return true;
    if (libraryRuns.some((run) => run.every((name, j) => segments[i + j] === name))) return true;
  }
  return false;
}

/**
 * Packages of the platform and of frameworks, by the names that stacks of the JVM and of .NET print. Only for dimming: whether a
 * frame is the user's is decided by finding its file.
 */
const libraryNamespace =
  /^(?:java|javax|jdk|sun|com\.sun|jakarta|kotlin|kotlinx|scala|groovy|clojure|org\.(?:springframework|apache|hibernate|eclipse|junit|jboss|gradle|h2|postgresql|slf4j)|io\.(?:netty|opentelemetry|grpc|micrometer|undertow|vertx|quarkus|micronaut|ktor)|reactor|ch\.qos|com\.(?:fasterxml|google|zaxxer|mysql)|okhttp3|retrofit2|System|Microsoft|Mono|Npgsql|MySql|Newtonsoft|OpenTelemetry|Grpc|Serilog|Dapper)\./;

export function isLibraryNamespace(name: string): boolean {
  return libraryNamespace.test(name);
}
