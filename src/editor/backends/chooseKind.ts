/** Which kind of backend is added: one of those that there are, whatever answers at an address, or what answers on this machine. */

import { ProgressLocation, QuickPickItemKind } from 'vscode';
import { localAddresses, lookAround, type Trial } from '../../app/backends/tryBackend';
import type { BackendDescriptor } from '../../backends/common/descriptor';
import { backendKinds } from '../../backends/kinds';
import { toErrorData } from '../../base/errors';
import { formatCount } from '../../core/text/formatText';
import { plain } from '../../core/text/plainText';
import { withSignal } from '../adapters/cancellation';
import { showMessage, showProgress } from '../plain/messages';
import { type PickItem, pickOne } from '../plain/quickPick';
import type { FormServices } from './formServices';

/** `find`: the kind of what answers. */
export type KindChoice = { readonly kind: BackendDescriptor } | { readonly found: Trial } | 'find';

interface ChoiceItem extends PickItem {
  readonly choice?: KindChoice | 'look';
}

/** Undefined: given up. */
export async function chooseKind(services: FormServices): Promise<KindChoice | undefined> {
  const ports = localAddresses(backendKinds).map((url) => new URL(url).port);
  const items: ChoiceItem[] = [
    { label: plain`$(search) Find Out by the Address`, detail: 'Asks what answers there', choice: 'find' },
    {
      label: plain`$(device-desktop) Look on This Machine`,
      detail: `Asks at the usual ports: ${ports.join(', ')}`,
      choice: 'look',
    },
    { label: 'Kinds', kind: QuickPickItemKind.Separator },
    ...kindItems(),
  ];
  const chosen = await pickOne(items, {
    title: 'Add backend: what it is',
    placeholder: 'The kind of server that has the traces, or a way to find out',
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  return chosen?.choice === 'look' ? look(services) : chosen?.choice;
}

/** One of the kinds; undefined: given up. */
export async function pickKind(title: string): Promise<BackendDescriptor | undefined> {
  const chosen = await pickOne(kindItems(), { title, matchOnDescription: true, ignoreFocusOut: true });
  return chosen?.choice.kind;
}

function kindItems(): (PickItem & { readonly choice: { readonly kind: BackendDescriptor } })[] {
  return backendKinds.map((kind) => ({
    label: kind.label,
    description: kind.alsoKnownAs === undefined ? undefined : `also ${kind.alsoKnownAs.join(', ')}`,
    choice: { kind },
  }));
}

/** What a backend says of itself: `Jaeger 2.21, 3 services`. */
export function describeFound({ kind, facts }: Trial): { readonly what: string; readonly services: string | undefined } {
  const { product, version, services } = facts ?? {};
  const name = product ?? kind?.label ?? 'It';
  return {
    what: version === undefined ? name : `${name} ${version}`,
    services: services === undefined ? undefined : formatCount(services, 'service'),
  };
}

async function look(services: FormServices): Promise<KindChoice | undefined> {
  const title = 'Looking for backends on this machine…';
  const found = await showProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (token) => {
    try {
      return await withSignal(token, (signal) => lookAround(services.backends.asking(), signal));
    } catch (error) {
      if (toErrorData(error).kind === 'Cancelled') return undefined;
      throw error;
    }
  });
  if (!found) return undefined;
  if (found.length === 0) {
    const enter = 'Enter Address…';
    const ports = localAddresses(backendKinds).map((url) => new URL(url).port);
    const message = `No backend answers on this machine at the ports ${ports.join(', ')}.`;
    return (await showMessage('info', message, enter)) === enter ? 'find' : undefined;
  }
  const items = found.map((trial): PickItem & { readonly choice: KindChoice } => {
    const { what, services: count } = describeFound(trial);
    const configured = services.backends.list().find(({ settings }) => settings.url.replace(/\/+$/, '') === trial.url);
    return {
      label: what,
      description: new URL(trial.url).host,
      detail: trial.error?.message ?? (configured ? `Added already, as "${configured.settings.name}"` : count),
      choice: { found: trial },
    };
  });
  const chosen = await pickOne(items, { title: 'Add backend: found on this machine', ignoreFocusOut: true });
  return chosen?.choice;
}
