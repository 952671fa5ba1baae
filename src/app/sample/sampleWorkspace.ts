/**
 * The source of the sample trace as a workspace: a few files, served read-only, in which its spans are looked for as those of others are in the
 * person's own workspace. Nothing of that is in it, and nothing of it is remembered.
 */

import { Emitter } from '../../base/emitter';
import { sampleFolder } from '../../protocol/sample';
import { joinUri } from '../../source/uri/uri';
import type { Memento } from '../ports/memento';
import type { Documents, FileSearch, Workspace } from '../ports/workspace';
import type { LadderInputOptions } from '../source/ladderInputs';
import { globTest } from '../workspace/globTest';

/** Below the folder: what the sample's spans name, and the compiled files with the maps that their stacks need. Nothing else is served. */
export const sampleFiles: readonly string[] = [
  'dist/payments/app.js',
  'dist/payments/app.js.map',
  'dist/payments/paymentService.js',
  'dist/payments/paymentService.js.map',
  'dist/pricing/discounts.js',
  'dist/pricing/discounts.js.map',
  'dist/pricing/rates.js',
  'dist/pricing/rates.js.map',
  'dist/shared/http.js',
  'dist/shared/http.js.map',
  'dist/shared/traced.js',
  'dist/shared/traced.js.map',
  'src/cart/app.ts',
  'src/cart/cartStore.ts',
  'src/mailer/mailer.ts',
  'src/payments/app.ts',
  'src/payments/gatewayClient.ts',
  'src/payments/paymentService.ts',
  'src/pricing/discounts.ts',
  'src/pricing/rates.ts',
  'src/shared/http.ts',
  'src/shared/traced.ts',
  'src/storefront/basket.ts',
  'src/storefront/checkout.ts',
];

const never = new Emitter<never>().event;
const nothing = { dispose: () => {} };

/** @param editor documents that are open, and the files that it serves */
export function sampleWorkspace({ documents, virtualFiles }: Pick<Workspace, 'documents' | 'virtualFiles'>): Workspace {
  return {
    folders: () => [{ uri: sampleFolder, name: 'shop' }],
    onDidChangeFolders: never,
    file: undefined,
    onDidChangeLaunch: never,
    isTrusted: false,
    onDidTrust: never,
    documents: sampleDocuments(documents),
    virtualFiles,
    findFiles,
    watchFiles: () => nothing,
    watchFolder: () => nothing,
    excluded: () => ({ files: {}, search: {} }),
    onDidChangeExcluded: never,
    findRipgrep: async () => undefined,
  };
}

/** They are read-only: nothing is typed into them, and none has unsaved edits. */
function sampleDocuments({ get }: Documents): Documents {
  return { get, dirty: () => [], onDidEdit: never, onDidOpen: never, onDidSave: never, onDidClose: never };
}

async function findFiles({ include, exclude, most }: FileSearch): Promise<readonly string[]> {
  const isWanted = globTest(include);
  const isLeftOut = globTest(exclude);
  return sampleFiles
    .filter((path) => isWanted(path) && !isLeftOut(path))
    .slice(0, most)
    .map((path) => joinUri(sampleFolder, path.split('/')));
}

/** Where the sample's program ran, and nothing of the person's settings. */
export const sampleSettings: LadderInputOptions['settings'] = {
  pathMappings: () => ({ '/srv/shop': sampleFolder }),
  versionAttributes: [],
  searchWorkspace: true,
  inferMappings: false,
  onDidChangeOf: () => nothing,
};

export const noMemento: Memento = { get: () => undefined, update: async () => {} };
