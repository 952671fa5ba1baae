// What a customer's vouchers and the shop's campaigns take off the price.
import { traced } from '../shared/traced';

interface Voucher {
  readonly percent: number;
}

const vouchers: Record<string, Voucher> = {
  SPRING: { percent: 10 },
  LOYAL: { percent: 5 },
};

/** Each campaign takes off a share from a sum upwards; some exclude each other (the same group). */
const campaigns = Array.from({ length: 17 }, (_, index) => ({
  percent: 1 + (index % 4),
  fromCents: 1000 * (index + 1),
  group: index % 5,
}));

/** The price in cents after the best combination of campaigns and all vouchers. */
export function applyDiscounts(cents: number, codes: readonly string[]): Promise<number> {
  return traced('apply_discounts', { 'discount.vouchers': codes.length, 'price.cents': cents }, (span) => {
    const percents = codes.map(voucherPercent);
    const campaign = bestCampaigns(cents);
    span.setAttribute('discount.campaign_percent', campaign);
    return percents.reduce((price, percent) => price * (1 - percent / 100), cents * (1 - campaign / 100));
  });
}

function voucherPercent(code: string): number {
  const voucher = vouchers[code.toUpperCase()];
  return voucher.percent;
}

/** Tries every combination: slow, and easy to see in a trace. */
function bestCampaigns(cents: number): number {
  let best = 0;
  for (let combination = 0; combination < 1 << campaigns.length; combination++) {
    const groups = new Set<number>();
    let percent = 0;
    for (let index = 0; index < campaigns.length && percent >= 0; index++) {
      if (!(combination & (1 << index))) continue;
      const campaign = campaigns[index];
      if (cents < campaign.fromCents || groups.has(campaign.group)) percent = -1;
      else percent += campaign.percent;
      groups.add(campaign.group);
    }
    best = Math.max(best, percent);
  }
  return best;
}
