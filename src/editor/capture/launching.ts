/** Launches as this window prepares them: what debug sessions and the API share. */

import { Uri } from 'vscode';
import type { App } from '../../app/app';
import { type InstrumentServices, instrumentations } from '../../app/instrument/instrumentations';
import { Instruments } from '../../app/instrument/instruments';
import type { DebugSessions } from '../../app/launches/debugSessions';
import { EnvFiles } from '../../app/launches/envFiles';
import { HostVariables } from '../../app/launches/hostVariables';
import { LaunchAnswers } from '../../app/launches/launchAnswers';
import { LaunchChoices } from '../../app/launches/launchChoices';
import { Launches } from '../../app/launches/launches';
import { LaunchRecords } from '../../app/launches/launchRecords';
import { ServiceNames } from '../../app/launches/serviceNames';
import { vsCodePython } from '../adapters/pythonEnvironments';
import { CaptureDebugProvider } from './debugProvider';
import { launchPrompt } from './launchPrompt';

export type LaunchingServices = Pick<App, 'capture' | 'settings' | 'problems' | 'memento' | 'ui' | 'log' | 'source'> &
  Pick<InstrumentServices, 'connect' | 'storage'> & { readonly extensionUri: Uri };

export interface Launching {
  readonly provider: CaptureDebugProvider;
  readonly answers: LaunchAnswers;
  readonly choices: LaunchChoices;
  readonly records: LaunchRecords;
  readonly host: HostVariables;
}

export function createLaunching(services: LaunchingServices, sessions: DebugSessions): Launching {
  const { capture, settings, problems, memento, ui, log, source, connect, storage } = services;
  const answers = new LaunchAnswers(launchPrompt, memento);
  const choices = new LaunchChoices(memento, problems, ui);
  const records = new LaunchRecords();
  const host = new HostVariables();
  const sources = Uri.joinPath(services.extensionUri, 'dist', 'instrument').fsPath;
  const all = instrumentations({
    sources,
    settings,
    ui,
    memento,
    log,
    files: source.files,
    connect,
    storage,
    python: vsCodePython,
  });
  const launches = new Launches({
    ...{ capture, settings, sessions, answers, choices, records, problems, ui, log },
    names: new ServiceNames(source.files),
    envFiles: new EnvFiles(source.files),
    instruments: new Instruments({ all, settings, log }),
    host,
  });
  return { provider: new CaptureDebugProvider(launches), answers, choices, records, host };
}
