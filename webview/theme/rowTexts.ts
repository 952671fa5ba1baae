/** Texts of a row: the name, and what stands beside it (service, duration). Read and told apart in every theme, selected or under the pointer as well. */

import { APART, apart, contrast, solidOn } from './contrast';

export interface RowTexts {
  readonly name: string;
  readonly quiet: string;
  readonly selectedName: string;
  readonly selectedQuiet: string;
  /** Some selections leave no room between what is read and what is not: there the slant tells the two apart. */
  readonly selectedStyle: 'normal' | 'italic';
}

/** Text in high contrast (WCAG 2.2, 1.4.6). */
const HIGH_CONTRAST = 7;

/**
 * @param variable a colour of VS Code, the first that the theme has
 * @param outlined in high contrast neither the pointer nor the selection has a background
 */
export function rowTexts(variable: (...names: readonly string[]) => string, outlined: boolean): RowTexts {
  const background = variable('editor-background');
  const on = (name: string): string => (outlined ? background : solidOn(variable(name, 'editor-background'), background));
  const least = outlined ? HIGH_CONTRAST : undefined;
  const foreground = variable('foreground');
  const behind = [background, variable('sideBar-background', 'editor-background'), on('list-hoverBackground')];
  const plain = apart(foreground, variable('descriptionForeground', 'foreground'), behind, least);
  const chosen = outlined ? foreground : variable('list-activeSelectionForeground', 'foreground');
  const selected = apart(chosen, chosen, [on('list-activeSelectionBackground')], least);
  const isApart = contrast(selected.loud, selected.quiet) >= APART;
  return {
    name: plain.loud,
    quiet: plain.quiet,
    selectedName: selected.loud,
    selectedQuiet: selected.quiet,
    selectedStyle: isApart ? 'normal' : 'italic',
  };
}
