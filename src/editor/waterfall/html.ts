/** The page of a waterfall: a frame for the script. Nothing of a trace is in it; everything comes as messages. */

import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';

/**
 * SHA-256 of nothing: the toolkit of the form controls adds one empty style element to learn whether the browser knows `:focus-visible`.
 */
const emptyStyle = `'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='`;

/** Scripts by nonce, styles and fonts of the extension, no network, no inline anything. */
export function waterfallHtml(webview: Webview, extensionUri: Uri): string {
  const nonce = randomBytes(18).toString('base64');
  const file = (name: string): string => webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist', name)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} ${emptyStyle}`,
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
    <link rel="stylesheet" href="${file('webview.css')}">
  </head>
  <body>
    <script nonce="${nonce}" src="${file('webview.js')}" data-controls="${file('controls.js')}"></script>
  </body>
</html>
`;
}
