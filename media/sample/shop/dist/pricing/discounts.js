"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.applyDiscounts = applyDiscounts;
// What a customer's vouchers and the shop's campaigns take off the price.
const traced_1 = require("../shared/traced");
const vouchers = {
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
function applyDiscounts(cents, codes) {
    return (0, traced_1.traced)('apply_discounts', { 'discount.vouchers': codes.length, 'price.cents': cents }, (span) => {
        const percents = codes.map(voucherPercent);
        const campaign = bestCampaigns(cents);
        span.setAttribute('discount.campaign_percent', campaign);
        return percents.reduce((price, percent) => price * (1 - percent / 100), cents * (1 - campaign / 100));
    });
}
function voucherPercent(code) {
    const voucher = vouchers[code.toUpperCase()];
    return voucher.percent;
}
/** Tries every combination: slow, and easy to see in a trace. */
function bestCampaigns(cents) {
    let best = 0;
    for (let combination = 0; combination < 1 << campaigns.length; combination++) {
        const groups = new Set();
        let percent = 0;
        for (let index = 0; index < campaigns.length && percent >= 0; index++) {
            if (!(combination & (1 << index)))
                continue;
            const campaign = campaigns[index];
            if (cents < campaign.fromCents || groups.has(campaign.group))
                percent = -1;
            else
                percent += campaign.percent;
            groups.add(campaign.group);
        }
        best = Math.max(best, percent);
    }
    return best;
}
//# sourceMappingURL=discounts.js.map