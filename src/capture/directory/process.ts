/** What the system tells of processes. */

import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

let name: Promise<string> | undefined;

/**
 * This machine and, on Linux, the namespace in which its numbers of processes hold: two containers may have one host name.
 * Source: pid_namespaces(7).
 */
export function machineName(): Promise<string> {
  name ??= readlink('/proc/self/ns/pid').then(
    (space) => `${hostname()} ${space}`,
    () => hostname(),
  );
  return name;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When a process started: field 22 of /proc/<pid>/stat. Source: proc_pid_stat(5). A zombie counts as gone: it has no start. */
export async function startOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return '';
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'gone' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
