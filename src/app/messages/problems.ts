/**
 * The one module that tells a person what went wrong: what the thing is, the fact, and buttons for the next step. Expected failures
 * (`SpanhopError`) bring their sentence along; anything else is a defect of ours, goes to the log in full and is told in one sentence.
 */

import type { URI } from 'vscode-uri';
import { failureOf } from '../../backends/common/failures';
import { type ErrorData, SpanhopError, toErrorData } from '../../base/errors';
import { visibleText } from '../../core/text/visibleText';
import type { ShownProblem } from '../../protocol/view';
import type { Log } from '../ports/log';
import type { MessageLevel, UserInterface } from '../ports/userInterface';

/** A button: what it says, and what it does. */
export interface NextStep {
  readonly id: string;
  readonly label: string;
  readonly run: () => unknown;
}

/** What the failed work was about; it decides on the buttons. */
export interface ProblemContext {
  /** Name of the backend that was asked. */
  readonly backend?: string;
  /** File that was read. */
  readonly file?: URI;
  /** Does it again. */
  readonly retry?: () => unknown;
  /** Buttons of the place where it happened; they come first. */
  readonly steps?: readonly NextStep[];
}

export class Problems {
  constructor(
    private readonly log: Log,
    private readonly ui: UserInterface,
  ) {}

  /** Shows the failure as a notification with its next steps. A cancelled work is no failure. Never rejects. */
  async show(error: unknown, context: ProblemContext = {}): Promise<void> {
    const data = this.record(error);
    if (data.kind === 'Cancelled') return;
    const steps = this.steps(data, context);
    const level = data.kind === 'NotFound' || data.kind === 'BadQuery' ? 'info' : 'error';
    const chosen = await this.ui.showMessage(level, data.message, ...steps.map((step) => step.label));
    await steps.find((step) => step.label === chosen)?.run();
  }

  /** Shows the failure with these buttons alone; what was pressed. */
  async choose<B extends string>(error: SpanhopError, ...buttons: readonly B[]): Promise<B | undefined> {
    const { message } = this.record(error);
    const chosen = await this.ui.showMessage('error', message, ...buttons);
    return buttons.find((button) => button === chosen);
  }

  /** Tells a fact that no command failed with; the log has it too, and the notification opens the log. Never rejects. */
  async tell(level: MessageLevel, message: string, steps: readonly NextStep[] = []): Promise<void> {
    const line = visibleText(message);
    if (level === 'info') this.log.info(line);
    else this.log[level === 'warning' ? 'warn' : 'error'](line);
    const showLog = 'Show Log';
    const chosen = await this.ui.showMessage(level, message, ...steps.map(({ label }) => label), showLog);
    if (chosen === showLog) this.log.show();
    else await steps.find(({ label }) => label === chosen)?.run();
  }

  /** The failure as a page of the waterfall, with what its buttons do. */
  page(
    title: string,
    error: unknown,
    context: ProblemContext = {},
  ): { readonly problem: ShownProblem; readonly steps: readonly NextStep[] } {
    const data = this.record(error);
    const steps = this.steps(data, context);
    return { problem: { title, message: data.message, actions: steps.map(({ id, label }) => ({ id, label })) }, steps };
  }

  /** Writes the failure to the log and gives it as data. */
  record(error: unknown): ErrorData {
    const data = toErrorData(error);
    if (data.kind === 'Cancelled') return data;
    // On one line, whatever a server or a trace put into it: a line of the log is ours.
    if (error instanceof SpanhopError)
      this.log.warn(visibleText(data.detail ? `${data.message} (${data.detail})` : data.message));
    else this.log.error(error instanceof Error ? error : String(error));
    return data;
  }

  /** Runs work started by a command: what goes wrong is shown. */
  async guard<T>(work: () => Promise<T> | T, context?: ProblemContext): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      void this.show(error, context);
      return undefined;
    }
  }

  private steps(data: ErrorData, { backend, file, retry, steps = [] }: ProblemContext): readonly NextStep[] {
    const all: NextStep[] = [...steps];
    const add = (id: string, label: string, run: () => unknown): void => {
      all.push({ id, label, run });
    };
    const settings = (query: string) => () => this.ui.run('workbench.action.openSettings', query);
    const again = (): void => {
      if (retry) add('retry', 'Try Again', retry);
    };
    const isRemote = backend !== undefined && backend !== 'local';
    const credential = (): void => {
      if (isRemote) add('setCredential', 'Set Credential…', () => this.ui.run('spanhop.setCredential', backend));
    };
    const change = (): void => {
      if (isRemote) add('changeAddress', 'Change Address…', () => this.ui.run('spanhop.changeBackendAddress', backend));
    };
    switch (data.kind) {
      case 'Unauthorized':
        credential();
        again();
        break;
      case 'Unreachable': {
        const failure = failureOf(data);
        const isAway = failure !== 'unknownHost' && failure !== 'protocol' && failure !== 'proxy';
        if (failure === 'proxy') add('proxy', 'Proxy Settings', settings('http.proxy'));
        if (isAway) again();
        if (failure !== 'proxy' && failure !== 'busy') change();
        if (!isAway) again();
        break;
      }
      case 'Timeout':
        again();
        add('timeout', 'Change Time-Out', settings('spanhop.requests.timeoutSeconds'));
        break;
      case 'TooLarge':
        if (isRemote) add('limit', 'Change Limit', settings('spanhop.requests.maxMegabytes'));
        break;
      case 'NotFound':
        if (isRemote) add('selectBackend', 'Select Backend…', () => this.ui.run('spanhop.selectBackend'));
        again();
        break;
      case 'BadData':
        if (failureOf(data) === 'signIn') credential();
        change();
        again();
        break;
      case 'Cancelled':
        again();
        break;
      case 'BadQuery':
        break;
    }
    if (file && data.kind !== 'NotFound') {
      add('openAsText', 'Open as Text', () => this.ui.openAsText(file));
    }
    if (data.detail !== undefined) add('showLog', 'Show Log', () => this.log.show());
    return all;
  }
}
