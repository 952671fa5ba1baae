// @ts-check
// Gets what the tests need besides the project's packages: a VS Code, a browser, the sample shop, real trace backends. Each is there already the
// second time, and then no network is needed.

import { ensureJaeger } from '../backends/servers/jaegerServer.mjs';
import { preparePrograms } from '../programs/node/prepare.mjs';
import { prepare } from '../sample/start.mjs';
import { chooseVscode } from '../vscode/choose.mjs';
import { ensureChromium, ensureServer, ensureTestPrograms } from '../vscode/provision.mjs';
import { told } from './steps.mjs';

await told(async () => {
  const vscode = await chooseVscode();
  console.log(`VS Code for the extension suite: ${vscode.description}`);
  // The UI tests look at the server's workbench even where the extension suite runs in a desktop one.
  await ensureServer();
  console.log(`Browser: ${await ensureChromium()}`);

  await prepare();
  console.log('Sample: installed and built');
  await preparePrograms();
  console.log('Node programs: installed');

  for (const name of await ensureTestPrograms())
    console.log(`${name}: not here and not to be had; the tests that need it are skipped`);

  // Here and not in the test that needs it: a build of minutes would look like a hanging test.
  const jaeger = await ensureJaeger();
  console.log(`Jaeger: ${jaeger.path ?? `none, its tests will be skipped (${jaeger.reason})`}`);
});
