// Charges a card. The gateway gets three tries with a growing pause between them.
import { setTimeout as pause } from 'node:timers/promises';
import { TimeoutError } from '../shared/http';
import { traced } from '../shared/traced';
import type { Charge, GatewayClient, Receipt } from './gatewayClient';

const TRIES = 3;

export class GatewayTimeout extends Error {
  override readonly name = 'GatewayTimeout';
}

export class PaymentService {
  constructor(private readonly gateway: GatewayClient) {}

  charge(charge: Charge): Promise<Receipt> {
    const attributes = {
      'payment.amount': charge.cents / 100,
      'payment.currency': charge.currency,
      'payment.card': charge.card,
      'retry.count': TRIES,
    };
    return traced('PaymentService.charge', attributes, () => this.chargeWithRetries(charge));
  }

  private async chargeWithRetries(charge: Charge): Promise<Receipt> {
    let cause: unknown;
    for (let resend = 0; resend < TRIES; resend++) {
      if (resend > 0) await pause(45 * resend);
      try {
        return await this.gateway.post(charge, resend);
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
        cause = error;
      }
    }
    throw new GatewayTimeout(`no answer after ${TRIES} tries`, { cause });
  }
}
