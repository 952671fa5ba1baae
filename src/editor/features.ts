/** The features, each a folder with one `registerX`. A new one is a line here. */

import type { Disposable } from 'vscode';
import { Disposables } from '../base/disposables';
import { registerBackends } from './backends/registerBackends';
import { registerCapture } from './capture/registerCapture';
import { DebugSessions } from './capture/sessions';
import { registerCapturesView } from './captures/capturesView';
import { registerCode } from './code/registerCode';
import { registerCommands } from './commands/registerCommands';
import { registerDiagnostics } from './diagnostics/registerDiagnostics';
import { registerLinks } from './links/registerLinks';
import { registerLive } from './live/registerLive';
import type { Services } from './services/services';
import { registerSource } from './source/registerSource';
import { sourceLabel } from './source/sourceLabel';
import { registerTracesView } from './traces/register';
import { registerTrust } from './trust/registerTrust';
import { linkTo, readLink } from './uri/links';
import { registerUriHandler } from './uri/registerUriHandler';
import { registerWaterfall } from './waterfall/registerWaterfall';

export function registerFeatures(services: Services): Disposable {
  const sessions = new DebugSessions(services.context.workspaceState);
  const features = new Disposables(
    sessions,
    registerTracesView(services, {
      sourceLabel: (node) => sourceLabel(services, node),
      sessionName: (id) => sessions.nameOf(id),
      linkOf: (node) => linkTo(node).toString(true),
      readLink,
    }),
    registerCapturesView(services),
    registerCapture(services, sessions),
    registerCommands(services),
    registerWaterfall(services),
    registerSource(services),
    registerCode(services),
    registerDiagnostics(services),
    registerLinks(services),
    registerLive(services),
    registerUriHandler(services),
    registerBackends(services),
    registerTrust(services),
  );
  // Capturing again after a reload is not part of activation.
  const resuming = setTimeout(() => void services.problems.guard(() => services.capture.resume()), 0);
  features.add({ dispose: () => clearTimeout(resuming) });
  return features;
}
