/** Waterfall and code, live both ways: the selected span's line, and the spans of the function at the cursor. */

import { commands, type Disposable } from 'vscode';
import { Disposables } from '../../base/disposables';
import { CursorMarks, type CursorMarksOptions } from './cursorMarks';
import { SelectionFollower, type SelectionFollowerOptions } from './selectionFollower';

export function registerLive(services: CursorMarksOptions & SelectionFollowerOptions): Disposable {
  const follower = new SelectionFollower(services);
  return new Disposables(
    follower,
    new CursorMarks(services),
    commands.registerCommand('spanhop.toggleFollowSelection', () => services.problems.guard(() => follower.toggle())),
  );
}
