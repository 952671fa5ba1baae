/**
 * What can be done where there are no traces: rows with a command each, below the message line that says what is the case. They are rows and no
 * welcome text because VS Code shows a welcome text only where there is no message, and it cannot name an endpoint, an error or a count.
 */

import { type Failure, failureOf } from '../../backends/common/failures';
import type { ErrorData } from '../../base/errors';
import { LOCAL_DATASET } from '../../protocol/traces';
import type { ActionNode } from './traceNodes';

/** What the steps depend on. */
export interface Situation {
  readonly state: 'loading' | 'listed' | 'noTraces' | 'nothingFound' | 'backendEmpty' | 'problem' | 'unauthorized' | 'stopped';
  readonly error: ErrorData | undefined;
  readonly loading: boolean;
  /** Its name; 'local' is the captures of this machine. */
  readonly backend: string;
  /** A longer range than the one that was searched can be searched. */
  readonly canWiden: boolean;
  /** Of the running capture. */
  readonly endpoint: string | undefined;
}

const step = (label: string, icon: string, command: string, detail?: string, argument?: unknown): ActionNode => ({
  kind: 'action',
  id: `action:${label}`,
  label,
  icon,
  command: { id: command, title: label, argument },
  detail,
});

const tryAgain = step('Try again', 'refresh', 'spanhop.refresh');
const selectBackend = step('Select backend…', 'server-environment', 'spanhop.selectBackend');
const setting = (label: string, name: string): ActionNode =>
  step(label, 'settings-gear', 'workbench.action.openSettings', undefined, name);

/** Best first; none where traces are listed, and where the view's welcome text speaks (nothing captured, nothing asked). */
export function nextSteps(situation: Situation): readonly ActionNode[] {
  const { state, error, endpoint } = situation;
  switch (state) {
    case 'listed':
      return [];
    case 'loading':
      return situation.loading ? [step('Stop', 'stop-circle', 'spanhop.cancelLoading'), selectBackend] : [];
    case 'noTraces':
      return endpoint === undefined ? [] : whileCapturing(endpoint);
    case 'nothingFound':
      return [
        step('Change search…', 'search', 'spanhop.search'),
        ...(situation.canWiden ? [lookFurther] : []),
        step('Clear search', 'clear-all', 'spanhop.clearSearch'),
      ];
    case 'backendEmpty':
      return [...(situation.canWiden ? [lookFurther] : []), step('Refresh', 'refresh', 'spanhop.refresh'), selectBackend];
    case 'stopped':
      return [step('Load traces', 'refresh', 'spanhop.refresh'), selectBackend];
    case 'unauthorized':
      return [...afterFailure('unauthorized', situation.backend), selectBackend];
    case 'problem':
      return error === undefined ? [tryAgain] : afterProblem(error, situation.backend);
    default:
      return state satisfies never;
  }
}

const lookFurther = step('Look further back', 'history', 'spanhop.widenRange');

function whileCapturing(endpoint: string): readonly ActionNode[] {
  return [
    step('Copy endpoint', 'copy', 'spanhop.copyCaptureEndpoint', endpoint),
    step('Copy variables for a shell', 'terminal', 'spanhop.copyCaptureVariables'),
    step('Start a program in the debugger…', 'debug-start', 'workbench.action.debug.selectandstart'),
    step('Show log', 'output', 'spanhop.showLog', 'what came, and why it could not be read'),
  ];
}

function afterProblem(error: ErrorData, backend: string): readonly ActionNode[] {
  const log = step('Show log', 'output', 'spanhop.showLog');
  switch (error.kind) {
    case 'TooLarge':
      return [
        tryAgain,
        setting('Change limit', 'spanhop.requests.maxMegabytes'),
        step('Change search…', 'search', 'spanhop.search'),
        ...(backend === LOCAL_DATASET ? [] : [selectBackend]),
      ];
    case 'BadQuery':
      return [step('Change search…', 'search', 'spanhop.search'), step('Clear search', 'clear-all', 'spanhop.clearSearch')];
    default:
      return backend === LOCAL_DATASET ? [tryAgain, log] : [...afterFailure(failureOf(error), backend), selectBackend];
  }
}

/** What helps most is first: a server that does not run is started and asked again, an address that is no backend's is changed. */
function afterFailure(failure: Failure, backend: string): readonly ActionNode[] {
  const change = step('Change address…', 'edit', 'spanhop.changeBackendAddress', undefined, backend);
  const credential = step('Set credential…', 'key', 'spanhop.setCredential', undefined, backend);
  const log = step('Show log', 'output', 'spanhop.showLog');
  switch (failure) {
    case 'timeout':
      return [tryAgain, setting('Change time-out', 'spanhop.requests.timeoutSeconds'), change];
    case 'unauthorized':
    case 'signIn':
      return [credential, change, tryAgain];
    case 'certificate':
      return [
        step('Edit backends in settings', 'settings-gear', 'spanhop.editBackends'),
        setting('Certificate settings', 'http.systemCertificates'),
        change,
        tryAgain,
      ];
    case 'proxy':
      return [setting('Proxy settings', 'http.proxy'), tryAgain];
    case 'busy':
      return [tryAgain, log];
    case 'stranger':
      return [change, tryAgain, log];
    case 'unknownHost':
    case 'protocol':
      return [change, tryAgain];
    case 'refused':
    case 'offline':
    case 'other':
      return [tryAgain, change];
    default:
      return failure satisfies never;
  }
}
