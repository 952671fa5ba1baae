// Client spans: the line that calls, never the one that serves.
import { describe, expect, it } from 'vitest';
import { hintsOf, placeOf, shown } from './support/memory';

const client = 3;
const get = { 'http.request.method': 'GET' };
const call = (method: string, url: string, language?: string) => ({
  name: method,
  kind: client,
  language,
  attributes: { 'http.request.method': method, 'url.full': url },
});

describe('a call over HTTP', () => {
  const files = {
    'web/src/orders.service.ts': `import { HttpClient } from '@angular/common/http';
export class OrdersService {
  private baseUrl = environment.api + '/orders';
  constructor(private http: HttpClient) {}
  list() {
    return this.http.get<Order[]>(this.baseUrl);
  }
  one(id: number) {
    return this.http
      .get<Order>(\`\${this.baseUrl}/\${id}\`)
      .pipe(retry(2));
  }
  add(order: Order) {
    return this.http.post<Order>(this.baseUrl, order);
  }
  lines(id: number) {
    return this.http.get(this.baseUrl + '/' + id + '/lines');
  }
}
`,
    'web/src/api.ts': `const api = axios.create({ baseURL: '/api' });
export const seats = (id: string) => api.get(\`/halls/\${id}/seats\`);
export const book = (id: string, seat: Seat) => api.post(\`/halls/\${id}/seats\`, seat);
export async function drop(id: string) {
  const url = '/api/halls/' + id;
  await fetch(url, { method: 'DELETE' });
}
export const rename = (id: string, name: string) =>
  request({
    url: \`/halls/\${id}/name\`,
    method: 'PUT',
    data: { name },
  });
`,
    'server/routes.ts': `router.get('/halls/:id/seats', listSeats);
router.post('/halls/:id/seats', bookSeat);
app.delete('/api/halls/:id', (req, res) => res.end());
app.put('/api/halls/:id/name', async (req, res) => {});
router.get('/orders', list);
router.get('/orders/:id', one);
`,
    'web/src/api.spec.ts': `it('x', () => { httpMock.expectOne('/api/orders/7/lines'); fetch('/api/halls/3/seats'); });
`,
  };
  it.each([
    ['GET', '/api/orders', 'web/src/orders.service.ts:6'],
    ['GET', '/api/orders/17', 'web/src/orders.service.ts:10'],
    ['POST', '/api/orders', 'web/src/orders.service.ts:14'],
    ['GET', '/api/orders/17/lines', 'web/src/orders.service.ts:17'],
    ['GET', '/api/halls/3/seats', 'web/src/api.ts:2'],
    ['POST', '/api/halls/3/seats?now=1', 'web/src/api.ts:3'],
    ['DELETE', '/api/halls/3', 'web/src/api.ts:6'],
    ['PUT', '/api/halls/3/name', 'web/src/api.ts:9'],
  ])('of a page: %s %s', async (method, path, place) => {
    expect(await placeOf(call(method, `http://localhost:4200${path}`), files)).toBe(place);
  });

  it('is never the line that serves it', async () => {
    const { 'server/routes.ts': server } = files;
    const only = { 'server/routes.ts': server };
    for (const [place] of (await Promise.all([hintsOf(call('GET', 'http://x/api/halls/3/seats'), only)])).map(shown)) {
      expect(Number(place?.split(' ')[1] ?? 0)).toBeLessThan(0.5);
    }
  });

  it('is told by a path and a host, and by a template', async () => {
    const attributes = { ...get, 'url.path': '/api/halls/3/seats', 'server.address': 'gateway', 'server.port': 8080 };
    expect(await placeOf({ name: 'GET', kind: client, attributes }, files)).toBe('web/src/api.ts:2');
    const template = { ...get, 'url.template': '/halls/{id}/seats', 'url.full': 'http://gateway/halls/3/seats' };
    expect(await placeOf({ name: 'GET /halls/{id}/seats', kind: client, attributes: template }, files)).toBe('web/src/api.ts:2');
  });

  it('is in the file that writes the host, by way of a field', async () => {
    const client = (host: string) => `class Client:
    def __init__(self):
        self.base_url = "https://${host}"
        self.search_url = f"{self.base_url}/search"

    async def search(self, term):
        return await self._request(
            self.search_url,
            {"q": term},
        )
`;
    const files = { 'a.py': client('games.org'), 'b.py': client('api.boats.net'), 'c.py': client('tides.com') };
    const attributes = { 'http.method': 'GET', 'http.url': 'https://api.boats.net/search?q=cog' };
    expect(await placeOf({ name: 'GET', kind: 3, language: 'python', attributes }, files)).toBe('b.py:7');
  });

  it('is a call, and no default of a setting', async () => {
    const files = {
      'settings.py': 'RELEASES_URL = env(\n    "RELEASES_URL",\n    "https://api.boats.net/boats/releases",\n)\n',
      'site.py': 'def check():\n    return get_data(settings.RELEASES_URL, timeout=3)\n',
    };
    const attributes = { 'http.method': 'GET', 'http.url': 'https://api.boats.net/boats/releases' };
    expect(await placeOf({ name: 'GET', kind: 3, language: 'python', attributes }, files)).toBe('site.py:2');
  });

  it.each<[string, string, string, string, string, string]>([
    [
      'requests',
      'python',
      'GET',
      'http://stock:80/items/9/level',
      'a.py',
      `def level(sku):\n    return requests.get(f"{BASE}/items/{sku}/level", timeout=2)\n|2`,
    ],
    [
      'httpx',
      'python',
      'POST',
      'http://stock/items/reserve',
      'a.py',
      `async def go():\n    async with httpx.AsyncClient() as client:\n        r = await client.post("%s/items/reserve" % BASE, json=x)\n|3`,
    ],
    [
      'a word that is a key elsewhere',
      'python',
      'GET',
      'http://stock/items/level',
      'a.py',
      `LEVEL_PATH = "level"\n\ndef go(args, rows):\n    level = args[0].get("level")\n    rows = rows.select_related("level")\n    return session.get(f"{BASE}/items/{LEVEL_PATH}")\n|6`,
    ],
    [
      'urljoin',
      'python',
      'GET',
      'http://stock/items/all',
      'a.py',
      `def go():\n    url = urljoin(BASE, "items/all")\n    return session.get(url)\n|3`,
    ],
    [
      'net/http',
      'go',
      'POST',
      'http://stock/items/reserve',
      'a.go',
      `package a\n\nfunc f() {\n\treq, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/items/reserve", body)\n}\n|4`,
    ],
    [
      'Sprintf',
      'go',
      'GET',
      'http://stock/items/4/level',
      'a.go',
      `package a\n\nfunc f() {\n\turl := fmt.Sprintf("%s/items/%d/level", base, id)\n\tresp, err := http.Get(url)\n}\n|5`,
    ],
    [
      'JoinPath',
      'go',
      'GET',
      'http://stock/items/4/level',
      'a.go',
      `package a\n\nfunc f() {\n\tu, _ := url.JoinPath(base, "items", id, "level")\n\tresp, err := client.Get(u)\n}\n|5`,
    ],
    [
      'RestTemplate',
      'java',
      'GET',
      'http://stock/items/4/level',
      'A.java',
      `class A {\n  int f(long id) {\n    return restTemplate.getForObject(\n        url + "/items/{id}/level",\n        Integer.class, id);\n  }\n}\n|3`,
    ],
    [
      'exchange',
      'java',
      'DELETE',
      'http://stock/items/4',
      'A.java',
      `class A {\n  @GetMapping("/items/{id}") int g() {}\n  void f(long id) {\n    HttpEntity e = null;\n    restTemplate.exchange("http://stock/items/" + id, HttpMethod.DELETE, e, Void.class);\n  }\n}\n|5`,
    ],
    [
      'WebClient',
      'java',
      'GET',
      'http://stock/items/4/level',
      'A.java',
      `class A {\n  Mono<Integer> f(long id) {\n    return webClient.get()\n        .uri("/items/{id}/level", id)\n        .retrieve().bodyToMono(Integer.class);\n  }\n}\n|4`,
    ],
    [
      'java.net.http',
      'java',
      'POST',
      'http://stock/items/reserve',
      'A.java',
      `class A {\n  void f() {\n    var request = HttpRequest.newBuilder()\n        .uri(URI.create(base + "/items/reserve"))\n        .POST(body)\n        .build();\n  }\n}\n|4`,
    ],
    [
      'Feign',
      'java',
      'GET',
      'http://stock/items/4/level',
      'StockClient.java',
      `@FeignClient(name = "stock")\ninterface StockClient {\n  @GetMapping("/items/{id}/level")\n  int level(@PathVariable long id);\n}\n|3`,
    ],
    [
      'Retrofit',
      'java',
      'GET',
      'http://stock/items/4/level',
      'Stock.kt',
      `import retrofit2.http.GET\ninterface Stock {\n  @GET("items/{id}/level")\n  suspend fun level(@Path("id") id: Long): Int\n}\n|3`,
    ],
    [
      'Ktor',
      'java',
      'GET',
      'http://stock/items/4/level',
      'A.kt',
      `class A {\n  suspend fun f(id: Long): Int = client.get("$base/items/$id/level").body()\n}\n|2`,
    ],
    [
      'HttpClient',
      'dotnet',
      'GET',
      'http://stock/items/4/level',
      'A.cs',
      `class A {\n  [HttpGet("items/{id}/level")] public int X() => 1;\n  public Task<int> F(int id) =>\n    _http.GetFromJsonAsync<int>($"items/{id}/level");\n}\n|4`,
    ],
    [
      'HttpRequestMessage',
      'dotnet',
      'PUT',
      'http://stock/items/4',
      'A.cs',
      `class A {\n  public async Task F(int id) {\n    var m = new HttpRequestMessage(HttpMethod.Put, $"{_options.Url}/items/{id}");\n    await _http.SendAsync(m);\n  }\n}\n|3`,
    ],
    [
      'Faraday',
      'ruby',
      'GET',
      'http://stock/items/4/level',
      'a.rb',
      `class A\n  def f(id)\n    conn.get("/items/#{id}/level").body\n  end\nend\n|3`,
    ],
    [
      'HTTParty',
      'ruby',
      'POST',
      'http://stock/items/reserve',
      'a.rb',
      `class A\n  def f\n    HTTParty.post "#{BASE}/items/reserve", body: {}\n  end\nend\n|3`,
    ],
    [
      'Guzzle',
      'php',
      'GET',
      'http://stock/items/4/level',
      'a.php',
      `<?php\nclass A {\n  function f($id) {\n    return $this->client->request('GET', $this->base . '/items/' . $id . '/level');\n  }\n}\n|4`,
    ],
    [
      'Http of Laravel',
      'php',
      'POST',
      'http://stock/items/reserve',
      'a.php',
      `<?php\nRoute::post('/items/reserve', [X::class, 'y']);\nclass A {\n  function f() {\n    return Http::withToken($t)->post("{$this->base}/items/reserve", []);\n  }\n}\n|5`,
    ],
    [
      'reqwest',
      'rust',
      'GET',
      'http://stock/items/4/level',
      'a.rs',
      `async fn f(id: u32) -> Result<u32> {\n    let url = format!("{}/items/{}/level", base, id);\n    let n = client.get(&url).send().await?;\n    Ok(n)\n}\n|3`,
    ],
    [
      'Req',
      'elixir',
      'GET',
      'http://stock/items/all',
      'a.ex',
      `defmodule A do\n  def f do\n    HTTPoison.get!(@base <> "/items/all")\n  end\nend\n|3`,
    ],
    [
      'superagent',
      'nodejs',
      'GET',
      'http://stock/items/all',
      'a.js',
      `async function f() {\n  return superagent.get(\`\${STOCK_URL}/items/all\`);\n}\n|2`,
    ],
    [
      'RTK Query',
      'webjs',
      'PUT',
      'http://x/api/items/4',
      'a.ts',
      `const api = createApi({\n  endpoints: (builder) => ({\n    one: builder.query({ query: (id) => \`items/\${id}\` }),\n    save: builder.mutation({\n      query: ({ id, ...body }) => ({ url: \`items/\${id}\`, method: 'PUT', body }),\n    }),\n  }),\n});\n|4`,
    ],
    [
      'an own wrapper',
      'webjs',
      'DELETE',
      'http://x/api/items/4',
      'a.tsx',
      `import { useDeleteQuery } from './hooks';\nfunction A({ id }) {\n  const { mutateAsync } = useDeleteQuery(\`/items/\${id}\`);\n  return <Link href={\`/items/\${id}\`}>x</Link>;\n}\n|3`,
    ],
    [
      'a constant elsewhere',
      'webjs',
      'GET',
      'http://x/api/items/4/level',
      'a.ts',
      `import { PATHS } from './paths';\nexport const level = (id) => http.get(PATHS.ITEM_LEVEL.replace(':id', id));\n|2`,
    ],
    [
      '$.ajax below',
      'webjs',
      'POST',
      'http://x/items/4/take',
      'a.js',
      `function take(id) {\n  var url = base + '/items/' + id + '/take';\n  $.ajax({\n    url: url,\n    type: 'POST',\n  });\n}\n|3`,
    ],
    [
      'XMLHttpRequest',
      'webjs',
      'PUT',
      'http://x/items/4/take',
      'a.js',
      `function take(id) {\n  const url = '/items/' + id + '/take';\n  const xhr = new XMLHttpRequest();\n  xhr.open('PUT', url);\n}\n|4`,
    ],
    [
      'HttpClient of Apache',
      'java',
      'GET',
      'http://stock/items/4/level',
      'A.java',
      `class A {\n  int f(long id) {\n    HttpGet get = new HttpGet(base + "/items/" + id + "/level");\n    return client.execute(get);\n  }\n}\n|3`,
    ],
  ])('with %s', async (_, language, method, url, file, marked) => {
    const [text, line] = marked.split(/\|(?=\d+$)/);
    const others: Record<string, string> = { 'src/paths.ts': `export const PATHS = {\n  ITEM_LEVEL: '/items/:id/level',\n};\n` };
    expect(await placeOf(call(method, url, language), { [`src/${file}`]: text, ...others })).toBe(`src/${file}:${line}`);
  });
});

it('is a client whose kind is not told, where it says what only clients say', async () => {
  const files = {
    'server.ts': "app.get('/rates', (_, response) => response.json(rates));\n",
    'pricing.ts': "export const rates = () => fetch('/rates');\n",
  };
  expect(
    await placeOf({ name: 'GET /rates', attributes: { 'url.template': '/rates', 'http.request.method': 'GET' } }, files),
  ).toBe('pricing.ts:1');
});

it('leads to the call, not to what answers in the place of who is asked', async () => {
  const files = {
    'web/handlers/orders.ts': `import { http } from '../utils/handlers';
import { NotFound } from 'msw';
export default http.put('/api/orders/{id}/mark', async ({ params, response }) => {
  return response(200).json({ ok: true });
});
`,
    'web/Mark.svelte': `<script lang="ts">
  async function toggle() {
    let result = marked
      ? await client.DELETE('/api/orders/{id}/mark', options)
      : await client.PUT('/api/orders/{id}/mark', options);
  }
</script>
`,
  };
  expect(shown(await hintsOf(call('PUT', 'http://shop/api/orders/7/mark'), files))[0]).toMatch(/^web\/Mark\.svelte:5 /);
});

it('is no line that answers requests in a function on the spot', async () => {
  const files = {
    'web/handlers/orders.ts':
      "export default http.put('/api/orders/{id}/mark', async ({ params, response }) => {\n  return response(200);\n});\n",
    'web/mark.ts': "export function mark(id) {\n  return marked ? drop(id) : client.PUT('/api/orders/{id}/mark', options);\n}\n",
  };
  expect(shown(await hintsOf(call('PUT', 'http://shop/api/orders/7/mark'), files))[0]).toMatch(/^web\/mark\.ts:2 0\.[5-9]/);
});
