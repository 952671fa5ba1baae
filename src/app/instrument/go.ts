/**
 * Go: nothing can be put into a program that is compiled. One whose module has the SDK gets its variables; for another, the set-up is offered as text.
 * Source: opentelemetry.io, "Go"; README of otlptracehttp; measured with SDK 1.47 (see the field below).
 */

import { dirname } from 'node:path';
import type { UserInterface } from '../ports/userInterface';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';
import { goSetUp } from './goSetUp';
import { documentation } from './guides';
import type { Instrumentation, InstrumentedLaunch, Prepared } from './instrumentation';
import { manifestsOf } from './manifests';

export interface GoServices {
  readonly ui: Pick<UserInterface, 'openAddress' | 'openDraft'>;
  readonly files: Pick<WorkspaceFiles, 'readText'>;
}

/** The SDK, its exporters, and what sets them up for others. */
const SDK =
  /go\.opentelemetry\.io\/(?:otel\/(?:sdk|exporters)|contrib\/(?:exporters|otelconf|config))|otel-config-go|uptrace-go|otel-launcher-go|splunk-otel-go|opentelemetry-go-extra/;

export class GoInstrumentation implements Instrumentation {
  readonly language = 'go';

  constructor(private readonly own: GoServices) {}

  async prepare(launch: InstrumentedLaunch): Promise<Prepared | undefined> {
    const { folder, configuration } = launch;
    const { program, cwd, mode } = configuration;
    // What is attached to, or runs elsewhere, is built elsewhere.
    if (mode === 'remote' || mode === 'core' || mode === 'replay') return undefined;
    const found = await manifestsOf(this.own.files, ['go.mod'], { folder, starts: [program, cwd] });
    if (found.length === 0) return undefined;
    if (found.some(({ text }) => SDK.test(text))) return this.withSdk(launch);
    const { ui } = this.own;
    const [{ path }] = found;
    return {
      variables: [],
      missing: {
        message: 'Go programs are traced by their own code: its module does not use the OpenTelemetry SDK yet.',
        offers: [
          { title: 'Show Set-Up Code', run: async () => void (await ui.openDraft(goSetUp(dirname(path)), 'go')) },
          documentation(ui, 'languages/go/getting-started/'),
        ],
      },
    };
  }

  /** With nobody listening, `Shutdown` without a deadline took 10 s over gRPC and 30 s over HTTP; with this, one second. */
  private withSdk({ get }: InstrumentedLaunch): Prepared | undefined {
    const name = 'OTEL_BSP_EXPORT_TIMEOUT';
    if (get(name) !== undefined) return undefined;
    const reason = 'the program ends in time when nobody listens any more (Go counts milliseconds)';
    return { variables: [{ name, value: '1000', reason }] };
  }
}
