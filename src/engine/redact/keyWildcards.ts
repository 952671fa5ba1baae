/** Names of attributes with `*` for any run of characters, in any case; `accessToken` and `access-token` are `access_token` as well. Parts are looked for from left to right, so that no name can hold up the engine. */

/** A test of whole keys; undefined where no pattern is left. */
export function keyTest(patterns: readonly string[]): ((key: string) => boolean) | undefined {
  const exact = new Set<string>();
  const wild: (readonly string[])[] = [];
  for (const pattern of patterns) {
    const parts = pattern.trim().toLowerCase().split(/\*+/);
    if (parts.length > 1) wild.push(parts);
    else if (parts[0] !== '') exact.add(parts[0]);
  }
  if (exact.size + wild.length === 0) return undefined;
  const isOf = (name: string): boolean => exact.has(name) || wild.some((parts) => fits(name, parts));
  return (key) => {
    const name = key.toLowerCase();
    if (isOf(name)) return true;
    const snake = key
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replaceAll('-', '_')
      .toLowerCase();
    return snake !== name && isOf(snake);
  };
}

/** The first part begins the name, the last one ends it, and the others follow each other in between. */
function fits(name: string, parts: readonly string[]): boolean {
  const last = parts[parts.length - 1];
  if (!name.startsWith(parts[0])) return false;
  let at = parts[0].length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
