/**
 * Gives launched programs of every debug type the environment that sends their traces to this window, while capture is on.
 *
 * The provider is one for `*` in the second step (variables replaced), which VS Code runs last: it sees the environment as the program
 * will get it, and wins. Attached programs are left alone, and so are js-debug's child sessions (`__pendingTargetId`), which inherit their
 * parent's environment.
 */

import type { CancellationToken, DebugConfiguration, DebugConfigurationProvider, WorkspaceFolder } from 'vscode';
import type { Launches } from '../../app/launches/launches';
import { withSignal } from '../adapters/cancellation';
import { isLaunch, launchOf, withPrepared, withVariables } from './launchConfiguration';

export class CaptureDebugProvider implements DebugConfigurationProvider {
  /** A terminal of a debugger's own is about to be opened, with OpenTelemetry's variables as the person set them. */
  onOwnTerminal: (() => void) | undefined;

  constructor(private readonly launches: Launches) {}

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: WorkspaceFolder | undefined,
    configuration: DebugConfiguration,
    token?: CancellationToken,
  ): Promise<DebugConfiguration> {
    if (!isLaunch(configuration)) return configuration;
    const launch = launchOf(folder, configuration);
    const given = await withSignal(token, (signal) => this.launches.prepare(launch, signal));
    const isOwn = Object.keys(launch.environment).some((name) => /^OTEL_/i.test(name));
    if (isOwn && launch.type === 'node-terminal') this.onOwnTerminal?.();
    return given ? withPrepared(configuration, given) : configuration;
  }

  /** The environment that a launch would get now; empty while nothing is captured. Variables that it takes away are not in it. */
  async environmentOf(folder: WorkspaceFolder | undefined, configuration: DebugConfiguration): Promise<Record<string, string>> {
    const whole = withVariables(folder, configuration);
    const launch = launchOf(folder, whole);
    const given = await this.launches.preview(isLaunch(whole) ? launch : { ...launch, configuration: { request: 'attach' } });
    const isSet = (pair: [string, string | null]): pair is [string, string] => pair[1] !== null;
    return Object.fromEntries(Object.entries(given).filter(isSet));
  }
}
