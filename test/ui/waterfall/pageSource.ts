/** The page as VS Code makes it: the built script and styles, its default styles, and a theme's variables as it gave them (themes/). */

import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
export const origin = 'http://waterfall.test';

interface ThemeFile {
  readonly bodyClass: string;
  readonly themeId: string;
  readonly variables: Readonly<Record<string, string>>;
}

export function readThemeFile(name: string): ThemeFile {
  return JSON.parse(readFileSync(join(root, 'test', 'ui', 'waterfall', 'themes', `${name}.json`), 'utf8')) as ThemeFile;
}

interface BundledPage {
  readonly script: string;
  readonly controls: string;
  readonly style: string;
}

let bundled: Promise<BundledPage> | undefined;

/** The webview as the extension ships it. */
export function bundleWebview(): Promise<BundledPage> {
  bundled ??= build({
    absWorkingDir: root,
    entryPoints: { webview: 'webview/main.ts', controls: 'webview/elements/toolkit.ts' },
    bundle: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    target: 'chrome128',
    logLevel: 'error',
  }).then(({ outputFiles }) => {
    const text = (name: string): string => outputFiles.find((file) => file.path.endsWith(name))?.text ?? '';
    return { script: text('webview.js'), controls: text('controls.js'), style: text('webview.css') };
  });
  return bundled;
}

/** The styles that VS Code gives to every webview. */
export function vscodeDefaults(): string {
  return (JSON.parse(readFileSync(join(root, 'test', 'ui', 'waterfall', 'themes', 'dark.json'), 'utf8')) as { defaults: string })
    .defaults;
}

/** The page as VS Code makes it: its variables on `html`, its class on `body`, its default styles, `acquireVsCodeApi`. */
export function html(theme: ThemeFile): string {
  const variables = JSON.stringify(theme.variables).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-bench'; style-src ${origin} 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src ${origin} data:; connect-src ${origin}">
<title>Trace</title><link rel="stylesheet" href="${origin}/defaults.css"><link rel="stylesheet" href="${origin}/webview.css">
<script nonce="bench">
  (() => {
    for (const [name, value] of Object.entries(${variables})) document.documentElement.style.setProperty(name, value);
    const revive = async (value) => {
      if (Array.isArray(value)) return Promise.all(value.map(revive));
      if (value === null || typeof value !== 'object') return value;
      if (typeof value.$buffer === 'string') return (await fetch(value.$buffer)).arrayBuffer();
      const out = {};
      for (const [key, each] of Object.entries(value)) out[key] = await revive(each);
      return out;
    };
    let order = Promise.resolve();
    window.spanhopDeliver = (text) => {
      order = order.then(async () => window.postMessage(await revive(JSON.parse(text)), '*'));
      return order;
    };
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => void window.spanhopToHost(JSON.parse(JSON.stringify(message))),
      getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
      setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
    });
  })();
</script></head>
<body class="${theme.bodyClass}" data-vscode-theme-id="${theme.themeId}"><script nonce="bench" src="${origin}/webview.js" data-controls="${origin}/controls.js"></script></body></html>`;
}
