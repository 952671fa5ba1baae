/**
 * Colours and fonts of VS Code for what is painted on a canvas. DOM takes the same CSS variables directly; a canvas cannot, so they are
 * read once for each change of theme (VS Code rewrites the class of `body` and the variables on `html`).
 */

import { legible, readableOn } from './contrast';
import { palette, type ThemeKind } from './palette';
import { rowTexts } from './rowTexts';

export interface Theme {
  readonly kind: ThemeKind;
  /** Bars are outlined rather than filled. */
  readonly outlined: boolean;
  readonly background: string;
  readonly foreground: string;
  /** What stands beside names, and is told apart from them: services, durations. */
  readonly dimmed: string;
  readonly nameText: string;
  readonly error: string;
  /** As `error` and `warning`, readable as text. */
  readonly errorText: string;
  readonly warningText: string;
  readonly linkText: string;
  /** Values in the details. */
  readonly numberText: string;
  readonly booleanText: string;
  readonly warning: string;
  /** Lines of the time grid. */
  readonly grid: string;
  /** The hairline, handles and brush. */
  readonly accent: string;
  readonly accentForeground: string;
  /** Name and service on a selected row. */
  readonly selectionForeground: string;
  readonly selectionDimmed: string;
  readonly selectionDimmedStyle: string;
  readonly rangeBackground: string;
  /** What belongs to the cursor of an editor. */
  readonly cursor: string;
  readonly services: readonly string[];
  /** Text on a bar, per service colour. */
  readonly onService: readonly string[];
  /** CSS font shorthand for labels and for the ruler. */
  readonly labelFont: string;
}

function kindOf(body: HTMLElement): ThemeKind {
  if (body.classList.contains('vscode-high-contrast-light')) return 'contrastLight';
  if (body.classList.contains('vscode-high-contrast')) return 'contrast';
  return body.classList.contains('vscode-light') ? 'light' : 'dark';
}

/** Reads the theme as it is now. `reader` gives a variable's value; several names are tried in order. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const variable = (...names: readonly string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value !== '' && value !== 'transparent') return value;
    }
    return 'CanvasText';
  };
  const kind = kindOf(document.body);
  const outlined = kind === 'contrast' || kind === 'contrastLight';
  const family = style.getPropertyValue('--vscode-font-family').trim() || 'sans-serif';
  const size = Number.parseFloat(style.getPropertyValue('--vscode-font-size')) || 13;
  const backgrounds = [variable('editor-background'), variable('sideBar-background', 'editor-background')];
  const rows = rowTexts(variable, outlined);
  const error = variable('errorForeground', 'editorError-foreground');
  const warning = variable('editorWarning-foreground', 'charts-yellow');
  return {
    kind,
    outlined,
    background: variable('editor-background'),
    foreground: variable('editor-foreground', 'foreground'),
    dimmed: rows.quiet,
    nameText: rows.name,
    error,
    warning,
    errorText: legible(error, backgrounds),
    warningText: legible(warning, backgrounds),
    numberText: legible(variable('debugTokenExpression-number', 'foreground'), backgrounds),
    booleanText: legible(variable('debugTokenExpression-boolean', 'foreground'), backgrounds),
    linkText: legible(variable('textLink-foreground', 'foreground'), backgrounds),
    grid: outlined
      ? variable('contrastBorder')
      : variable('editorIndentGuide-background1', 'editorIndentGuide-background', 'panel-border'),
    accent: outlined ? variable('contrastActiveBorder', 'focusBorder') : variable('focusBorder', 'button-background'),
    accentForeground: outlined ? variable('editor-background') : variable('button-foreground', 'editor-background'),
    selectionForeground: rows.selectedName,
    selectionDimmed: rows.selectedQuiet,
    selectionDimmedStyle: rows.selectedStyle,
    rangeBackground: variable('editor-selectionBackground', 'focusBorder'),
    cursor: variable('editorCursor-foreground', 'foreground'),
    services: palette(kind),
    onService: palette(kind).map(readableOn),
    labelFont: `${Math.max(10, size - 1)}px ${family}`,
  };
}

/** Calls back after each change of theme or font. Returns a function that stops. */
export function watchTheme(changed: (theme: Theme) => void): () => void {
  const observer = new MutationObserver(() => changed(readTheme()));
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  return () => observer.disconnect();
}
