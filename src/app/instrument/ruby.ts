/** Ruby: there is no agent. A bundle that has the SDK gets its variables; for another, adding it is offered. Source: opentelemetry.io, "Ruby". */

import type { UserInterface } from '../ports/userInterface';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';
import { command, documentation } from './guides';
import type { Instrumentation, InstrumentedLaunch, Prepared } from './instrumentation';
import { manifestsOf } from './manifests';

export interface RubyServices {
  readonly ui: Pick<UserInterface, 'openAddress' | 'openDraft' | 'typeInTerminal'>;
  readonly files: Pick<WorkspaceFiles, 'readText'>;
}

const SET_UP = `# Sends the spans of this program to where OTEL_EXPORTER_OTLP_ENDPOINT says. In Rails: config/initializers/opentelemetry.rb;
# elsewhere, require it after the libraries that are to be traced.
require 'opentelemetry/sdk'
require 'opentelemetry/exporter/otlp'
require 'opentelemetry/instrumentation/all'

OpenTelemetry::SDK.configure(&:use_all)

# The last spans are sent before the program ends.
at_exit { OpenTelemetry.tracer_provider.shutdown }
`;

export class RubyInstrumentation implements Instrumentation {
  readonly language = 'ruby';

  constructor(private readonly own: RubyServices) {}

  async prepare({ folder, configuration: { program, script, cwd } }: InstrumentedLaunch): Promise<Prepared | undefined> {
    const starts = [program, script, cwd];
    const found = await manifestsOf(this.own.files, ['Gemfile.lock', 'Gemfile', 'gems.rb'], { folder, starts });
    if (found.some(({ text }) => text.includes('opentelemetry-sdk'))) return undefined;
    const { ui } = this.own;
    const gems = 'opentelemetry-sdk opentelemetry-exporter-otlp opentelemetry-instrumentation-all';
    return {
      variables: [],
      missing: {
        message: 'Ruby programs are traced by their own code: its bundle does not have the OpenTelemetry SDK yet.',
        offers: [
          command(ui, 'Add Gems in Terminal', folder, found.length > 0 ? `bundle add ${gems}` : `gem install ${gems}`),
          { title: 'Show Set-Up Code', run: async () => void (await ui.openDraft(SET_UP, 'ruby')) },
          documentation(ui, 'languages/ruby/getting-started/'),
        ],
      },
    };
  }
}
