/**
 * What programs get that are no debug sessions: those started in terminals, tasks, and tests. One session stands for all of a kind, and a name that the
 * window's environment, the person's settings for terminals or the folder's `.env` has is left out: it is theirs.
 */

import { EnvironmentEditor, type LaunchChange } from '../../capture/environmentEditor';
import { launchEnvironment } from '../../capture/launchEnvironment';

export interface SharedRequest {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly ports: readonly number[];
  readonly sessionId: string;
  /** What programs inherit. */
  readonly outer: Readonly<Record<string, string | undefined>>;
  /** What else is set for them, over that: `terminal.integrated.env`. */
  readonly set?: Readonly<Record<string, string>>;
  /** The folder's `.env`, which programs read where nothing is set. */
  readonly dotenv?: ReadonlyMap<string, string>;
  readonly windows: boolean;
}

export interface SharedVariables {
  readonly variables: readonly LaunchChange[];
  /** Names that are the person's own, and so not given. */
  readonly left: readonly string[];
  /** Why nothing is given: what the programs do, to be put behind their name. */
  readonly why?: string;
}

/** Names of OpenTelemetry's, and how this window's address is reached. */
const OURS = /^(?:OTEL_|no_proxy$|NO_PROXY$)/;

export function sharedVariables({ outer, set = {}, dotenv = new Map(), ...request }: SharedRequest): SharedVariables {
  const { windows } = request;
  const fromFile = Object.fromEntries(dotenv);
  const seen = { environment: {}, envFile: set, inherited: outer, dotenv: fromFile, windows };
  const result = launchEnvironment({ ...request, ...seen, debugType: '', serviceName: '' });
  const left = [outer, set, fromFile].flatMap((values) =>
    Object.keys(values).filter((name) => /^OTEL_/i.test(name) && values[name]),
  );
  const own = [...new Set(left)].sort();
  if (!result.isCaptured) return { variables: [], left: own, why: result.obstacles.map(({ text }) => text).join(', ') };
  // Headers and certificates of theirs stay, so no address of ours may stand beside them.
  const taken = result.changes.find(({ value }) => value === undefined);
  if (taken) return { variables: [], left: own, why: `may be given ${taken.name}, which is meant for another address` };
  const finder = new EnvironmentEditor(seen);
  const variables = result.changes.filter(({ name }) => {
    const isTheirs = finder.find(name) !== undefined;
    // Added to, not replaced; where a file of the program's own has it, that would keep the file's away.
    const isExtended = name === 'OTEL_RESOURCE_ATTRIBUTES' || /^no_proxy$/i.test(name);
    return OURS.test(name) && (!isTheirs || (isExtended && finder.find(name)?.origin !== 'dotenv'));
  });
  return { variables, left: own };
}
