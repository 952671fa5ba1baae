// Writes the CSS variables that a real VS Code gives to webviews, for each theme that comes with it: the waterfall is looked at and measured in them.
// `node test/ui/waterfall/exportThemes.mjs`. Run it again when the pinned VS Code changes.

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWorkbench } from '../../vscode/workbench.mjs';

/** File names of some themes, by their ids; the others' are made of it. @type {Readonly<Record<string, string>>} */
const fileNames = {
  'Dark Modern': 'dark',
  'Light Modern': 'light',
  'Default High Contrast': 'contrast',
  'Default High Contrast Light': 'contrastLight',
  'Dark+': 'darkPlus',
  'Light+': 'lightPlus',
  'Visual Studio Dark': 'darkVisualStudio',
  'Visual Studio Light': 'lightVisualStudio',
};
/** Pictures, axe and the harness need everything; the other themes serve to measure contrast. */
const whole = new Set(['dark', 'light', 'contrast', 'contrastLight']);
const contrastOnly =
  /^--vscode-(editor-(background|foreground)|foreground|descriptionForeground|errorForeground|list-|editorWarning|charts-|textLink|badge|sideBar-background|panel-|focusBorder|input-|button-|editorIndentGuide|minimap|editorWidget|debugToken|symbolIcon|focusBorder|contrast)/;

const workbench = await openWorkbench({ extension: 'none' });
try {
  /** @type {readonly string[]} All that VS Code brings along. */
  const themes = await workbench.host(({ vscode }) =>
    vscode.extensions.all
      .filter(({ id }) => id.startsWith('vscode.'))
      .flatMap(({ packageJSON }) => packageJSON.contributes?.themes ?? [])
      .map(({ id, label }) => id ?? label),
  );
  for (const theme of themes) {
    const file = fileNames[theme] ?? `${theme[0].toLowerCase()}${theme.slice(1).replaceAll(' ', '')}`;
    const seen = await workbench.host(
      async ({ vscode, memory }, name) => {
        const configuration = vscode.workspace.getConfiguration('workbench');
        const done = new Promise((resolve) => {
          memory.resolve = resolve;
        });
        if (configuration.get('colorTheme') !== name) {
          const changed = new Promise((resolve) => vscode.window.onDidChangeActiveColorTheme(resolve));
          await configuration.update('colorTheme', name, vscode.ConfigurationTarget.Global);
          await changed;
        }
        memory.panel?.dispose();
        const panel = vscode.window.createWebviewPanel('themes', 'Themes', vscode.ViewColumn.One, { enableScripts: true });
        memory.panel = panel;
        panel.webview.onDidReceiveMessage((message) => memory.resolve(message));
        panel.webview.html = `<body><script>
          const api = acquireVsCodeApi();
          const look = () => {
            if (document.body.dataset.vscodeThemeId === undefined) return requestAnimationFrame(look);
            const style = document.documentElement.style;
            api.postMessage({
              bodyClass: document.body.className,
              themeId: document.body.dataset.vscodeThemeId,
              defaults: document.getElementById('_defaultStyles')?.textContent ?? '',
              variables: Object.fromEntries([...style].map((name) => [name, style.getPropertyValue(name)])),
            });
          };
          look();
        </script></body>`;
        return done;
      },
      theme,
      { timeoutMs: 60_000 },
    );
    const variables = Object.fromEntries(
      Object.entries(seen.variables)
        .filter(([name]) => whole.has(file) || contrastOnly.test(name))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    const out = {
      theme,
      themeId: seen.themeId,
      bodyClass: seen.bodyClass,
      ...(file === 'dark' ? { defaults: seen.defaults } : {}),
      variables,
    };
    writeFileSync(
      join(dirname(fileURLToPath(import.meta.url)), 'themes', `${file}.json`),
      `${JSON.stringify(out, undefined, 1)}\n`,
    );
    console.log(file, seen.themeId, seen.bodyClass, Object.keys(variables).length);
  }
} finally {
  await workbench.close();
}
