/**
 * Programs whose own variables keep their traces from coming here: what a person is told, once for a configuration, and what they chose for it. A choice
 * holds for what it was made of: where the variables say something else, it is asked about anew.
 */

import { isElsewhere, type Obstacle } from '../../capture/obstacles';
import type { Problems } from '../messages/problems';
import type { Memento } from '../ports/memento';
import type { UserInterface } from '../ports/userInterface';
import { keyOfLaunch, type LaunchName } from './launchAnswers';

const memoryKey = 'capture.launchChoices';
const most = 200;

/** Traces come here, or stay where the program's own variables send them. */
export type LaunchChoice = 'here' | 'theirs';

export class LaunchChoices {
  /** What was told in this window. */
  private readonly told = new Set<string>();

  constructor(
    private readonly memento: Memento,
    private readonly problems: Pick<Problems, 'tell'>,
    private readonly ui: Pick<UserInterface, 'showMessage'>,
  ) {}

  /** What the person chose; undefined where they did not, or of other variables. */
  of(launch: LaunchName, obstacles: readonly Obstacle[]): LaunchChoice | undefined {
    const entry: unknown = this.kept.get(keyOfLaunch(launch));
    if (!Array.isArray(entry) || entry[0] !== printOf(obstacles)) return undefined;
    return entry[1] === 'here' || entry[1] === 'theirs' ? entry[1] : undefined;
  }

  /** Whether the person chose that it comes here, whatever its variables say now. */
  insists(launch: LaunchName): boolean {
    const entry: unknown = this.kept.get(keyOfLaunch(launch));
    return Array.isArray(entry) && entry[1] === 'here';
  }

  /** Nothing was chosen for it. */
  async forget(launch: LaunchName): Promise<void> {
    const kept = this.kept;
    kept.delete(keyOfLaunch(launch));
    await this.memento.update(memoryKey, Object.fromEntries(kept));
  }

  /** Says it, with the choice. Resolves when that was made or dismissed. */
  async tell(launch: LaunchName, obstacles: readonly Obstacle[]): Promise<void> {
    if (obstacles.length === 0 || this.of(launch, obstacles) !== undefined) return;
    const key = `${keyOfLaunch(launch)}#${printOf(obstacles)}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    const isAway = obstacles.some((each) => isElsewhere(each) || each.kind === 'file');
    const remember = (choice: LaunchChoice) => () => this.choose(launch, obstacles, choice);
    await this.problems.tell('info', textOf(launch.name, obstacles), [
      { id: 'here', label: isAway ? 'Capture Here Instead' : 'Capture All Traces', run: remember('here') },
      { id: 'theirs', label: 'Keep', run: remember('theirs') },
    ]);
  }

  async choose(launch: LaunchName, obstacles: readonly Obstacle[], choice: LaunchChoice): Promise<void> {
    const kept = this.kept;
    kept.delete(keyOfLaunch(launch));
    kept.set(keyOfLaunch(launch), [printOf(obstacles), choice]);
    await this.memento.update(memoryKey, Object.fromEntries([...kept].slice(-most)));
    if (choice === 'here') void this.ui.showMessage('info', `"${launch.name}" is captured here from its next launch on.`);
  }

  private get kept(): Map<string, unknown> {
    const value = this.memento.get(memoryKey);
    return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  }
}

function printOf(obstacles: readonly Obstacle[]): string {
  return obstacles.map(({ variable, text }) => `${variable}: ${text}`).join('\n');
}

/** `"Shop" sends its traces to https://…, as OTEL_EXPORTER_OTLP_ENDPOINT of its env says. They do not come here.` */
function textOf(name: string, obstacles: readonly Obstacle[]): string {
  const texts = obstacles.map(({ text }) => text);
  const what = texts.length > 1 ? `${texts.slice(0, -1).join(', ')}, and ${texts.at(-1)}` : texts[0];
  const end = obstacles.some(isElsewhere)
    ? ' They do not come here.'
    : obstacles.some(({ kind }) => kind === 'file')
      ? ' Its traces may not come here.'
      : '';
  return `"${name}" ${what}.${end}`;
}
