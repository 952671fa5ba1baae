/**
 * .NET: its automatic instrumentation, where it is installed, by the variables of its own `instrument.sh`. One profiler can be loaded: where the person has
 * another, the startup hook alone traces the libraries that have activities. Sources: opentelemetry-dotnet-instrumentation, `instrument.sh` and docs/config.md.
 */

import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LaunchChange } from '../../capture/environmentEditor';
import type { UserInterface } from '../ports/userInterface';
import { uriOfPath } from '../workspace/rawFiles';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';
import { command, documentation } from './guides';
import type { Instrumentation, InstrumentedLaunch, MissingStep, Prepared } from './instrumentation';

export interface DotnetServices {
  readonly ui: Pick<UserInterface, 'openAddress' | 'typeInTerminal'>;
  readonly files: Pick<WorkspaceFiles, 'readText'>;
  readonly machine?: DotnetMachine;
}

/** What of the machine decides on paths. */
export interface DotnetMachine {
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Of processors, as Node names it. */
  readonly arch: string;
  /** The C library is musl (Alpine). */
  readonly musl: boolean;
}

const PROFILER = '{918728DD-259F-4A6A-AC2B-B85E1B658318}';
const HOOK = join('net', 'OpenTelemetry.AutoInstrumentation.StartupHook.dll');
/** Bytes of a program's list of libraries. */
const maxDeps = 4 << 20;

/** Their ways, as OpenTelemetry's documentation has them. */
const INSTALL = {
  windows:
    'Invoke-WebRequest https://github.com/open-telemetry/opentelemetry-dotnet-instrumentation/releases/latest/download/OpenTelemetry.DotNet.Auto.psm1 -OutFile OpenTelemetry.DotNet.Auto.psm1; Import-Module ./OpenTelemetry.DotNet.Auto.psm1; Install-OpenTelemetryCore',
  others:
    'curl -sSfL https://github.com/open-telemetry/opentelemetry-dotnet-instrumentation/releases/latest/download/otel-dotnet-auto-install.sh -o otel-dotnet-auto-install.sh && sh ./otel-dotnet-auto-install.sh',
} as const;

export class DotnetInstrumentation implements Instrumentation {
  readonly language = 'dotnet';
  private readonly machine: DotnetMachine;

  constructor(private readonly own: DotnetServices) {
    this.machine = own.machine ?? thisMachine();
  }

  async prepare(launch: InstrumentedLaunch): Promise<Prepared | undefined> {
    const hooks = launch.get('DOTNET_STARTUP_HOOKS') ?? '';
    if (hooks.includes('OpenTelemetry.AutoInstrumentation')) return undefined;
    if (await this.hasSdk(launch)) return undefined;
    const home = await this.installed(launch.get('OTEL_DOTNET_AUTO_HOME'), launch.get('ProgramFiles'));
    if (home === undefined) return { variables: [], missing: this.missing(launch) };
    const other = this.otherProfiler(launch);
    const separator = launch.windows ? ';' : ':';
    const hook = join(home, HOOK);
    const variables: LaunchChange[] = [
      { name: 'OTEL_DOTNET_AUTO_HOME', value: home, reason: 'where the automatic instrumentation is' },
      {
        name: 'DOTNET_STARTUP_HOOKS',
        value: hooks === '' ? hook : `${hooks}${separator}${hook}`,
        reason: 'starts the automatic instrumentation',
      },
    ];
    if (!other) return { variables: [...variables, ...this.profiler(home)] };
    const message =
      'It runs with another profiler, and .NET loads only one. Spans come of libraries that make their own (ASP.NET Core, HttpClient); others are not traced.';
    return { variables, missing: { message, offers: [] } };
  }

  /** What is built with OpenTelemetry sets it up itself. */
  private async hasSdk({ configuration: { program } }: InstrumentedLaunch): Promise<boolean> {
    if (typeof program !== 'string' || !/\.(?:dll|exe)$/i.test(program)) return false;
    const path = program.replace(/\.\w+$/, '.deps.json');
    const text = await this.own.files.readText(uriOfPath(path), maxDeps, 'now');
    return text !== undefined && /"OpenTelemetry\/\d/.test(text);
  }

  private async installed(set: string | undefined, programs: string | undefined): Promise<string | undefined> {
    const usual = [
      join(this.machine.home, '.otel-dotnet-auto'),
      ...(programs === undefined ? [] : [join(programs, 'OpenTelemetry .NET AutoInstrumentation')]),
    ];
    for (const home of set === undefined ? usual : [set]) if (await isFile(join(home, HOOK))) return home;
    return undefined;
  }

  private otherProfiler({ get }: InstrumentedLaunch): boolean {
    const isOn = get('CORECLR_ENABLE_PROFILING') === '1' || get('DOTNET_ENABLE_PROFILING') === '1';
    const which = get('CORECLR_PROFILER') ?? get('DOTNET_PROFILER');
    return isOn && which?.toUpperCase() !== PROFILER;
  }

  private profiler(home: string): readonly LaunchChange[] {
    const reason = 'loads the profiler that instruments libraries';
    const { platform, arch, musl } = this.machine;
    const at = (folder: string, file: string): string => join(home, folder, `OpenTelemetry.AutoInstrumentation.Native.${file}`);
    const paths: readonly (readonly [string, string])[] =
      platform === 'win32'
        ? [
            ['CORECLR_PROFILER_PATH_64', at('win-x64', 'dll')],
            ['CORECLR_PROFILER_PATH_32', at('win-x86', 'dll')],
          ]
        : platform === 'darwin'
          ? [['CORECLR_PROFILER_PATH', at(`osx-${arch}`, 'dylib')]]
          : [['CORECLR_PROFILER_PATH', at(`linux-${musl ? 'musl-' : ''}${arch}`, 'so')]];
    return [
      { name: 'CORECLR_ENABLE_PROFILING', value: '1', reason },
      { name: 'CORECLR_PROFILER', value: PROFILER, reason },
      ...paths.map(([name, value]) => ({ name, value, reason })),
    ];
  }

  private missing({ folder, configuration: { cwd, program }, windows }: InstrumentedLaunch): MissingStep {
    const { ui } = this.own;
    const at = typeof cwd === 'string' ? cwd : typeof program === 'string' ? dirname(program) : folder;
    return {
      message:
        'To trace it without a change to its code, the OpenTelemetry automatic instrumentation for .NET is needed, which is not installed for this user.',
      offers: [
        command(ui, 'Install in Terminal', at, windows ? INSTALL.windows : INSTALL.others),
        documentation(ui, 'zero-code/dotnet/getting-started/'),
      ],
    };
  }
}

function thisMachine(): DotnetMachine {
  const report: unknown = process.platform === 'linux' ? process.report?.getReport() : undefined;
  const header: unknown = typeof report === 'object' && report !== null && 'header' in report ? report.header : undefined;
  const isGlibc = typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header;
  return { home: homedir(), platform: process.platform, arch: process.arch, musl: report !== undefined && !isGlibc };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
