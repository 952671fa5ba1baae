/** Waterfall and code, live both ways: the selected span's line, and the spans of the function at the cursor. */

import { commands, type Disposable } from 'vscode';
import { Disposables } from '../../base/disposables';
import type { Services } from '../services/services';
import { CursorMarks } from './cursorMarks';
import { SelectionFollower } from './selectionFollower';

export function registerLive(services: Services): Disposable {
  const follower = new SelectionFollower(services);
  return new Disposables(
    follower,
    new CursorMarks(services),
    commands.registerCommand('spanhop.toggleFollowSelection', () => services.problems.guard(() => follower.toggle())),
  );
}
