/** Calls of one function of the sample shop, as another program than the shop would send them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../vscode/locations.mjs';

export const workspace = join(projectRoot, 'test', 'sample');
export const file = join(workspace, 'src', 'payments', 'paymentService.ts');
export const charge = 'PaymentService.charge';
export const lineNumberOf = (text: string): number =>
  readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1;

export interface Sent {
  readonly id: number;
  readonly ms: number;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly exception?: { readonly type: string; readonly message: string };
}

/** Calls of `charge`, as another program than the shop would send them. */
export async function send(endpoint: string, calls: readonly Sent[]): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const text = (value: string): { stringValue: string } => ({ stringValue: value });
  const pairs = (of: Readonly<Record<string, string>>): unknown[] =>
    Object.entries(of).map(([key, value]) => ({ key, value: text(value) }));
  const spans = calls.map(({ id, ms, attributes = {}, exception }) => ({
    traceId: `e${String(id).padStart(31, '0')}`,
    spanId: `e${String(id).padStart(15, '0')}`,
    name: charge,
    kind: 1,
    startTimeUnixNano: String(now + BigInt(id)),
    endTimeUnixNano: String(now + BigInt(ms) * 1_000_000n),
    attributes: [
      ...pairs({ 'code.file.path': file, 'code.function.name': charge, ...attributes }),
      { key: 'code.line.number', value: { intValue: String(lineNumberOf("traced('PaymentService.charge'")) } },
    ],
    ...(exception
      ? {
          status: { code: 2 },
          events: [
            {
              name: 'exception',
              timeUnixNano: String(now),
              attributes: pairs({ 'exception.type': exception.type, 'exception.message': exception.message }),
            },
          ],
        }
      : {}),
  }));
  const body = JSON.stringify({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans }] }] });
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(`${endpoint}/v1/traces`, { method: 'POST', headers, body });
  if (status !== 200) throw new Error(`The capture answered ${status}.`);
}
