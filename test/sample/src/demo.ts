// The whole shop in one process: makes the customers' requests once and ends. Good for stepping through it in a debugger.
import './shared/telemetry';
import { cartApp } from './cart/app';
import { journeys, visit } from './load';
import { finishMails, startMailer } from './mailer/mailer';
import { centralBankApp, gatewayApp } from './outside/thirdParties';
import { paymentsApp } from './payments/app';
import { pricingApp } from './pricing/app';
import { setAddresses } from './shared/addresses';
import { listen } from './shared/listen';
import { stopTelemetry } from './shared/telemetry';
import { storefrontApp } from './storefront/app';

async function main(): Promise<void> {
  startMailer();
  const apps = {
    cart: await cartApp(),
    pricing: pricingApp(),
    payments: paymentsApp(),
    storefront: storefrontApp(),
    gateway: gatewayApp(),
    centralbank: centralBankApp(),
  };
  const addresses: Record<string, string> = {};
  for (const [service, app] of Object.entries(apps)) addresses[service] = (await listen(app)).url;
  setAddresses(addresses);
  for (const journey of journeys) {
    const { name, status } = await visit(addresses.storefront, journey);
    console.log(`${status} ${name}`);
  }
  await finishMails();
  await stopTelemetry();
  process.exit(0);
}

void main();
