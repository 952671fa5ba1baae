/**
 * What marks look like: by themselves a bar at the edge of the gutter, or an icon inside of it. The bar is the default because of breakpoints:
 * where another's icon is in the gutter, VS Code sets none by a click (it takes the click for the icon's), and a line that threw
 * is where one is wanted. Breakpoints that are there stand beside the icon and take clicks.
 */

import { type DecorationRenderOptions, OverviewRulerLane, type TextEditorDecorationType, ThemeColor, Uri, window } from 'vscode';
import type { MarkStyle } from '../../app/settings/settings';

export type MarkKind = 'thrown' | 'ran';

const colours: Readonly<Record<MarkKind, string>> = { thrown: 'editorError.foreground', ran: 'charts.blue' };

export function createMark(kind: MarkKind, style: MarkStyle, extensionUri: Uri): TextEditorDecorationType {
  const icon = (theme: 'dark' | 'light'): DecorationRenderOptions['dark'] => ({
    gutterIconPath: Uri.joinPath(extensionUri, 'media', `${kind}-${theme}.svg`),
  });
  const look: DecorationRenderOptions =
    style === 'icon'
      ? { dark: icon('dark'), light: icon('light'), gutterIconSize: '80%' }
      : { borderWidth: '0 0 0 3px', borderStyle: 'solid', borderColor: new ThemeColor(colours[kind]) };
  return window.createTextEditorDecorationType({
    ...look,
    isWholeLine: true,
    // Where a person looks for errors of the whole file. What merely ran is everywhere. The right lane is that of Problems.
    ...(kind === 'thrown'
      ? { overviewRulerColor: new ThemeColor('editorOverviewRuler.errorForeground'), overviewRulerLane: OverviewRulerLane.Center }
      : {}),
  });
}
