/**
 * "Always use this file": writes the shortest mapping that leads from the trace's path to a file, after asking, and says what changed, with a way
 * back.
 */

import { Uri } from 'vscode';
import type { Problems } from '../../../app/messages/problems';
import { labelOfCandidate } from '../../../app/source/sourceTarget';
import type { Pin, ResolveResult, SourceCandidate } from '../../../source';
import { askModal, showMessage } from '../../plain/messages';
import { asWritten, type MappingScope, usualScope, writeMapping, writtenMappings } from './mappingSettings';
import { placeName, scopeNames } from './mappingText';

/** What was pinned, and what came of it. */
export interface Pinning {
  readonly pin: Pin;
  /** Of a place behind a source map: the original. */
  readonly original?: string;
  /** Resolves again what is to be found by the mapping. */
  readonly resolve: () => Promise<ResolveResult>;
  readonly open: (candidate: SourceCandidate) => Promise<void>;
}

export class Pins {
  constructor(private readonly problems: Problems) {}

  /** Answers whether a mapping was written. */
  async add(pinning: Pinning): Promise<boolean> {
    const { pin } = pinning;
    const scope = await this.ask(pinning);
    if (!scope) return false;
    const undo = await writeMapping(pin.prefix, asWritten(Uri.parse(pin.target), scope), scope);
    const { candidates } = await pinning.resolve();
    const [best] = candidates;
    const mapped = `${pin.prefix} is mapped to ${placeName(pin.target)} in ${scopeNames[scope]}.`;
    const leads = best !== undefined && (best.generated?.file ?? best.file) === pin.file;
    const found = leads
      ? `The source is ${labelOfCandidate(best)}.`
      : `Something else was found first: ${best?.reason ?? 'nothing'}.`;
    if (leads) await pinning.open(best);
    void this.offerUndo(`${mapped} ${found}`, undo);
    return true;
  }

  /** Says what was done; the button takes it back. Doesn't wait with the caller. */
  async offerUndo(message: string, undo: () => Promise<void>): Promise<void> {
    const button = 'Undo';
    const answer = await showMessage('info', message, button);
    if (answer === button) await this.problems.guard(undo);
  }

  private async ask({ pin, original }: Pinning): Promise<MappingScope | undefined> {
    const usual = usualScope();
    const place = placeName(pin.target);
    const here = usual === 'workspace' ? scopeNames.workspace : scopeNames.user;
    const before = writtenMappings().find(({ prefix }) => prefix === pin.prefix);
    const lines = [
      original && `This maps the generated file ${placeName(pin.file)}. Its source map leads on to ${original}.`,
      pin.shared === 0 && 'The two files have different names: lines may not be the same in both.',
      before && `It stands for ${before.folder} in ${scopeNames[before.scope]} now.`,
      `Written to spanhop.source.pathMappings, for all paths of traces that begin with ${pin.prefix}.`,
    ];
    const inWorkspace = 'Map in Workspace';
    const inUser = 'Map in User Settings';
    const answer = await askModal(
      'info',
      `Map ${pin.prefix} to ${place} in ${here}?`,
      lines.filter((line) => typeof line === 'string'),
      ...(usual === 'workspace' ? [inWorkspace, inUser] : [inUser]),
    );
    if (answer === inWorkspace) return 'workspace';
    return answer === inUser ? 'user' : undefined;
  }
}
