/** Which language a debugger's programs are written in. Sources: the `type` of debuggers in their extensions' manifests. */

export const LANGUAGES = ['node', 'python', 'java', 'go', 'dotnet', 'ruby', 'php', 'native'] as const;
export type Language = (typeof LANGUAGES)[number];

const TYPES: Readonly<Record<string, Language>> = {
  node: 'node',
  'pwa-node': 'node',
  'node-terminal': 'node',
  extensionHost: 'node',
  'pwa-extensionHost': 'node',
  bun: 'node',
  python: 'python',
  debugpy: 'python',
  java: 'java',
  kotlin: 'java',
  scala: 'java',
  go: 'go',
  coreclr: 'dotnet',
  clr: 'dotnet',
  monovsdbg: 'dotnet',
  ruby: 'ruby',
  Ruby: 'ruby',
  rdbg: 'ruby',
  ruby_lsp: 'ruby',
  php: 'php',
  cppdbg: 'native',
  cppvsdbg: 'native',
  lldb: 'native',
  'lldb-dap': 'native',
  gdb: 'native',
};

/** Undefined where the type tells nothing. @param debugType `type` of the debug configuration */
export function languageOf(debugType: string): Language | undefined {
  return Object.hasOwn(TYPES, debugType) ? TYPES[debugType] : undefined;
}
