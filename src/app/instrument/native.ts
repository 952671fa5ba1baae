/** Rust, of all that debuggers of machine code run: a project whose manifest has no OpenTelemetry is told what to add. Source: opentelemetry.io, "Rust". */

import { dirname } from 'node:path';
import type { UserInterface } from '../ports/userInterface';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';
import { command, documentation } from './guides';
import type { Instrumentation, InstrumentedLaunch, Prepared } from './instrumentation';
import { manifestsOf } from './manifests';

export interface NativeServices {
  readonly ui: Pick<UserInterface, 'openAddress' | 'typeInTerminal'>;
  readonly files: Pick<WorkspaceFiles, 'readText'>;
}

export class NativeInstrumentation implements Instrumentation {
  readonly language = 'native';

  constructor(private readonly own: NativeServices) {}

  async prepare({ folder, configuration: { program, cwd } }: InstrumentedLaunch): Promise<Prepared | undefined> {
    const found = await manifestsOf(this.own.files, ['Cargo.toml', 'Cargo.lock'], { folder, starts: [program, cwd] });
    if (found.length === 0 || found.some(({ text }) => /\bopentelemetry(?:[-_]otlp|[-_]sdk)?\b/.test(text))) return undefined;
    const { ui } = this.own;
    const [{ path }] = found;
    const crates =
      'cargo add opentelemetry && cargo add opentelemetry_sdk && cargo add opentelemetry-otlp --features http-proto,reqwest-blocking-client';
    return {
      variables: [],
      missing: {
        message: 'Rust programs are traced by their own code: its crate does not use OpenTelemetry yet.',
        offers: [
          command(ui, 'Add Crates in Terminal', dirname(path), crates),
          documentation(ui, 'languages/rust/getting-started/'),
        ],
      },
    };
  }
}
