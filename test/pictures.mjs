#!/usr/bin/env node
// @ts-check
// `npm run pictures`: makes the pictures of the README from the running extension, so that they never show what is not there.
// They are kept as WebP, a quarter of the size, for the package carries them; those of the walkthrough once more at half the size, as wide as it shows them.
// Each module in test/pictures exports `scenes`; `npm run pictures -- waterfall` makes those whose names contain the word.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAll } from '../src/build/build.mjs';
import { projectRoot } from './vscode/locations.mjs';
import { openWorkbench } from './vscode/workbench.mjs';

/**
 * @typedef {object} Scene
 * @property {string} name The picture becomes media/readme/NAME.webp.
 * @property {import('./vscode/workbench.mjs').WorkbenchOptions} window What to open; `scale` 2 makes it sharp on today's displays.
 * @property {(workbench: import('./vscode/workbench.mjs').Workbench) => Promise<{ clip?: { x: number, y: number, width: number, height: number } } | void>} play
 *   Brings the window into the state to be shown, and waits until it is there.
 */

const folder = join(projectRoot, 'test', 'pictures');
const manifest = readFileSync(join(projectRoot, 'package.json'), 'utf8');
const words = process.argv.slice(2);
await buildAll({ quiet: true });
let failed = 0;
for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.mjs'))
  .sort()) {
  /** @type {{ scenes: readonly Scene[] }} */
  const { scenes } = await import(pathToFileURL(join(folder, file)).href);
  for (const scene of scenes) {
    if (words.length > 0 && !words.some((word) => scene.name.includes(word))) continue;
    const workbench = await openWorkbench({ scale: 2, ...scene.window });
    // Marks of this kind of VS Code (a server with a test driver) that a reader's own window does not have.
    await workbench.page.addStyleTag({
      content: '#status\\.host, #status\\.forwardedPorts, #status\\.workbench\\.keyboardLayout { display: none }',
    });
    try {
      const shown = await scene.play(workbench);
      await workbench.settled();
      const taken = await workbench.screenshot(`picture-${scene.name}`, { clip: shown?.clip });
      for (const [of, scale] of /** @type {const} */ ([
        ['readme', 1],
        ['walkthrough', 0.5],
      ])) {
        const path = `media/${of}/${scene.name}.webp`;
        if (of === 'walkthrough' && !manifest.includes(path)) continue;
        writeFileSync(join(projectRoot, path), await toWebp(workbench, readFileSync(taken), scale));
        console.log(path);
      }
    } catch (error) {
      failed++;
      console.error(`✗ ${scene.name}: ${error instanceof Error ? error.message : error}`);
      console.error(`  ${await workbench.screenshot(`picture-${scene.name}`)}`);
    } finally {
      await workbench.close();
    }
  }
}
process.exitCode = failed > 0 ? 1 : 0;

/**
 * The same picture, encoded by the browser.
 * @param {import('./vscode/workbench.mjs').Workbench} workbench @param {Buffer} png @param {number} scale 0.5 makes it half as wide.
 */
async function toWebp({ page }, png, scale) {
  const data = await page.evaluate(
    async ([base64, scale]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
      const context = canvas.getContext('2d');
      if (context) context.imageSmoothingQuality = 'high';
      context?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      const webp = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality: 0.64 })).arrayBuffer());
      return btoa(webp.reduce((text, byte) => text + String.fromCharCode(byte), ''));
    },
    /** @type {const} */ ([png.toString('base64'), scale]),
  );
  return plainWebp(Buffer.from(data, 'base64'));
}

/**
 * A picture without the profile of the screen's colours, which are the usual ones. https://developers.google.com/speed/webp/docs/riff_container
 * @param {Buffer} webp
 */
function plainWebp(webp) {
  for (let at = 12; at + 8 <= webp.length; ) {
    const length = webp.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (webp.toString('latin1', at, at + 4) === 'VP8 ') {
      const image = webp.subarray(at, end);
      const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
      head.writeUInt32LE(image.length + 4, 4);
      return Buffer.concat([head, image]);
    }
    at = end;
  }
  return webp;
}
