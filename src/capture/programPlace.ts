/**
 * Where the program of a debug configuration runs, as far as it says: an address on loopback leads here only from this machine. Pure.
 * Sources: the debuggers' own documentation of `pipeTransport`, `miDebuggerServerAddress`, `dockerOptions`, remote debugging of Go, "Listen for Xdebug".
 */

/** `running`: it is not launched, but joined. */
export type ProgramPlace = 'here' | 'container' | 'elsewhere' | 'running';

export function placeOf(configuration: Readonly<Record<string, unknown>>): ProgramPlace {
  const { type, request, pipeTransport, dockerOptions, miDebuggerServerAddress, mode, host } = configuration;
  if (isObject(dockerOptions) || '_containerNameToKill' in configuration) return 'container';
  if (isObject(pipeTransport)) {
    const { pipeProgram } = pipeTransport;
    return /(?:^|[\\/])(?:docker|podman|nerdctl)(?:\.exe)?$/i.test(String(pipeProgram ?? '')) ? 'container' : 'elsewhere';
  }
  if (request === 'attach') return 'running';
  if (typeof miDebuggerServerAddress === 'string' && miDebuggerServerAddress !== '') return 'elsewhere';
  if (type === 'go' && mode === 'remote') return 'running';
  if (type === 'go' && typeof host === 'string' && !/^(?:localhost|127\.0\.0\.1|\[?::1\]?|)$/.test(host)) return 'elsewhere';
  // Without a program it waits for one that a web server starts.
  if (type === 'php' && !configuration.program && !configuration.runtimeArgs) return 'running';
  return 'here';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
