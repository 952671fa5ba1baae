// Client spans of JavaScript: which of the calls that have the path, and addresses that are put together.
import { describe, expect, it } from 'vitest';
import { hintsOf, placeOf, shown } from './support/memory';

const call = (method: string, url: string) => ({
  name: method,
  kind: 3,
  attributes: { 'http.request.method': method, 'url.full': url },
});

describe('an address within the path', () => {
  const files = {
    'src/archive.ts': `export async function archive(url: string) {
  await axios
    .get(\`https://archive.example.org/save/\${url}\`, { headers })
    .then(() => {});
}
`,
    'src/queue.ts': `export async function send(url: string, body: unknown) {
  await fetch(\`\${process.env.QUEUE_URL}/v2/publish/\${url}\`, {
    method: 'POST',
    body,
  });
}
`,
  };
  it('is one value', async () => {
    const to = 'https://shop.example.com/bills/7';
    expect(await placeOf(call('GET', `https://archive.example.org/save/${to}`), files)).toBe('src/archive.ts:3');
    expect(await placeOf(call('POST', `https://queue.example.net/v2/publish/${to}`), files)).toBe('src/queue.ts:2');
  });
});

describe('of the calls that have the path', () => {
  const films = `class Films extends Client {
  constructor() {
    super('https://films.example.org/3', { key });
  }
  public getFilm = async ({ id }: { id: number }): Promise<Film> => {
    const data = await this.get<Film>(
      \`/movie/\${id}\`,
      { params }
    );
    return data;
  };
}
`;
  const shelf = (n: number): string => `class Shelf${n} {
  public getFilm = async ({ id }: { id: number }): Promise<Film> => {
    const response = await this.axios.get<Film>(\`/movie/\${id}\`);
    return response.data;
  };
}
`;
  it('the one goes first in whose file the host stands, however many others are clients', async () => {
    const shelves = Object.fromEntries([...Array(10).keys()].map((n) => [`src/api/a${n}.ts`, shelf(n)]));
    const [first] = shown(
      await hintsOf(call('GET', 'https://films.example.org/3/movie/603'), { ...shelves, 'src/api/films.ts': films }),
    );
    expect(first).toBe('src/api/films.ts:6 0.76');
  });

  it('those get that tell no other method', async () => {
    const files = {
      'src/page.tsx': `export function Page() {
  const { data } = useSWR<Bill>(\`/api/bills/\${id}\`, { fallback });
  const drop = () => axios.delete(\`/api/bills/\${id}\`);
}
export const load = async () => {
  await fetch(\`/api/tills/\${id}\`, { method: 'PUT', body });
  return fetch((auth?.at ? auth.at : '') +
    \`/api/tills/\${id}\`,
    auth ? { headers: { auth } } : undefined);
};
`,
    };
    expect(shown(await hintsOf(call('GET', 'https://x.example.com/api/bills/603'), files))[0]).toBe('src/page.tsx:2 0.80');
    expect(shown(await hintsOf(call('GET', 'https://x.example.com/api/tills/603'), files))[0]).toBe('src/page.tsx:7 0.80');
  });
});
