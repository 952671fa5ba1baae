/** Forwarding: the commands that say where to and with which headers, and the offer where a collector has the port. */

import type { Disposable } from 'vscode';
import type { App } from '../../app/app';
import { CollectorOffer, type CollectorOfferOptions } from '../../app/forwarding/collectorOffer';
import { isPlainRemote } from '../../backends/common/typedAddress';
import { Disposables } from '../../base/disposables';
import { parseEndpoint, parseHeaders } from '../../capture/forward/forwardEndpoint';
import { plain } from '../../core/text/plainText';
import { registerCommand } from '../adapters/registerCommand';
import { askForText } from '../plain/inputBox';
import { askModal, showMessage } from '../plain/messages';
import { showInStatusBar } from '../plain/statusBar';

type Services = Pick<App, 'forwarding' | 'settings' | 'capture' | 'problems' | 'memento' | 'ui'> &
  Pick<CollectorOfferOptions, 'connect'>;

export function registerForwarding(services: Services): Disposable {
  const { problems } = services;
  return new Disposables(
    new CollectorOffer(services),
    registerCommand(problems, 'spanhop.forwardCaptures', () => chooseEndpoint(services)),
    registerCommand(problems, 'spanhop.setForwardHeaders', () => setHeaders(services)),
  );
}

async function chooseEndpoint({ settings }: Services): Promise<void> {
  const before = settings.forwardTo;
  const typed = await askForText({
    title: 'Forward Captures',
    prompt: 'Endpoint for OTLP over HTTP, where everything that is captured is sent as well. Empty: nowhere.',
    placeholder: 'http://localhost:4318',
    value: before,
    validate: (value) => {
      const found = value.trim() === '' ? undefined : parseEndpoint(value);
      return typeof found === 'string' ? `This ${found}.` : undefined;
    },
  });
  if (typed === undefined) return;
  const found = typed.trim() === '' ? undefined : parseEndpoint(typed);
  const endpoint = typeof found === 'object' ? found : undefined;
  if (endpoint && endpoint.base !== before && isPlainRemote(endpoint.origin)) {
    const question = `Send what is captured to ${endpoint.origin} without encryption?`;
    const details = ['The address begins with http:, so anybody on the way can read it.'];
    if ((await askModal('warning', question, details, 'Send')) !== 'Send') return;
  }
  await settings.update('capture.forwardTo', endpoint?.base);
  showInStatusBar(endpoint ? plain`$(check) Forwarding to ${endpoint.base}` : plain`$(check) Nothing is forwarded`, 4_000);
}

async function setHeaders({ forwarding }: Services): Promise<void> {
  const { origin } = forwarding;
  if (origin === undefined) {
    await showMessage('info', 'Captures are forwarded nowhere. Choose an endpoint first, with "Forward Captures".');
    return;
  }
  const typed = await askForText({
    title: `Headers for ${origin}`,
    prompt: 'As OTEL_EXPORTER_OTLP_HEADERS has them; kept with the secrets, for this address alone. Empty: none.',
    placeholder: 'x-api-key=…,x-tenant=…',
    password: true,
    ignoreFocusOut: true,
    validate: (value) => {
      const found = parseHeaders(value);
      return typeof found === 'string' ? found : undefined;
    },
  });
  if (typed === undefined) return;
  const headers = parseHeaders(typed);
  if (typeof headers === 'string') return;
  const names = Object.keys(headers);
  if (names.length > 0 && isPlainRemote(origin)) {
    const question = `Send the headers to ${origin} without encryption?`;
    const details = ['The address begins with http:, so anybody on the way can read what is sent there.'];
    if ((await askModal('warning', question, details, 'Send')) !== 'Send') return;
  }
  await forwarding.setHeaders(origin, headers);
  showInStatusBar(names.length > 0 ? plain`$(check) Kept ${names.join(', ')}` : plain`$(check) No headers for ${origin}`, 4_000);
}
