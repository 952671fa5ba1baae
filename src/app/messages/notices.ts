/**
 * What the engine found that a person must know of without having asked: told once for each key, and again only after it was over. A disk
 * that is full for an hour is one message, not one for each request.
 */

import type { Disposable } from '../../base/disposables';
import { Lru } from '../../base/lru';
import type { EngineNotice } from '../../protocol/engine';
import type { EngineService } from '../engine/engineService';
import type { UserInterface } from '../ports/userInterface';
import type { NextStep, Problems } from './problems';

/** Keys that are remembered at least; beyond them the oldest may be told again. */
const MAX_KEYS = 1_000;

/** The buttons that a notice may have. */
export type NoticeSteps = Readonly<Record<NonNullable<EngineNotice['step']>, NextStep>>;

export function noticeSteps(ui: Pick<UserInterface, 'run'>): NoticeSteps {
  return {
    redaction: {
      id: 'redaction',
      label: 'Edit Patterns',
      run: () => ui.run('workbench.action.openSettings', 'spanhop.redact.patterns'),
    },
    capture: { id: 'capture', label: 'Start Capture', run: () => ui.run('spanhop.startCapture') },
  };
}

export class Notices implements Disposable {
  private readonly noticed = new Lru<string, true>({ maxSize: MAX_KEYS });
  private readonly listening: Disposable;

  constructor(
    engine: Pick<EngineService, 'onDidNotice'>,
    private readonly problems: Pick<Problems, 'tell'>,
    private readonly steps: NoticeSteps,
  ) {
    this.listening = engine.onDidNotice((notice) => this.take(notice));
  }

  /** Shows the notice, unless its key is being told of already. */
  take({ key, level, message, step, over = false }: EngineNotice): void {
    if (over) {
      this.noticed.delete(key);
      return;
    }
    if (this.noticed.has(key)) return;
    this.noticed.set(key, true);
    void this.problems.tell(level, message, step && [this.steps[step]]);
  }

  dispose(): void {
    this.listening.dispose();
  }
}
