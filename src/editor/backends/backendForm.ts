/** Asks for a backend's address until one answers, or until the person wants one that does not. Nothing is saved here. */

import { commands, ProgressLocation } from 'vscode';
import type { App } from '../../app/app';
import { type Trial, tryBackend } from '../../app/backends/tryBackend';
import type { BackendSettings } from '../../backends/common/backend';
import { type Failure, failureOf } from '../../backends/common/failures';
import { readAddress } from '../../backends/common/typedAddress';
import { toErrorData } from '../../base/errors';
import { withSignal } from '../adapters/cancellation';
import { askForText } from '../plain/inputBox';
import { showProgress } from '../plain/messages';
import { setCredential } from './setCredential';

export type FormServices = Pick<App, 'backends' | 'backendEdits' | 'credentials' | 'problems'>;

type Step = 'Change Address…' | 'Retry' | 'Set Credential…' | 'Certificate Settings' | 'Proxy Settings' | 'Save Anyway';

/** What helps most is first. */
const stepsAfter: Readonly<Record<Failure, readonly Step[]>> = {
  refused: ['Change Address…', 'Retry', 'Save Anyway'],
  unknownHost: ['Change Address…', 'Retry', 'Save Anyway'],
  protocol: ['Change Address…', 'Retry', 'Save Anyway'],
  certificate: ['Certificate Settings', 'Retry', 'Change Address…', 'Save Anyway'],
  timeout: ['Retry', 'Change Address…', 'Save Anyway'],
  unauthorized: ['Set Credential…', 'Change Address…', 'Save Anyway'],
  signIn: ['Set Credential…', 'Change Address…', 'Save Anyway'],
  stranger: ['Change Address…', 'Retry', 'Save Anyway'],
  busy: ['Retry', 'Change Address…', 'Save Anyway'],
  proxy: ['Proxy Settings', 'Retry', 'Change Address…', 'Save Anyway'],
  other: ['Retry', 'Change Address…', 'Save Anyway'],
};

export interface AddressQuestion {
  readonly title: string;
  readonly value: string;
  /** The backend as it would be. */
  readonly settings: Omit<BackendSettings, 'url'>;
}

/** The address that answers, or that is wanted all the same; undefined: given up. */
export async function askForAddress(services: FormServices, question: AddressQuestion): Promise<Trial | undefined> {
  const { title, settings } = question;
  let typed = question.value;
  /** Origins that got a credential here. */
  const given = new Set<string>();
  const end = async (trial: Trial | undefined): Promise<Trial | undefined> => {
    // One that is for nothing is not kept.
    for (const origin of given) if (!trial || new URL(trial.url).origin !== origin) await services.credentials.delete(origin);
    return trial;
  };
  for (;;) {
    const text = await askForText({
      title,
      prompt: 'The address of its web page, as the browser has it, or only host and port',
      placeholder: 'localhost:16686',
      value: typed,
      ignoreFocusOut: true,
      validate: (value) => {
        const address = readAddress(value);
        return 'problem' in address ? address.problem : undefined;
      },
    });
    if (text === undefined) return end(undefined);
    typed = text;
    const trial = await tryUntil(services, text, settings, given);
    if (trial !== 'change') return end(trial);
  }
}

/** Tries until it answers or the person decides. */
async function tryUntil(
  services: FormServices,
  text: string,
  settings: Omit<BackendSettings, 'url'>,
  given: Set<string>,
): Promise<Trial | 'change' | undefined> {
  for (;;) {
    const trial = await tryOnce(services, text, settings);
    if (trial === undefined) return 'change';
    if (!trial.error) return trial;
    const steps = stepsAfter[failureOf(trial.error)];
    let step = await services.problems.choose(trial.error, ...steps);
    while (step === 'Certificate Settings' || step === 'Proxy Settings') {
      const setting = step === 'Proxy Settings' ? 'http.proxy' : 'http.systemCertificates';
      await commands.executeCommand('workbench.action.openSettings', setting);
      step = await services.problems.choose(trial.error, ...steps);
    }
    if (step === undefined) return undefined;
    if (step === 'Change Address…') return 'change';
    if (step === 'Save Anyway') return trial;
    if (step === 'Set Credential…') await giveCredential(services, { ...settings, url: trial.url }, given);
  }
}

async function giveCredential(services: FormServices, settings: BackendSettings, given: Set<string>): Promise<void> {
  const { origin } = new URL(settings.url);
  const had = (await services.credentials.get(origin)) !== undefined;
  await setCredential(services, settings);
  if (!had && (await services.credentials.get(origin))) given.add(origin);
}

/** Undefined: stopped. */
async function tryOnce(
  { backends }: FormServices,
  text: string,
  settings: Omit<BackendSettings, 'url'>,
): Promise<Trial | undefined> {
  const address = readAddress(text);
  if ('problem' in address) return undefined;
  const { urls } = address;
  const title = `Asking ${new URL(urls[0]).host}…`;
  return showProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (token) => {
    try {
      return await withSignal(token, (signal) => tryBackend(urls, settings, (unsaved) => backends.unsaved(unsaved), signal));
    } catch (error) {
      if (toErrorData(error).kind === 'Cancelled') return undefined;
      throw error;
    }
  });
}
