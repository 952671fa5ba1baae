#!/usr/bin/env node
// @ts-check
// A look at Spanhop in a real VS Code, for people: opens a window, does what the arguments say in their order, writes a picture.
// `node test/vscode/shoot.mjs --help` explains.

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openWorkbench } from './workbench.mjs';

const usage = `Usage: node test/vscode/shoot.mjs [options] --out FILE.png

Window
  --workspace DIR      folder to open (default: an empty one)
  --theme NAME         dark, light, contrast, contrastLight, or a theme's own name (may be repeated: one picture each, FILE.NAME.png)
  --width N --height N CSS pixels (default 1280 x 800)
  --scale N            device pixels for a CSS pixel
  --extension DIR      the extension to develop (default: this project)
  --setting KEY=JSON   a user setting (may be repeated)

Steps, in the order given, each may be repeated
  --command 'ID [JSON arguments, as an array]'   executes a command, e.g. --command 'vscode.open ["file:///…/a.otlp.json"]'
  --open FILE          opens a file as the explorer does (with its default editor)
  --palette TEXT       runs a command through the command palette
  --key KEYS           presses a key, in Playwright's names: Enter, Control+Shift+P
  --click SELECTOR     clicks, in the window
  --webview SELECTOR   waits until a webview shows the selector
  --webviewClick SEL   clicks, in the webview that shows the selector
  --wait SELECTOR      waits until the window shows the selector
  --host CODE          runs 'async ({ vscode, api, require }) => { CODE }' in the extension host and prints what it returns
  --shot FILE.png      an intermediate picture

  --out FILE.png       the picture at the end
  --hold               keeps the window until Ctrl+C and prints the DevTools address
Prints errors that the window logged.`;

const options = /** @type {const} */ ({
  workspace: { type: 'string' },
  theme: { type: 'string', multiple: true },
  width: { type: 'string' },
  height: { type: 'string' },
  scale: { type: 'string' },
  setting: { type: 'string', multiple: true },
  extension: { type: 'string' },
  command: { type: 'string', multiple: true },
  open: { type: 'string', multiple: true },
  palette: { type: 'string', multiple: true },
  key: { type: 'string', multiple: true },
  click: { type: 'string', multiple: true },
  webview: { type: 'string', multiple: true },
  webviewClick: { type: 'string', multiple: true },
  wait: { type: 'string', multiple: true },
  host: { type: 'string', multiple: true },
  shot: { type: 'string', multiple: true },
  out: { type: 'string' },
  hold: { type: 'boolean' },
  help: { type: 'boolean' },
});
const { values, tokens } = parseArgs({ options, tokens: true });
if (values.help || (values.out === undefined && !values.hold)) {
  console.log(usage);
  process.exit(values.help ? 0 : 2);
}

const theme = values.theme?.[0];
// A window of a system without high contrast does not begin with it, but takes it.
const isContrast = theme !== undefined && /contrast/i.test(theme);
const workbench = await openWorkbench({
  workspace: values.workspace,
  theme: isContrast ? 'dark' : theme,
  width: values.width === undefined ? undefined : Number(values.width),
  extension: values.extension,
  height: values.height === undefined ? undefined : Number(values.height),
  scale: values.scale === undefined ? undefined : Number(values.scale),
  settings: Object.fromEntries(
    (values.setting ?? []).map((each) => {
      const at = each.indexOf('=');
      return [each.slice(0, at), JSON.parse(each.slice(at + 1))];
    }),
  ),
});
try {
  if (isContrast) await workbench.setTheme(theme);
  for (const token of tokens) {
    if (token.kind === 'option' && typeof token.value === 'string') await step(token.name, token.value);
  }
  if (values.out !== undefined) await pictures(values.out);
  if (values.hold) {
    console.log(`DevTools: ${workbench.endpoint}\nThe window stays open until Ctrl+C.`);
    await new Promise((resolve) => process.once('SIGINT', resolve));
  }
} catch (error) {
  // What the window looks like says more than the message.
  console.error(error instanceof Error ? error.message : error);
  if (values.out !== undefined) console.error(`The window at that moment: ${await workbench.screenshot(resolve(values.out))}`);
  process.exitCode = 1;
} finally {
  const notifications = await workbench.notifications().catch(() => '');
  if (notifications !== '') console.log(`Notifications shown:\n${notifications}`);
  const errors = workbench.consoleErrors();
  if (errors.length > 0) console.log(`Console errors:\n${[...new Set(errors)].join('\n').slice(0, 4000)}`);
  await workbench.close();
}

/**
 * @param {string} name
 * @param {string} value
 */
async function step(name, value) {
  const { page } = workbench;
  if (name === 'command') {
    const space = value.indexOf(' ');
    const args = space < 0 ? [] : JSON.parse(value.slice(space + 1));
    await workbench.command(space < 0 ? value : value.slice(0, space), ...args);
  } else if (name === 'open') {
    await workbench.host(
      ({ vscode }, path) => vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path)).then(() => true),
      resolve(value),
    );
  } else if (name === 'palette') await workbench.palette(value);
  else if (name === 'key') await page.keyboard.press(value);
  else if (name === 'click') await page.locator(value).first().click();
  else if (name === 'wait') await page.locator(value).first().waitFor();
  else if (name === 'webview') await workbench.webview(value);
  else if (name === 'webviewClick') await (await workbench.webview(value)).locator(value).first().click();
  else if (name === 'shot') console.log(await workbench.screenshot(resolve(value)));
  else if (name === 'host') {
    const result = await workbench.host((context, code) => {
      const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
      return new AsyncFunction('vscode', 'api', 'require', code)(context.vscode, context.api, context.require);
    }, value);
    console.log(JSON.stringify(result, (_key, each) => (typeof each === 'bigint' ? String(each) : each), 2));
  }
}

/** @param {string} out */
async function pictures(out) {
  const all = values.theme ?? [];
  if (all.length < 2) return console.log(await workbench.screenshot(resolve(out)));
  for (const theme of all) {
    await workbench.setTheme(theme);
    console.log(await workbench.screenshot(resolve(out.replace(/(\.png)?$/, `.${theme}.png`))));
  }
}
