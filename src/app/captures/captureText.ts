/** A capture in the words of a list. */

import { formatBytes, formatCount, formatLocalTime, formatRelativeTime } from '../../core/text/formatText';
import type { CaptureDamage, CaptureInfo, CaptureState, RegisteredPort, Untaken } from '../../protocol/capture';
import type { CaptureService } from './captureService';

/** Its name; without one `Running now`, or when it began. @param sessionName of a session that this window knows of */
export function captureTitle(capture: CaptureInfo, nowMs: number, sessionName?: (id: string) => string): string {
  const { name, session, live, startedAt } = capture;
  if (name !== undefined) return name;
  if (session !== undefined && sessionName) return sessionName(session);
  return live ? 'Running now' : shortTime(startedAt, nowMs);
}

/** As `captureTitle`, beside others: `Running now` would be any of several that run. */
export function titleAmong(
  all: readonly CaptureInfo[],
  capture: CaptureInfo,
  nowMs: number,
  sessionName: (id: string) => string,
): string {
  const isOfOthers = capture.live && capture.name === undefined && capture.session === undefined;
  const isBeside = isOfOthers && all.some(({ live, session }) => live && session !== undefined);
  return isBeside ? 'Other programs' : captureTitle(capture, nowMs, sessionName);
}

/** `running · 55 spans · 3 traces · 2 errors · 2 min ago · server.mjs · 1a2b3c4+ · 1.2 MB`: what counts first, for the view is narrow. */
export function describeCapture(capture: CaptureInfo, nowMs: number, isCompared = false): string {
  const { name, session, live, spans, traces, errors, startedAt, bytes, damage, program, pinned } = capture;
  const commit = commitText(capture);
  const parts = [
    ...(isCompared ? ['compared'] : []),
    ...(live && (name !== undefined || session !== undefined) ? ['running'] : []),
    formatCount(spans, 'span'),
    formatCount(traces, 'trace'),
    ...(errors > 0 ? [formatCount(errors, 'error')] : []),
    formatRelativeTime(startedAt, nowMs),
    ...(program === undefined ? [] : [program.replace(/^.*[\\/]/, '')]),
    ...(commit === undefined ? [] : [commit]),
    formatBytes(bytes),
    ...(pinned ? ['kept'] : []),
    ...(damage ? ['damaged'] : []),
  ];
  return parts.join(' · ');
}

/** `1a2b3c4`, with `+` where files were changed since. */
function commitText({ commit, changes }: CaptureInfo): string | undefined {
  return commit === undefined ? undefined : `${commit.slice(0, 7)}${changes ? '+' : ''}`;
}

/** The port as the status bar has it: `4318`, or `5000 (not 4318)` where that was wanted and is somebody else's. */
export function portText({ registered, httpPort }: CaptureState): string {
  const first = registered.find(({ port }) => port === 4318);
  if (first?.holder === 'here') return '4318';
  return first === undefined || first.left === true ? `${httpPort ?? ''}` : `${httpPort ?? ''} (not 4318)`;
}

/** ` and ports 4318 and 4317`: those of default settings at which the window listens beside its own. */
export function registeredText({ registered, httpPort }: CaptureState): string {
  const here = registered.filter(({ port, holder }) => holder === 'here' && port !== httpPort);
  return here.length === 0 ? '' : ` and ${portsText(here)}`;
}

/** `port 4318`, `ports 4318 and 4317`. */
function portsText(ports: readonly RegisteredPort[]): string {
  const numbers = ports.map(({ port }) => String(port));
  return numbers.length === 1 ? `port ${numbers[0]}` : `ports ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}

/** Whose the ports are that were wanted, a sentence for each holder. */
function heldNotes({ registered, httpPort }: CaptureState): string[] {
  const byHolder = new Map<string, RegisteredPort[]>();
  for (const one of registered) {
    if (one.holder === 'here' || one.left === true) continue;
    const key = `${one.holder} ${one.program ?? ''}`;
    byHolder.set(key, [...(byHolder.get(key) ?? []), one]);
  }
  return [...byHolder.values()].map((ports) => {
    const [{ holder, program }] = ports;
    const whose =
      holder === 'window' ? 'another window, which captures' : `another program${program === undefined ? '' : `, ${program}`}`;
    const [belong, it] = ports.length === 1 ? ['belongs', 'it'] : ['belong', 'them'];
    const held = capitalized(portsText(ports));
    return `${held} ${belong} to ${whose}; this window takes ${it} over when that ends. Until then programs that are not launched here reach it with OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${httpPort}.`;
  });
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * What a person should know of what reaches the ports or does not, a sentence each: which sessions are silent, whose
 * 4318 and 4317 are, what came and was not taken.
 */
export function captureNotes({
  state,
  silent,
  forwarded,
}: Pick<CaptureService, 'state' | 'silent'> & Partial<Pick<CaptureService, 'forwarded'>>): readonly string[] {
  const { running, untaken = [] } = state;
  if (!running) return [];
  return [...silent, ...(forwarded?.notes ?? []), ...heldNotes(state), ...untaken.slice(0, maxUntaken).map(untakenText)];
}

/** As many of the notes as fit above the rows of a small view. */
export function notesAboveRows(notes: readonly string[]): string | undefined {
  const shown = notes.slice(0, maxAbove);
  const rest = notes.length - shown.length;
  if (rest > 0) shown.push(`${rest} more in the hover of the status bar.`);
  return shown.length === 0 ? undefined : shown.join(' ');
}

const maxAbove = 2;
/** Kinds that are told at one time. */
const maxUntaken = 4;

function untakenText({ message, count }: Untaken): string {
  return count > 1 ? `${message} (${count.toLocaleString('en')} times)` : message;
}

/**
 * What does not fit into the row, a line each.
 * @param trouble why what comes cannot be kept just now
 */
export function captureDetails(capture: CaptureInfo, trouble: string | undefined, isCompared = false): readonly string[] {
  const lines = [`${capture.live ? 'Running since' : 'Captured'} ${clock(capture.startedAt)}`];
  if (capture.endedAt !== undefined) lines.push(`To ${clock(capture.endedAt)}`);
  if (capture.program !== undefined) lines.push(`Program: ${capture.program}`);
  if (capture.commit !== undefined)
    lines.push(`Commit: ${capture.commit.slice(0, 12)}${capture.changes ? ', with changes that were not committed' : ''}`);
  if (capture.pinned) lines.push('Kept: no limit of size or age deletes it.');
  if (isCompared)
    lines.push('Later captures are compared with it: CodeLens and hovers say how much slower or faster functions became.');
  if (capture.services.length > 0) lines.push(`Services: ${capture.services.slice(0, 12).join(', ')}`);
  lines.push(`Log: ${capture.path} (OTLP messages with their lengths, as the OpenTelemetry Collector writes them)`);
  if (capture.damage) lines.push(...damageLines(capture.damage));
  if (capture.live && trouble !== undefined) lines.push(trouble);
  if (!capture.loaded && !capture.live) lines.push('Its traces are on disk. Open it to list them.');
  return lines;
}

function clock(epochMs: number): string {
  return formatLocalTime(BigInt(Math.round(epochMs)) * 1_000_000n).replace(/\.\d+/, '');
}

function damageLines({ parts, bytes, spans, files }: CaptureDamage): string[] {
  const lines = [
    parts > 0 ? `${formatCount(parts, 'place')} of its log could not be read (${formatBytes(bytes)}).` : 'Its log was damaged.',
  ];
  if (spans !== undefined && spans > 0) lines.push(`${formatCount(spans, 'span')} ${spans === 1 ? 'is' : 'are'} missing.`);
  for (const file of files.slice(0, 5)) lines.push(`Damaged parts: ${file}`);
  return lines;
}

/** `14:02:11` of today, `Nov 20, 14:02:11` of this year, with the year of others: the view is narrow. */
function shortTime(epochMs: number, nowMs: number): string {
  const date = new Date(epochMs);
  const now = new Date(nowMs);
  const time = date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  if (date.toDateString() === now.toDateString()) return time;
  const year = date.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return `${date.toLocaleDateString(undefined, { month: 'short', day: 'numeric', year })}, ${time}`;
}
