/**
 * Segments of routes as frameworks write them, in files' names and in spans: `[id]`, `[[lang]]`, `[...rest]`, `[id=integer]` of Next.js, Nuxt,
 * SvelteKit and Astro; `$id`, `$`, `($lang)` of Remix and TanStack; `:id`, `:rest*`, `{id}`, `**` of what reports them. Groups, slots and layouts
 * without a path of their own take no part.
 */

export type Segment =
  | { readonly kind: 'fixed'; readonly text: string }
  | {
      readonly kind: 'hole';
      /** Empty where the notation names none. */
      readonly name: string;
      /** It takes any number of segments, one at least unless it is optional. */
      readonly isRest: boolean;
      readonly isOptional: boolean;
    };

/** A longer one is no route. */
const maxSegments = 40;
const maxText = 600;

/** A folder or a file's stem in square brackets; `[]` for one that has no part in the path, undefined for what is none of a route's. */
export function bracketSegment(text: string): readonly Segment[] | undefined {
  if (text.startsWith('@') || (text.startsWith('(') && text.endsWith(')'))) return [];
  // A route that is shown within another one (`(.)photo`), and folders that are no route's.
  if (text.startsWith('(')) return undefined;
  if (!text.includes('[')) return [{ kind: 'fixed', text }];
  if (text.startsWith('[[') && text.endsWith(']]')) return [holeOf(text.slice(2, -2), true)];
  const last = text.length - 1;
  if (text[0] === '[' && text.indexOf(']') === last) return [holeOf(text.slice(1, -1), false)];
  // `v[version]`, `[year]-[month]`: a part of it changes.
  return [{ kind: 'hole', name: text, isRest: text.includes('[...'), isOptional: false }];
}

function holeOf(inner: string, isOptional: boolean): Segment {
  const isRest = inner.startsWith('...');
  // SvelteKit names a matcher behind it.
  return { kind: 'hole', name: inner.slice(isRest ? 3 : 0).replace(/=.*$/, ''), isRest, isOptional };
}

/** A part between dots or slashes of Remix' and TanStack's notation. */
export function dollarSegment(text: string): readonly Segment[] {
  const optional = /^\((.*)\)$/.exec(text)?.[1];
  const part = optional ?? text;
  if (/^(?:_index|index|route)$/.test(part) || part.startsWith('_')) return [];
  const isOptional = optional !== undefined;
  if (part.startsWith('$')) return [{ kind: 'hole', name: part.slice(1), isRest: part === '$', isOptional }];
  // An underscore at the end leaves the layout, not the path.
  const fixed = part.replace(/_$/, '').replace(/\[([^[\]]{0,200})\]/g, '$1');
  return isOptional ? [{ kind: 'hole', name: fixed, isRest: false, isOptional }] : [{ kind: 'fixed', text: fixed }];
}

/** The segments of a route or a path as a span has it, in any notation; undefined for what is none. */
export function routeSegments(text: string): readonly Segment[] | undefined {
  if (text.length > maxText || /\s/.test(text)) return undefined;
  const parts = text
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
    .split('/')
    .filter((part) => part !== '');
  if (parts.length > maxSegments) return undefined;
  const segments: Segment[] = [];
  for (const part of parts) segments.push(...(spanSegment(part) ?? []));
  return segments;
}

function spanSegment(part: string): readonly Segment[] | undefined {
  if (part.startsWith('[') || part.startsWith('@') || /^\(.*\)$/.test(part)) return bracketSegment(part);
  const hole = (name: string, isRest: boolean, isOptional = false): readonly Segment[] => [
    { kind: 'hole', name, isRest, isOptional },
  ];
  if (/^\*{1,2}\w*$/.test(part)) return hole(part.replace(/^\*+(?::)?/, ''), true, true);
  if (part.startsWith('**:')) return hole(part.slice(3), true);
  const named = /^:(\w+)(?:\(([^()]*)\))?([?*+]?)$/.exec(part);
  if (named) return hole(named[1], /[*+]/.test(named[3]) || named[2] === '.*', /[?*]/.test(named[3]));
  if (/^\{.*\}$/.test(part))
    return hole(
      part
        .slice(1, -1)
        .replace(/^\*+/, '')
        .replace(/[:?].*$/, ''),
      part[1] === '*',
    );
  if (part.startsWith('$')) return hole(part.slice(1), part === '$');
  return part.includes('[') ? bracketSegment(part) : [{ kind: 'fixed', text: part }];
}

export interface SegmentMatch {
  /** Segments that are the same text; those of a path that a hole took. */
  readonly fixed: number;
  readonly taken: number;
  /** Holes that have the same name in both. */
  readonly named: number;
  readonly isRest: boolean;
}

/**
 * Whether a file's route is the one of a span.
 * @param isPath the span has the path of one request: holes of the file take what stands there
 */
export function matchSegments(file: readonly Segment[], wanted: readonly Segment[], isPath: boolean): SegmentMatch | undefined {
  if (file.length > maxSegments) return undefined;
  const dead = new Set<number>();
  const from = (i: number, j: number): SegmentMatch | undefined => {
    if (i === file.length) return j === wanted.length ? { fixed: 0, taken: 0, named: 0, isRest: false } : undefined;
    const key = i * (maxSegments + 1) + j;
    if (dead.has(key)) return undefined;
    const found = step(i, j);
    if (!found) dead.add(key);
    return found;
  };
  const step = (i: number, j: number): SegmentMatch | undefined => {
    const mine = file[i];
    const theirs: Segment | undefined = wanted[j];
    if (mine.kind === 'fixed') {
      if (theirs?.kind !== 'fixed' || theirs.text !== mine.text) return undefined;
      return plus(from(i + 1, j + 1), { fixed: 1 });
    }
    if (theirs?.kind === 'hole' && theirs.isRest === mine.isRest) {
      const isSame = theirs.name !== '' && theirs.name === mine.name;
      const next = from(i + 1, j + 1);
      if (next) return plus(next, { named: isSame ? 1 : 0, isRest: mine.isRest });
    }
    if (isPath && mine.isRest) {
      for (let to = wanted.length; to > j; to--) {
        const next = wanted.slice(j, to).every(({ kind }) => kind === 'fixed') ? from(i + 1, to) : undefined;
        if (next) return plus(next, { taken: to - j, isRest: true });
      }
    } else if (isPath && theirs?.kind === 'fixed') {
      const next = from(i + 1, j + 1);
      if (next) return plus(next, { taken: 1 });
    }
    return mine.isOptional ? from(i + 1, j) : undefined;
  };
  return from(0, 0);
}

function plus(match: SegmentMatch | undefined, more: Partial<SegmentMatch>): SegmentMatch | undefined {
  return (
    match && {
      fixed: match.fixed + (more.fixed ?? 0),
      taken: match.taken + (more.taken ?? 0),
      named: match.named + (more.named ?? 0),
      isRest: match.isRest || (more.isRest ?? false),
    }
  );
}
