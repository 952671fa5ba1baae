/** Asks for what a backend needs until it answers, or until the person wants one that does not. Nothing is saved here but credentials. */

import { commands, ProgressLocation } from 'vscode';
import { type Question, type Trial, tryBackend } from '../../app/backends/tryBackend';
import { type Connection, plainConnection } from '../../app/settings/connection';
import type { BackendDescriptor } from '../../backends/common/descriptor';
import { type Failure, failureOf } from '../../backends/common/failures';
import { readAddress } from '../../backends/common/typedAddress';
import { toErrorData } from '../../base/errors';
import { withSignal } from '../adapters/cancellation';
import { askForFile } from '../plain/dialogs';
import { askForText } from '../plain/inputBox';
import { showProgress } from '../plain/messages';
import { type PickItem, pickOne } from '../plain/quickPick';
import { pickKind } from './chooseKind';
import { askForFields, type Options } from './fields';
import type { FormServices } from './formServices';
import { setCredential } from './setCredential';

const change = 'Change Address…';
/** Of kinds whose address is made of other fields. */
const changeFields = 'Change…';
const retry = 'Retry';
const credential = 'Set Credential…';
const authorities = 'Trust a Certificate…';
const certificates = 'Certificate Settings';
const proxy = 'Proxy Settings';
const choose = 'Choose Kind…';
const chooseSource = 'Choose Data Source…';
const save = 'Save Anyway';

/** What helps most is first. */
const stepsAfter: Readonly<Record<Failure, readonly string[]>> = {
  refused: [change, retry],
  unknownHost: [change, retry],
  offline: [retry, change],
  protocol: [change, retry],
  certificate: [authorities, certificates, change],
  timeout: [retry, change],
  unauthorized: [credential, change],
  signIn: [credential, change],
  stranger: [change, retry],
  busy: [retry, change],
  proxy: [proxy, retry, change],
  other: [retry, change],
};

export interface FormQuestion {
  /** Of the step that asks for the address. */
  readonly title: string;
  /** Address that stands there first. */
  readonly value: string;
  /** Undefined: whatever answers. */
  readonly kind: BackendDescriptor | undefined;
  /** Of a backend that is there already: it is asked for the address alone, or for the fields that make it. */
  readonly present?: Pick<Question, 'name' | 'headers' | 'options'> & { readonly connection: Connection };
}

export interface FormAnswer {
  readonly trial: Trial;
  readonly options: Options;
  /** Absolute path of the certificates that it was trusted by. */
  readonly caFile?: string;
}

/** What is filled in so far. */
interface Draft {
  readonly urls: readonly string[];
  readonly kind: BackendDescriptor | undefined;
  readonly options: Options;
  readonly connection: Connection;
}

/** The backend that answers, or that is wanted all the same; undefined: given up. */
export async function fillForm(services: FormServices, question: FormQuestion): Promise<FormAnswer | undefined> {
  const { present } = question;
  /** Origins that got a credential here. */
  const given = new Set<string>();
  const end = async (answer: FormAnswer | undefined): Promise<FormAnswer | undefined> => {
    // One that is for nothing is not kept.
    for (const origin of given)
      if (!answer || new URL(answer.trial.url).origin !== origin) await services.credentials.delete(origin);
    return answer;
  };
  let typed = question.value;
  let options = present?.options ?? {};
  for (;;) {
    const { kind } = question;
    let urls: readonly string[] = [];
    const byFields = kind !== undefined && isMadeOfFields(kind, present && { url: question.value, options: present.options });
    if (!byFields) {
      const text = await askForAddress(question.title, typed);
      if (text === undefined) return end(undefined);
      typed = text;
      const address = readAddress(text);
      if ('problem' in address) continue;
      urls = address.urls;
    }
    if (kind && (byFields || !present)) {
      const filled = await askForFields(kind, options);
      if (!filled) return end(undefined);
      options = filled;
      if (kind.address !== 'asked') urls = [kind.address(options)];
    }
    const draft = { urls, kind, options, connection: present?.connection ?? plainConnection };
    const answer = await tryUntil(services, question, draft, given);
    if (answer !== 'change') return end(answer);
  }
}

/** Whether its address is what its other fields say. @param present of one that is there already, whose address may have been given all the same */
export function isMadeOfFields(
  { address }: BackendDescriptor,
  present?: { readonly url: string; readonly options?: Options },
): boolean {
  return address !== 'asked' && (present === undefined || present.url === address(present.options ?? {}));
}

function askForAddress(title: string, value: string): Promise<string | undefined> {
  return askForText({
    title,
    prompt: 'The address of its web page, as the browser has it, or only host and port',
    placeholder: 'localhost:16686',
    value,
    ignoreFocusOut: true,
    validate: (text) => {
      const address = readAddress(text);
      return 'problem' in address ? address.problem : undefined;
    },
  });
}

/** Tries until it answers or the person decides. */
async function tryUntil(
  services: FormServices,
  question: FormQuestion,
  first: Draft,
  given: Set<string>,
): Promise<FormAnswer | 'change' | undefined> {
  let draft = first;
  for (;;) {
    const trial = await tryOnce(services, question, draft);
    if (trial === undefined) return 'change';
    const answer = { trial, options: draft.options, caFile: draft.connection.tls?.caFile };
    if (!trial.error) return answer;
    const { other, dataSources } = trial;
    const as = other && !question.present ? `Add as ${other.label}` : undefined;
    const { present } = question;
    const hasAddress =
      trial.kind === undefined || !isMadeOfFields(trial.kind, present && { url: question.value, options: present.options });
    // Of kinds that have credentials of their own, the person renews them, and it is asked again.
    const takesCredential = trial.kind === undefined || trial.kind.credentials.length > 0;
    const helping = stepsAfter[failureOf(trial.error)].map((each) => {
      if (each === change && !hasAddress) return changeFields;
      return each === credential && !takesCredential ? retry : each;
    });
    const steps = [...(as ? [as] : []), ...(dataSources ? [chooseSource] : []), ...helping, trial.kind ? save : choose];
    let step = await services.problems.choose(trial.error, ...steps);
    while (step === certificates || step === proxy) {
      await commands.executeCommand('workbench.action.openSettings', step === proxy ? 'http.proxy' : 'http.systemCertificates');
      step = await services.problems.choose(trial.error, ...steps);
    }
    switch (step) {
      case undefined:
        return undefined;
      case change:
      case changeFields:
        return 'change';
      case save:
        return answer;
      case credential: {
        const name = question.present?.name ?? trial.kind?.label ?? 'the backend';
        const { connection } = draft;
        await giveCredential(services, { name, url: trial.url, kind: trial.kind, connection }, given);
        break;
      }
      case authorities: {
        const caFile = await askForCertificates();
        if (caFile !== undefined) draft = { ...draft, urls: [trial.url], connection: withAuthorities(draft.connection, caFile) };
        break;
      }
      case choose: {
        const kind = await pickKind(`Add backend: what is ${new URL(trial.url).host}?`);
        const options = kind && (await askForFields(kind, {}, 'required'));
        if (kind && options) draft = { ...draft, kind, options };
        break;
      }
      case chooseSource: {
        const datasource = await pickDataSource(dataSources ?? []);
        const options = { ...draft.options, ...(datasource !== undefined && { datasource }) };
        draft = { ...draft, urls: [trial.url], kind: trial.kind, options };
        break;
      }
      case as: {
        const options = other && (await askForFields(other, {}, 'required'));
        if (options) draft = { ...draft, urls: [trial.url], kind: other, options };
        break;
      }
    }
  }
}

interface SourceItem extends PickItem {
  readonly name: string;
}

async function pickDataSource(names: readonly string[]): Promise<string | undefined> {
  const items = names.map((name): SourceItem => ({ label: name, name }));
  return (await pickOne(items, { title: 'Data source of Grafana', ignoreFocusOut: true }))?.name;
}

function withAuthorities(connection: Connection, caFile: string): Connection {
  return { ...connection, tls: { ...connection.tls, caFile } };
}

async function askForCertificates(): Promise<string | undefined> {
  const file = await askForFile({
    title: 'File of the certificate that is to be trusted for this backend',
    openLabel: 'Trust',
    filters: { Certificates: ['pem', 'crt', 'cer'], All: ['*'] },
  });
  return file?.scheme === 'file' ? file.fsPath : undefined;
}

async function giveCredential(
  services: FormServices,
  backend: Parameters<typeof setCredential>[1],
  given: Set<string>,
): Promise<void> {
  const { origin } = new URL(backend.url);
  const had = (await services.credentials.get(origin)) !== undefined;
  await setCredential(services, backend);
  if (!had && (await services.credentials.get(origin))) given.add(origin);
}

/** Undefined: stopped. */
async function tryOnce(
  { backends }: FormServices,
  { present }: FormQuestion,
  { urls, kind, options, connection }: Draft,
): Promise<Trial | undefined> {
  const { name, headers } = present ?? {};
  const title = `Asking ${urls[0] === undefined ? '' : new URL(urls[0]).host || urls[0]}…`;
  return showProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (token) => {
    try {
      const asked = { urls, kind, options, name, headers };
      return await withSignal(token, (signal) => tryBackend(asked, backends.asking(connection), signal));
    } catch (error) {
      if (toErrorData(error).kind === 'Cancelled') return undefined;
      throw error;
    }
  });
}
