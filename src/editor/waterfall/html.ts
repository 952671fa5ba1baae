/** The page of a waterfall: a frame for the script. Nothing of a trace is in it; everything comes as messages. */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Uri, type Webview } from 'vscode';

/**
 * SHA-256 of nothing: the toolkit of the form controls adds one empty style element to learn whether the browser knows `:focus-visible`.
 */
const emptyStyle = `'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='`;

/**
 * Script and styles stand in the page, by nonce: as files of their own VS Code would carry each through a service worker, which takes longer than the page
 * needs for all else. No network. What the page needs later (`controls.js`) is a file.
 */
export function waterfallHtml(webview: Webview, extensionUri: Uri): string {
  const nonce = randomBytes(18).toString('base64');
  const file = (name: string): Uri => Uri.joinPath(extensionUri, 'dist', name);
  const text = (name: string): string => readFileSync(file(name).fsPath, 'utf8');
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}' ${webview.cspSource} ${emptyStyle}`,
    `font-src ${webview.cspSource} data:`,
    `img-src ${webview.cspSource} data:`,
    // Neither falls back to default-src.
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Trace</title>
    <style nonce="${nonce}">${text('webview.css')}</style>
  </head>
  <body>
    <script nonce="${nonce}" data-controls="${webview.asWebviewUri(file('controls.js'))}">${text('webview.js')}</script>
  </body>
</html>
`;
}
