/** Asks for a trace: an id in any of its forms, or a `traceparent`. What the clipboard holds is proposed when it is one. */

import { env, window } from 'vscode';
import { parseTraceId, parseTraceparent } from '../../core/model/ids';
import type { SpanArgument } from '../services/traceArgument';

export async function askForTraceId(): Promise<SpanArgument | undefined> {
  const copied = (await env.clipboard.readText()).trim();
  const text = await window.showInputBox({
    title: 'Open trace',
    prompt: 'Trace id, or a traceparent header',
    placeHolder: '4bf92f3577b34da6a3ce929d0e0e4736',
    value: looksLikeId(copied) ? copied : '',
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === '' || parseTraceId(value) !== undefined
        ? undefined
        : 'A trace id has up to 32 hexadecimal digits; a traceparent is 00-<trace>-<span>-01',
  });
  if (text === undefined || text.trim() === '') return undefined;
  return { traceId: text.trim(), spanId: parseTraceparent(text)?.spanId };
}

/** Stricter than what is accepted: a copied "cafe" is a word. */
function looksLikeId(text: string): boolean {
  return text.length >= 16 && text.length <= 64 && parseTraceId(text) !== undefined;
}
