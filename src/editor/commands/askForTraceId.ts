/**
 * Asks for a trace: an id in any of its forms, or a `traceparent`. Ids at hand come first: of the selection, at the cursor, on the
 * clipboard. What is typed is an id too, as soon as it is one.
 */

import { env, window } from 'vscode';
import { argumentOf, idAt, idIn } from '../../app/links/idsInText';
import type { SpanArgument } from '../../app/links/spanArgument';
import { plain } from '../../core/text/plainText';
import { type PickItem, PlainQuickPick } from '../plain/quickPick';

interface TraceItem extends PickItem {
  /** Undefined where what was typed is no id. */
  readonly trace?: SpanArgument;
}

/** UTF-16 units of a text that are looked at for an id. */
const maxText = 2_000;

export async function askForTraceId(): Promise<SpanArgument | undefined> {
  const pick = new PlainQuickPick<TraceItem>({
    title: 'Open trace',
    placeholder: 'Trace id, or a traceparent header',
    ignoreFocusOut: true,
  });
  let atHand = idsAtCursor();
  const show = (): void => {
    pick.items = pick.value.trim() === '' ? atHand : [itemOfTyped(pick.value), ...atHand];
  };
  show();
  pick.onDidChangeValue(show);
  // A browser may ask for leave first.
  void idOnClipboard().then((copied) => {
    if (!copied || atHand.some(({ label }) => label === copied.label)) return;
    atHand = [...atHand, copied];
    show();
  });
  try {
    return await new Promise<SpanArgument | undefined>((resolve) => {
      pick.onDidAccept(() => {
        const [chosen] = pick.selectedItems;
        // A quick hand presses Enter before the list follows: what is typed counts, unless one at hand was chosen.
        const isTyped = pick.value.trim() !== '' && (chosen?.alwaysShow ?? true);
        const trace = isTyped ? argumentOf(pick.value) : chosen?.trace;
        if (trace) resolve(trace);
      });
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function itemOfTyped(typed: string): TraceItem {
  const trace = argumentOf(typed);
  return trace
    ? {
        label: plain`$(go-to-file) ${trace.traceId}`,
        description: trace.spanId && `span ${trace.spanId}`,
        alwaysShow: true,
        trace,
      }
    : {
        label: plain`$(info) This is no trace id`,
        detail: 'A trace id has up to 32 hexadecimal digits; a traceparent is 00-<trace>-<span>-01',
        alwaysShow: true,
      };
}

function idsAtCursor(): TraceItem[] {
  const editor = window.activeTextEditor;
  if (!editor) return [];
  const { selection, document } = editor;
  const selected = selection.isEmpty ? undefined : idIn(document.getText(selection).slice(0, maxText));
  const { line, character } = selection.active;
  const here = idAt(document.lineAt(line).text, character);
  const items: TraceItem[] = [];
  if (selected) items.push(itemOf(selected, 'selected'));
  if (here && here.traceId !== selected?.traceId) items.push(itemOf(here, 'at the cursor'));
  return items;
}

async function idOnClipboard(): Promise<TraceItem | undefined> {
  try {
    const copied = idIn((await env.clipboard.readText()).slice(0, maxText));
    return copied && itemOf(copied, 'on the clipboard');
  } catch {
    return undefined;
  }
}

function itemOf(trace: SpanArgument, description: string): TraceItem {
  return { label: trace.traceId, description, trace };
}
