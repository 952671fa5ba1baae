/** Launches over ports that the test plays: the questions that are asked, what is shown and logged, what is remembered, the files and the variables around them. */

import type { Instruments } from '../../../../src/app/instrument/instruments';
import type { EnvFileValues } from '../../../../src/app/launches/envFiles';
import { HostVariables } from '../../../../src/app/launches/hostVariables';
import { type LaunchAnswer, LaunchAnswers, type LaunchPrompt } from '../../../../src/app/launches/launchAnswers';
import { LaunchChoices } from '../../../../src/app/launches/launchChoices';
import { type Launch, Launches } from '../../../../src/app/launches/launches';
import { LaunchRecords } from '../../../../src/app/launches/launchRecords';
import type { NextStep } from '../../../../src/app/messages/problems';

interface Question {
  readonly name: string;
  readonly signal: AbortSignal;
  answer(answer: LaunchAnswer | undefined): void;
}

export const endpoint = 'http://127.0.0.1:4400';
export const never = new AbortController().signal;

export class LaunchWorld {
  kept = new Map<string, unknown>();
  questions: Question[] = [];
  unanswered: string[] = [];
  capture: { endpoint: string | undefined; ports: readonly number[] } = { endpoint, ports: [4400] };
  mode: 'ask' | 'always' | 'off' = 'ask';
  shown: string[] = [];
  sessions: string[] = [];
  files: EnvFileValues = { debugger: new Map(), program: new Map(), read: [], warnings: [] };
  logged: string[] = [];
  /** What was told, with its buttons. */
  offered: string[] = [];
  prepare: Instruments['prepare'] = async () => undefined;
  outer: Record<string, string | undefined> = {};
  host = new HostVariables(this.outer);
  /** The button that is pressed. */
  pressed: string | undefined;
  records = new LaunchRecords();
  private readonly memento = {
    get: (key: string) => this.kept.get(key),
    update: async (key: string, value: unknown) => void this.kept.set(key, value),
  };
  private readonly problems = {
    guard: async <T>(work: () => Promise<T> | T) => work(),
    record: (error: unknown) => {
      throw error;
    },
    tell: async (_level: string, message: string, steps: readonly NextStep[] = []) => {
      this.offered.push([message, ...steps.map(({ label }) => label)].join(' | '));
      await steps.find(({ label }) => label === this.pressed)?.run();
    },
  };
  private readonly ui = { showMessage: async (_level: string, message: string) => void this.shown.push(message) };
  private readonly prompt: LaunchPrompt = {
    ask: (name, _waitMs, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(undefined));
        this.questions.push({ name, signal, answer: resolve });
      }),
    unanswered: (name) => void this.unanswered.push(name),
  };
  answers = new LaunchAnswers(this.prompt, this.memento);
  choices = new LaunchChoices(this.memento, this.problems, this.ui);
  launches = this.makeLaunches();

  begin(name: string, signal = never): Promise<unknown> {
    return this.launches.prepare(launchOf(name), signal).then((given) => given?.environment);
  }

  private makeLaunches(): Launches {
    const mode = (): 'ask' | 'always' | 'off' => this.mode;
    return new Launches({
      capture: this.capture,
      settings: {
        capture: {
          get debugSessions() {
            return mode();
          },
        },
      },
      sessions: { add: (_id, name) => void this.sessions.push(name) },
      answers: this.answers,
      problems: this.problems,
      ui: this.ui,
      envFiles: { read: async () => this.files },
      log: { info: (line) => void this.logged.push(line) },
      choices: this.choices,
      names: { nameOf: async ({ name }) => name },
      records: this.records,
      host: this.host,
      instruments: { prepare: async (launch, signal) => this.prepare(launch, signal) },
    });
  }
}

export const launchOf = (name: string, more: Partial<Launch> = {}): Launch => ({
  folder: 'file:///shop',
  type: 'node',
  name,
  environment: { MINE: '1' },
  envFiles: { named: [], folder: '/shop', usual: undefined, cwd: undefined, args: [] },
  configuration: { type: 'node', name, request: 'launch' },
  ...more,
});
