/**
 * The gate in the fence: the only module that opens a file because a trace, a mapping, a map, a stack or a symbol led to it. A file of the
 * workspace opens without a word, any other after a question that names its real path. Asked at the moment of opening, and once more between
 * loading the text and showing it: what was a file a moment ago may be a link by now.
 *
 * Lists that VS Code keeps and opens from by itself (peeks, Problems) get only what `isInside` now.
 */

import { type TextDocument, Uri, workspace } from 'vscode';
import type { WorkspaceFence } from '../../app/workspace/workspaceFence';
import { SpanhopError } from '../../base/errors';
import { diskPaths } from '../../engine/disk/realPaths';
import { plainUri } from '../../source/uri/fence';
import { askModal } from '../plain/messages';
import { ownSchemes } from './ownSchemes';

/** Real paths that a person agreed to, while one file is being opened. */
type Agreed = Set<string>;

export class Gate {
  constructor(private readonly fence: Pick<WorkspaceFence, 'now'>) {}

  /**
   * The document of a file, loaded and not shown yet; undefined where the person does not want it.
   * @param why the sentence below the question
   */
  async open(uri: Uri, why = ''): Promise<TextDocument | undefined> {
    return this.load(uri, (place) => ask(uri, place, why));
  }

  /** The same in passing: undefined where a question would be needed. */
  async openInside(uri: Uri): Promise<TextDocument | undefined> {
    return this.load(uri, async () => false);
  }

  /** A file that the person picked in a dialog of files a moment ago: that was the question. */
  async openChosen(uri: Uri): Promise<TextDocument | undefined> {
    return this.load(uri, async () => true);
  }

  /** Whether what a file carries may be shown: it is in the workspace, or the person says so. */
  async allows(uri: Uri, why = ''): Promise<boolean> {
    return (await this.address(uri, new Set(), (place) => ask(uri, place, why))) !== undefined;
  }

  /** For lists that open by themselves later. */
  async isInside(uri: Uri): Promise<boolean> {
    return ownSchemes.has(uri.scheme) || (await this.fence.now(uri.toString())).inside;
  }

  private async load(uri: Uri, agree: (place: Uri) => Promise<boolean>): Promise<TextDocument | undefined> {
    if (ownSchemes.has(uri.scheme)) return workspace.openTextDocument(uri);
    const agreed: Agreed = new Set();
    for (;;) {
      const address = await this.address(uri, agreed, agree);
      if (!address) return undefined;
      const document = await workspace.openTextDocument(address);
      const { inside, place } = await this.look(address);
      if (inside || (place !== undefined && agreed.has(place))) return document;
    }
  }

  /** Where a file is to be opened: in the workspace by the name that it has there, else by its real path. */
  private async address(uri: Uri, agreed: Agreed, agree: (place: Uri) => Promise<boolean>): Promise<Uri | undefined> {
    const { inside, place, plain } = await this.look(uri);
    if (inside && plain !== undefined) return Uri.parse(plain);
    if (place === undefined)
      throw new SpanhopError('NotFound', `${nameOf(uri)} is not there, or it is a link that leads nowhere.`);
    if (!agreed.has(place) && !(await agree(Uri.parse(place)))) return undefined;
    agreed.add(place);
    return Uri.parse(place);
  }

  /** `place`: what would have to be agreed to. Where links cannot be followed, or another machine would have to be asked, the name itself. */
  private async look(uri: Uri): Promise<{ readonly inside: boolean; readonly place?: string; readonly plain?: string }> {
    const plain = plainUri(uri.toString(), diskPaths.windows);
    const { inside, real } = await this.fence.now(uri.toString());
    const isOnDisk = uri.scheme === 'file' && uri.authority === '';
    return { inside, place: real ?? (isOnDisk ? undefined : plain), plain };
  }
}

async function ask(uri: Uri, target: Uri, why: string): Promise<boolean> {
  const isLink = target.toString() !== plainUri(uri.toString(), diskPaths.windows);
  const details = isLink ? [`${nameOf(uri)} leads there by a link.`, why] : [why];
  const open = 'Open';
  const answer = await askModal('warning', `${nameOf(target)} is outside of the workspace. Open it?`, details, open);
  return answer === open;
}

/** Below the workspace folder, or in full. */
function nameOf(uri: Uri): string {
  return workspace.asRelativePath(uri);
}
