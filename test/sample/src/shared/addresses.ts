// Which service listens where, as the launcher told it.
const addresses = new Map<string, string>();

export function setAddresses(known: Readonly<Record<string, string>>): void {
  for (const [service, url] of Object.entries(known)) addresses.set(service, url);
}

export function addressOf(service: string): string {
  const url = addresses.get(service);
  if (!url) throw new Error(`no address of ${service} is known`);
  return url;
}
