/**
 * Programs that cannot be given variables here: those that run already, in a container, on another machine. What they need is said, once for each, with the
 * variables to copy.
 */

import { languageOf } from '../../capture/languages';
import type { ProgramPlace } from '../../capture/programPlace';
import type { CaptureService } from '../captures/captureService';
import type { Problems } from '../messages/problems';
import type { Memento } from '../ports/memento';
import { keyOfLaunch, type LaunchName } from './launchAnswers';

const memoryKey = 'capture.toldHow';
const most = 200;
const maxName = 80;

export type FarPlace = Exclude<ProgramPlace, 'here'>;

export interface HowToOptions {
  readonly capture: Pick<CaptureService, 'endpoint' | 'variablesForOthers'>;
  readonly memento: Memento;
  readonly problems: Pick<Problems, 'tell'>;
  readonly copy: (text: string) => PromiseLike<void>;
  /** Containers reach this machine by a name only where they are told it. */
  readonly linux: boolean;
}

export class HowTo {
  constructor(private readonly own: HowToOptions) {}

  /** A debug session of a language that can be traced. Resolves when what was said is closed. */
  async session(launch: LaunchName, place: FarPlace): Promise<void> {
    if (languageOf(launch.type) !== undefined) await this.tell(keyOfLaunch(launch), launch.name, place);
  }

  /** A task whose program runs in a container. */
  async task(folder: string, name: string): Promise<void> {
    await this.tell(keyOfLaunch({ folder, type: 'task', name }), name, 'container');
  }

  private async tell(key: string, name: string, place: FarPlace): Promise<void> {
    const { capture, memento, problems, copy } = this.own;
    const { endpoint } = capture;
    const told = this.told;
    if (endpoint === undefined || told.includes(key)) return;
    await memento.update(memoryKey, [...told, key].slice(-most));
    const where = place === 'container' ? endpoint.replace('127.0.0.1', 'host.docker.internal') : endpoint;
    const shown = name.length > maxName ? `${name.slice(0, maxName)}…` : name;
    const others = place === 'running' ? undefined : await capture.variablesForOthers();
    const variables = others ?? `OTEL_EXPORTER_OTLP_ENDPOINT=${where} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`;
    const text = others === undefined ? this.textOf(place, where) : othersText(place);
    await problems.tell('info', `"${shown}" ${text}`, [{ id: 'copy', label: 'Copy Variables', run: () => copy(variables) }]);
  }

  private textOf(place: FarPlace, where: string): string {
    const variable = `OTEL_EXPORTER_OTLP_ENDPOINT=${where}`;
    if (place === 'running') return `joins a program that runs already. Its traces come here if it was started with ${variable}.`;
    if (place === 'container') {
      const linux = this.own.linux
        ? ' On Linux it needs --add-host=host.docker.internal:host-gateway as well ("extra_hosts" of a compose file), and this window an address that containers reach (spanhop.capture.host).'
        : '';
      return `runs in a container, whose variables are set where it is started. Its traces come here with ${variable}.${linux}`;
    }
    const port = where.replace(/^.*:/, '');
    return `runs on another machine. Its traces come here with ${variable} if that machine's port leads here, as ssh -R ${port}:127.0.0.1:${port} makes it.`;
  }

  private get told(): readonly string[] {
    const value = this.own.memento.get(memoryKey);
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
  }
}

/** Where this window listens for other machines, and has a token for them. */
function othersText(place: FarPlace): string {
  const where = place === 'container' ? 'in a container' : 'on another machine';
  return `runs ${where}. Its traces come here if it is started with the variables that can be copied; they hold a token.`;
}

/** Whether a task starts containers: by its kind, or by the command that its shell runs. */
export function startsContainers(kind: string, command: string): boolean {
  if (/^(?:docker|podman|container)-(?:run|compose)$/.test(kind)) return true;
  return /\b(?:docker|podman|nerdctl)(?:[ -]compose\b.{0,200}\bup|(?:\s+container)?\s+run)\b/.test(command.slice(0, 2_000));
}
