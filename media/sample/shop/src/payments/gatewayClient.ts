// The payment gateway, a third party over which the shop has no power.
import { call } from '../shared/http';

export interface Charge {
  readonly cents: number;
  readonly currency: string;
  readonly card: string;
}

export interface Receipt {
  readonly id: string;
}

export class GatewayClient {
  constructor(private readonly timeoutMs: number) {}

  /** Rejects with a TimeoutError when there is no answer in time. */
  post(charge: Charge, resendCount: number): Promise<Receipt> {
    return call('gateway', 'POST', '/v1/charges', { body: charge, timeoutMs: this.timeoutMs, resendCount });
  }
}
