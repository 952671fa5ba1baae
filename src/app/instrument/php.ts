/**
 * PHP: its extension starts what Composer installed, if it is told to. Source: opentelemetry.io, "PHP zero-code instrumentation".
 */

import type { UserInterface } from '../ports/userInterface';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';
import { command, documentation } from './guides';
import type { Instrumentation, InstrumentedLaunch, Prepared } from './instrumentation';
import { manifestsOf } from './manifests';

export interface PhpServices {
  readonly ui: Pick<UserInterface, 'openAddress' | 'typeInTerminal'>;
  readonly files: Pick<WorkspaceFiles, 'readText'>;
}

/** Packages for frameworks, by the packages of these. */
const FRAMEWORKS: Readonly<Record<string, string>> = {
  'laravel/framework': 'open-telemetry/opentelemetry-auto-laravel',
  'symfony/framework-bundle': 'open-telemetry/opentelemetry-auto-symfony',
  'slim/slim': 'open-telemetry/opentelemetry-auto-slim',
};

export class PhpInstrumentation implements Instrumentation {
  readonly language = 'php';

  constructor(private readonly own: PhpServices) {}

  async prepare({ folder, configuration, get }: InstrumentedLaunch): Promise<Prepared | undefined> {
    const { program, cwd, runtimeArgs } = configuration;
    // Without a program it only waits for Xdebug to connect.
    const runsOne = typeof program === 'string' && program !== '';
    if (!runsOne && !(Array.isArray(runtimeArgs) && runtimeArgs.length > 0)) return undefined;
    const found = await manifestsOf(this.own.files, ['composer.json'], { folder, starts: [program, cwd] });
    if (found.some(({ text }) => text.includes('"open-telemetry/'))) {
      const name = 'OTEL_PHP_AUTOLOAD_ENABLED';
      const reason = 'the SDK starts with the program';
      return get(name) === undefined ? { variables: [{ name, value: 'true', reason }] } : undefined;
    }
    const { ui } = this.own;
    const text = found.map((each) => each.text).join('\n');
    const added = Object.entries(FRAMEWORKS).flatMap(([framework, name]) => (text.includes(`"${framework}"`) ? [name] : []));
    const packages = ['open-telemetry/sdk', 'open-telemetry/exporter-otlp', ...added];
    return {
      variables: [],
      missing: {
        message: 'To trace it, the opentelemetry extension of PHP and the packages of OpenTelemetry are needed.',
        offers: [
          command(ui, 'Add in Terminal', folder, `pecl install opentelemetry && composer require ${packages.join(' ')}`),
          documentation(ui, 'zero-code/php/'),
        ],
      },
    };
  }
}
