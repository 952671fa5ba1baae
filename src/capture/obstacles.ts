/**
 * What of a program's own variables keeps its traces from coming to this window: they go elsewhere, they are not sent, or not recorded. What a person
 * set is theirs: it is found and told here, and changed only with their yes. Pure.
 * Sources: OpenTelemetry specification, "Environment Variable Specification", "OpenTelemetry Protocol Exporter".
 */

import type { EnvironmentEditor, FoundVariable, Origin } from './environmentEditor';

/** `partial`: some traces come all the same. */
export type ObstacleKind = 'endpoint' | 'exporter' | 'disabled' | 'file' | 'none' | 'partial';

export interface Obstacle {
  readonly kind: ObstacleKind;
  readonly variable: string;
  /** What the program does, to be put behind its name: `sends its traces to …`. */
  readonly text: string;
}

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;
const CONFIG_FILES = ['OTEL_CONFIG_FILE', 'OTEL_EXPERIMENTAL_CONFIG_FILE'] as const;

/** Samplers that keep a part, which `OTEL_TRACES_SAMPLER_ARG` gives. */
const RATIOS: readonly string[] = ['traceidratio', 'parentbased_traceidratio'];
const NOTHING: readonly string[] = ['always_off', 'parentbased_always_off'];

/** Where a program's own variables send its traces. */
export function endpointOf(seen: Pick<EnvironmentEditor, 'find'>): FoundVariable | undefined {
  for (const name of ENDPOINTS) {
    const found = seen.find(name);
    if (found) return found;
  }
  return undefined;
}

/** @param ports of this window, as far as they listen now */
export function obstaclesIn(seen: Pick<EnvironmentEditor, 'find'>, ports: readonly number[]): readonly Obstacle[] {
  const all: Obstacle[] = [];
  const add = (kind: ObstacleKind, { name, origin }: FoundVariable, text: string): void => {
    all.push({ kind, variable: name, text: `${text}, as ${name} ${PLACES[origin]} says` });
  };
  const disabled = seen.find('OTEL_SDK_DISABLED');
  if (disabled?.value.trim().toLowerCase() === 'true') add('disabled', disabled, 'has its OpenTelemetry SDK switched off');
  const file = CONFIG_FILES.map((name) => seen.find(name)).find((found) => found !== undefined);
  if (file) add('file', file, 'takes its telemetry settings from a file and none from OTEL_* variables');
  const exporter = seen.find('OTEL_TRACES_EXPORTER');
  const names = exporter?.value.split(',').map((name) => name.trim().toLowerCase()) ?? [];
  if (exporter && !names.includes('otlp')) {
    const isNone = names.every((name) => name === 'none');
    add('exporter', exporter, isNone ? 'sends no traces' : `gives its traces to "${shown(exporter.value)}"`);
  }
  const endpoint = endpointOf(seen);
  if (endpoint && !isHere(endpoint.value, ports)) add('endpoint', endpoint, `sends its traces to ${addressOf(endpoint.value)}`);
  const sampler = seen.find('OTEL_TRACES_SAMPLER');
  const kind = sampler?.value.trim().toLowerCase() ?? '';
  if (sampler && NOTHING.includes(kind)) add('none', sampler, 'records no traces');
  else if (sampler && RATIOS.includes(kind)) {
    const ratio = Number(seen.find('OTEL_TRACES_SAMPLER_ARG')?.value ?? 1);
    if (ratio >= 0 && ratio < 1) add(ratio === 0 ? 'none' : 'partial', sampler, `records ${percent(ratio)} of its traces`);
  }
  return all;
}

/** Whether nothing comes here while it stands. */
export function isElsewhere({ kind }: Obstacle): boolean {
  return kind === 'endpoint' || kind === 'exporter' || kind === 'disabled';
}

const PLACES: Readonly<Record<Origin, string>> = {
  env: 'of its env',
  envFile: 'of its envFile',
  inherited: 'of the environment around it',
  dotenv: 'of its .env file',
};

/** Whether an endpoint is a port of this window. gRPC's may stand without a scheme. */
export function isHere(endpoint: string, ports: readonly number[]): boolean {
  const url = urlOf(endpoint);
  if (!url) return false;
  const { hostname } = url;
  const isLoopback =
    hostname === 'localhost' || hostname === '[::1]' || hostname === '0.0.0.0' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return isLoopback && ports.includes(Number(url.port));
}

/** Without what may be a secret: users, passwords, paths. */
function addressOf(endpoint: string): string {
  const url = urlOf(endpoint);
  return url ? shown(`${url.protocol}//${url.host}`) : 'another address';
}

function urlOf(endpoint: string): URL | undefined {
  const text = endpoint.trim();
  try {
    const url = new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
    return url.hostname === '' ? undefined : url;
  } catch {
    return undefined;
  }
}

function percent(ratio: number): string {
  return ratio === 0 ? 'none' : `${Number((ratio * 100).toPrecision(2))}%`;
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
