// Client spans of JavaScript: which of the calls that have the path, and addresses that are put together.
import { describe, expect, it } from 'vitest';
import type { SpanFamily } from '../../../src/source';
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

describe('an address that is put together', () => {
  const web = (method: string, path: string) => ({
    ...call(method, `https://app.example.com${path}`),
    language: 'webjs',
  });
  it.each<[string, string, string, Record<string, string>, string]>([
    [
      'by a method of a class that returns a type',
      'GET',
      '/api/shops/acme/bills',
      {
        'a.ts': `export class Bills {
  public list(shop: string): Observable<BillsDto> {
    const url = this.apiUrl.buildUrl(\`api/shops/\${shop}/bills\`);
    return HTTP.getVersioned(this.http, url).pipe(map(parse));
  }
}
`,
      },
      'a.ts:4 0.72',
    ],
    [
      'by a function that is given its last word',
      'GET',
      '/rest/scrobble?id=1',
      {
        'a.js': `const url = (command, id) => {
  return baseUrl(\`/rest/\${command}?\${params.toString()}\`)
}
const ping = () => httpClient(url('ping'))
const scrobble = (id) => httpClient(url('scrobble', id))
`,
      },
      'a.js:5 0.55',
    ],
    [
      'of a noun and what is done with it',
      'POST',
      '/api/stars.create',
      {
        'a.ts': `export abstract class Store<T> {
  async create(params) {
    return client.post(\`/\${this.apiEndpoint}.create\`, params);
  }
  async delete(item) {
    return client.post(\`/\${this.apiEndpoint}.delete\`, { id: item.id });
  }
}
`,
      },
      'a.ts:3 0.80',
    ],
    [
      'and kept in an object of another file under a short name',
      'POST',
      '/api/bills/4/pay',
      {
        'e.ts': `export const ENDPOINTS = {
  bills: {
    pay: (id: string) => \`/bills/\${id}/pay\`,
    list: '/bills',
  },
};
`,
        'p.ts': `import { ENDPOINTS } from './e';
export const pay = (id: string) => apiClient.post(ENDPOINTS.bills.pay(id));
`,
      },
      'p.ts:2 0.80',
    ],
    [
      'by what makes a path',
      'GET',
      '/api/admin/tags/simple',
      {
        'a.ts': `export const useTags = (type: string) => {
  const fetcher = async () => {
    const path = formatApiPath(\`api/admin/tags/\${type}\`);
    const response = await fetch(path, {
      method: 'GET',
    });
    return response.json();
  };
};
`,
      },
      'a.ts:4 0.72',
    ],
    [
      'with its method before it',
      'GET',
      '/repos/acme/shop/issues',
      {
        'a.ts': `export const issues = (octokit) => octokit.request('GET /repos/{owner}/{repo}/issues', { owner, repo });
`,
      },
      'a.ts:1 ',
    ],
  ])('%s', async (_, method, path, files, place) => {
    expect(shown(await hintsOf(web(method, path), files))[0]).toContain(place);
  });
});

describe('a client that was generated', () => {
  const made = `/* tslint:disable */
/** NOTE: This class is auto generated. Do not edit the class manually. */
export const BillsApiAxiosParamCreator = function (configuration?: Configuration) {
  return {
    listBills: async (page?: number, options = {}): Promise<RequestArgs> => {
      const localVarPath = \`/apis/shop/v1/bills\`;
      const localVarRequestOptions = { method: 'GET', ...options };
      return { url: localVarPath };
    },
  };
};
`;
  const page = (name: string): string => `const { data } = useQuery({
  queryFn: async () => {
    const { data } = await shopClient.bills.${name}({ page: 1 });
    return data;
  },
});
`;
  const span = call('GET', 'https://app.example.com/apis/shop/v1/bills?page=1');
  it('leads to the call of its operation', async () => {
    const files = { 'api/bills-api.ts': made, 'src/bills.ts': page('listBills'), 'src/tills.ts': page('listTills') };
    expect(shown(await hintsOf(span, files))[0]).toBe('src/bills.ts:3 0.68');
  });

  it('does not, where a person wrote a call of the path', async () => {
    const own = "export const bills = () => axios.get('/apis/shop/v1/bills');\n";
    const files = { 'api/bills-api.ts': made, 'src/bills.ts': page('listBills'), 'src/own.ts': own };
    expect(shown(await hintsOf(span, files))[0]).toBe('src/own.ts:1 0.80');
  });

  it('is a guess where several call it', async () => {
    const files = { 'api/bills-api.ts': made, 'src/a.ts': page('listBills'), 'src/b.ts': page('listBills') };
    expect(shown(await hintsOf(span, files))[0]).toMatch(/^src\/[ab]\.ts:3 0\.40$/);
  });
});

it('a method of an SDK is told by the last noun of the path', async () => {
  const files = {
    'src/pay.ts': `import Stripe from 'stripe';
export async function pay(id) {
  return stripe.checkout.sessions.create({ mode: 'payment' });
}
export async function change(id) {
  return stripe.subscriptions.update(id, {});
}
`,
  };
  const span = call('POST', 'https://api.stripe.com/v1/subscriptions/sub_1NqXAB2eZvKYlo2C');
  expect(await placeOf(span, files)).toBe('src/pay.ts:6');
});

describe('whose code asks', () => {
  const around = (name: string): { readonly family: SpanFamily } => ({
    family: { ancestors: [{ name, service: '', kind: 1, language: 'nodejs', attributes: {} }], before: [], children: [] },
  });

  it('is no test, however many there are', async () => {
    const tests = Array.from({ length: 70 }, (_, i) => `  await request(app).get('/api/v1/kites/\${id}/lines').expect(${i});`);
    const files = {
      'api/test/kites.spec.ts': `it('answers', async () => {\n${tests.join('\n')}\n});\n`,
      'web/src/kites.service.ts': `export class KiteService {
  private endpoint = environment.apiEndpoint;
  lines(id: string): Observable<Line[]> {
    return this.http.get<Line[]>(\`\${this.endpoint}/kites/\${id}/lines\`);
  }
}
`,
    };
    expect(await placeOf(call('GET', 'https://kites.example.com/api/v1/kites/4711/lines'), files)).toBe(
      'web/src/kites.service.ts:4',
    );
  });

  it('is who names the address, and not who is given it', async () => {
    const files = {
      'src/kites.ts': `export const worker = build({
  run: traced('kites.run', logged('kites.run', run)),
});
async function run(job: Job) {
  const kite = await find(job.id);
  const answer = await fetchWithProxy(kite.url, { signal });
  return answer.text();
}
`,
      'src/network.ts': `export async function fetchWithProxy(url: string, options: Options = {}) {
  return fetch(url, { ...options, agent });
}
`,
    };
    const asked = { ...call('GET', 'https://blog.example.org/feed.xml'), ...around('kites.run') };
    expect(await placeOf(asked, files)).toBe('src/kites.ts:6');
  });

  it('is who takes what is made of it, before one of which the host alone is known', async () => {
    const files = {
      'client/src/Kite.tsx': `export const KitePage = () => {
  const url = useMemo(() => {
    const params = new URLSearchParams();
    return \`/kites/wind/details/\${id}?\${params.toString()}\`;
  }, [id]);
  const { data } = useGet<Kite>(
    url,
    {},
  );
  return data;
};
`,
      'client/src/harbour.ts': "export const load = () => fetchSettings('/settings/export');\n",
    };
    expect(await placeOf(call('GET', 'https://harbour.example.com/api/v1/kites/wind/details/4711?range=day'), files)).toBe(
      'client/src/Kite.tsx:6',
    );
  });

  it('is where a constant is given that has its text on the next line', async () => {
    const files = {
      'src/wind.constants.ts': "export const WIND_CHECK_URL =\n  'https://wind.example.com/check/verify';\n",
      'src/wind.ts':
        "import { WIND_CHECK_URL } from './wind.constants';\nexport const check = (answer: string) =>\n  axios.get<Wind>(\n    WIND_CHECK_URL,\n    { params: { answer } },\n  );\n",
    };
    expect(await placeOf(call('GET', 'https://wind.example.com/check/verify?answer=1'), files)).toBe('src/wind.ts:3');
  });

  it('is a path before any word of a string', async () => {
    const words = Array.from({ length: 90 }, (_, i) => [
      `api/nodes/${i}.ts`,
      `export const v1 = fetch({ name: 'reel', api: ${i} });\n`,
    ]);
    const files = {
      ...Object.fromEntries(words),
      'ui/reels.js':
        "import client from './client';\nconst create = (body) => client.post(`/reel`, body);\nconst remove = (id) => client.delete(`/reel?id=${id}`);\n",
    };
    expect(await placeOf(call('DELETE', 'https://kites.example.com/api/v1/reel?id=4711'), files)).toBe('ui/reels.js:3');
  });

  it('is no key of a cache and no type, and may stand behind a condition or be given its method as a function', async () => {
    const files = {
      'app/kites.ts': `export const useKites = () =>
  useQuery<KitesApiResponse, HttpError>({
    queryKey: [\`kites/flying\`],
    queryFn: () => ownServer(\`kites/flying\`).json<KitesApiResponse>(),
  });
export const useRename = () =>
  useMutation<
    KiteApiResponse,
    HttpError
  >({
    mutationFn: (name) =>
      ownServer(\`kites/name\`, { method: 'PATCH', json: { name } }).json<KiteApiResponse>(),
  });
export function useSails(id: string | null) {
  const { data } = useOwnSWR(id && \`/sails/\${id}\`, {
    fallback: 1,
  });
  const { trigger } = useOwnMutation(\`/sails\`, fetcher.post);
  const all = useOwnSWR(\`/sails\`);
  return { data, trigger, all };
}
`,
    };
    const place = (method: string, path: string) => placeOf(call(method, `https://kites.example.com/api${path}`), files);
    expect(await place('GET', '/kites/flying')).toBe('app/kites.ts:4');
    expect(await place('PATCH', '/kites/name')).toBe('app/kites.ts:12');
    expect(await place('GET', '/sails/4711')).toBe('app/kites.ts:15');
    expect(await place('POST', '/sails')).toBe('app/kites.ts:18');
  });

  it('is who names the last word, before who is given it, and no head of a function', async () => {
    const files = {
      'src/wind.ts': `const WIND_URL = 'https://wind.example.com/api';
export async function post(endpoint: string, body: object) {
  return fetch(\`\${WIND_URL}/\${endpoint}\`, { method: 'POST', body: JSON.stringify(body) });
}
export async function request(endpoint: string, body: object) {
  return fetch(\`\${WIND_URL}/\${endpoint}\`, { method: 'POST', body: JSON.stringify(body) });
}
`,
      'src/hooks.ts': `import * as Wind from './wind';
export async function unfurl(kite: Kite) {
  await Wind.post('gust.unfurl', {
    kite,
  });
}
`,
      'src/calm.ts': `class Calm {
  public static async ask(
    kite: string,
    kind = 'calm'
  ): Promise<Calm> {
    const base = settings.isOwn ? \`\${settings.url}/api\` : settings.url;
    const answer = await fetch(\`\${base}/\${kind}?kite=\${kite}\`);
    return answer.json();
  }
}
`,
    };
    expect(await placeOf(call('POST', 'https://wind.example.com/api/gust.unfurl'), files)).toBe('src/hooks.ts:3');
    expect(await placeOf(call('GET', 'https://sea.example.com/api/calm?kite=1'), files)).not.toBe('src/calm.ts:2');
  });

  it('of tRPC is the use of a procedure by its keys', async () => {
    const files = {
      'web/kites.tsx': `const one = trpc.kites.sails.add.useUtils();
export const useAddSail = () => trpc.kites.sails.add.useMutation();
export const useSails = () => trpc.kites.sails.list.useQuery({ id });
`,
    };
    const place = (method: string, path: string) => placeOf(call(method, `https://kites.example.com${path}`), files);
    expect(await place('POST', '/api/trpc/kites.sails.add?batch=1')).toBe('web/kites.tsx:2');
    expect(await place('GET', '/api/trpc/kites.sails.list,kites.one?batch=1')).toBe('web/kites.tsx:3');
  });
});
