/** The keys of a value in a file of settings: `orders.topic` of YAML's nested names, of properties, `ORDERS_TOPIC` of an environment. */

const maxAbove = 400;

/** What code may call the value by. */
export function settingKeys(lines: readonly string[], line: number, value: string, file: string): readonly string[] {
  const text = lines[line] ?? '';
  if (text.length > 1_000) return [];
  const pair = /^\s*(?:-\s+)?(?:export\s+)?["']?([A-Za-z_][\w.:[\]-]*)["']?\s*[:=](.*)$/.exec(text);
  if (!pair || !holds(pair[2].trim().replace(/,$/, '').trimEnd(), value)) return [];
  const own = pair[1];
  if (!/\.(?:ya?ml|json|conf|toml)$/i.test(file) || /^[A-Z][A-Z0-9_]+$/.test(own)) return [own].filter(isKey);
  const parts = [own];
  let limit = text.search(/\S/);
  for (let i = line - 1; i >= 0 && i > line - maxAbove && limit > 0; i--) {
    const above = lines[i];
    const indent = above.search(/\S/);
    if (indent < 0 || indent >= limit || /^\s*#/.test(above)) continue;
    limit = indent;
    const name = /^\s*["']?([\w.:[\]-]+)["']?\s*:/.exec(above)?.[1];
    if (name !== undefined) parts.unshift(name);
  }
  const whole = parts.join('.');
  const binding = /bindings\.([\w-]+)\.destination$/.exec(whole)?.[1];
  const found = binding === undefined ? [whole, parts.join(':')] : [binding, binding.replace(/-(?:in|out)-\d+$/, '')];
  return [...new Set(found)].filter(isKey);
}

function holds(text: string, value: string): boolean {
  return text.replace(/^["']|["']$/g, '') === value || text.endsWith(`:${value}}`);
}

function isKey(key: string): boolean {
  return key.length >= 5;
}

/** `services.weather.url` of `'url' => env(…)` within `'weather' => [` of PHP's `config/services.php`. */
export function phpSettingKey(lines: readonly string[], line: number, path: readonly string[]): string | undefined {
  const stem = /^(\w+)\.php$/.exec(path[path.length - 1] ?? '')?.[1];
  if (stem === undefined || !path.slice(0, -1).includes('config')) return undefined;
  const parts: string[] = [];
  let limit = Number.POSITIVE_INFINITY;
  for (let i = line; i >= 0 && i > line - maxAbove && limit > 4; i--) {
    const text = lines[i].slice(0, 500);
    const indent = text.search(/\S/);
    const name = indent >= 0 && indent < limit ? /^\s*['"]([\w-]+)['"]\s*=>/.exec(text)?.[1] : undefined;
    if (i === line && name === undefined) return undefined;
    if (name === undefined) continue;
    limit = indent;
    parts.unshift(name);
  }
  return [stem, ...parts].join('.');
}
