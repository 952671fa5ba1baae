/** Colours that DOM and canvas share, as CSS variables on `body`: those on `html` are VS Code's, and watched. */

import type { Theme } from '../theme/theme';

export function applyPalette(theme: Theme): void {
  const { style } = document.body;
  theme.services.forEach((colour, index) => {
    style.setProperty(`--service-${index}`, colour);
  });
  style.setProperty('--error', theme.errorText);
  style.setProperty('--warning', theme.warningText);
  style.setProperty('--quiet', theme.dimmed);
  style.setProperty('--name', theme.nameText);
  style.setProperty('--selected-name', theme.selectionForeground);
  style.setProperty('--selected-quiet', theme.selectionDimmed);
  style.setProperty('--selected-quiet-style', theme.selectionDimmedStyle);
  style.setProperty('--link', theme.linkText);
  style.setProperty('--number', theme.numberText);
  style.setProperty('--boolean', theme.booleanText);
}
