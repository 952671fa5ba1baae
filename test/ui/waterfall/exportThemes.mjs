// Writes the CSS variables that a real VS Code gives to webviews, for each theme that the waterfall is looked at and measured in:
// `node test/ui/waterfall/exportThemes.mjs`. Run it again when the pinned VS Code changes.

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWorkbench } from '../../vscode/workbench.mjs';

/** File name: theme. The built-in themes of each kind, and others that many people use. */
const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  contrast: 'Default High Contrast',
  contrastLight: 'Default High Contrast Light',
  darkPlus: 'Default Dark+',
  lightPlus: 'Default Light+',
  darkVisualStudio: 'Visual Studio Dark',
  lightVisualStudio: 'Visual Studio Light',
  monokai: 'Monokai',
  solarizedDark: 'Solarized Dark',
  solarizedLight: 'Solarized Light',
};
/** Pictures, axe and the harness need everything; the other themes serve to measure contrast. */
const whole = new Set(['dark', 'light', 'contrast', 'contrastLight']);
const contrastOnly =
  /^--vscode-(editor-(background|foreground)|foreground|descriptionForeground|errorForeground|list-|editorWarning|charts-|textLink|badge|sideBar-background|panel-|focusBorder|input-|button-|editorIndentGuide|minimap|editorWidget|debugToken|symbolIcon|focusBorder|contrast)/;

const workbench = await openWorkbench({ extension: 'none' });
try {
  for (const [file, theme] of Object.entries(themes)) {
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
