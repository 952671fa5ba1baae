// Addresses that programs freeze, give back, set on what is asked, or keep beside their client.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

const files: Record<string, string> = {
  'lib/tide/routes.rb': `module Tide
  module Routes
    PING         = '/v1/ping'.freeze
    RAISE_ANCHOR = '/v1/anchors/raise.r2'.freeze
  end
end
`,
  'lib/tide/client.rb': `require 'tide/routes'

module Tide
  class Client
    def raise_anchor(id)
      request = encode({ id: })

      response = with_error_handling do
        client.post(Routes::RAISE_ANCHOR, request, headers)
      end

      validate!(response)
    end
    def build_client(url)
      client = HTTPClient.new(base_url: url)
    end
  end
end
`,
  'lib/tide/groups.rb': `module Tide
  class Groups
    ROUTER_GROUPS_PATH = '/routing/v1/router_groups'.freeze

    def router_groups
      raise Unavailable if @routing_uri.nil?

      client = HTTPClient.new
      routing_uri.path = ROUTER_GROUPS_PATH

      auth_header = { 'Authorization' => token_info.auth_header }
      response = client.get(routing_uri, nil, auth_header)
      parse(response.body)
    end
  end
end
`,
  'lib/brokers/client.rb': `module Brokers
  class Client
    def provision(instance, arguments: {})
      path = instance_path(instance, incomplete: true)
      body = { plan_id: instance.plan.id }
      response = @http_client.put(path, body)
      parse(path, response)
    end

    def update(instance)
      path = instance_path(instance)
      response = @http_client.patch(path, {})
    end

    private

    def instance_path(instance, opts={})
      path = "/v2/service_instances/#{instance.guid}"
      path += '?incomplete=true' if opts[:incomplete]
      path
    end
  end
end
`,
  'app/sync.rb': `class Sync
    def contact_details
        conn = Faraday.new(url: "https://app.gulls.example/")

        resp = conn.send(:get) do |req|
          req.url("api/v1/contacts/find")
          req.params[:email] = @user.email
        end
        JSON[resp.body][0]
    end

    def update(body:)
      @queue.shift
      conn = Faraday.new(url: "https://app.gulls.example/")

      conn.post do |req|
        req.url("api/v1/contacts/update")
        req.body = body.to_json
      end
    end
end
`,
  'web/search.py': `def create_api_url(text, page=None):
    query = {"text": text, "page": page}
    return f"{SITE_URL}/api/v2/search/gulls/?{urlencode(query)}"


def results(request):
    page = request.GET.get("page")
    api_url = create_api_url(
        request.GET["text"],
        page=page,
    )
    try:
        response = requests.get(api_url)
        response.raise_for_status()
    except RequestException:
        raise Http404
`,
};

it('addresses with a base of the same name', async () => {
  const relays = {
    'relay/reed.py': `class Reed(Provider):
    def __init__(self):
        self.url = settings.reed_relay_url

    def search(self, query: str) -> dict:
        response = requests.get(
            url=f"{self.url}/tv/search",
            params={"query": query},
        )
        return response.json()
`,
    'relay/rush.py': `class Rush(Provider):
    def search(self, query: str) -> dict:
        return requests.get(
            url=f"{self.url}/tv/search", params={"query": query}, timeout=60
        ).json()
`,
    'relay/marsh.py': `class Marsh(Indexer):
    def capabilities(self, indexer: str, session: requests.Session):
        url = (
            self.url
            + f"/v2.0/indexers/{indexer}/results?key={self.key}&t=caps"
        )
        return session.get(url, timeout=self.timeout)
`,
  };
  const ask = (url: string): Promise<string> =>
    placeOf(
      { name: 'GET', kind: 3, language: 'python', scope: '', attributes: { 'http.method': 'GET', 'http.url': url } },
      relays,
    );
  expect([
    await ask('https://relay.example.com/reed/tv/search?query=x'),
    await ask('https://relay.example.com/rush/tv/search?query=x'),
    await ask('http://marsh:9117/v2.0/indexers/abc/results?key=k&t=caps'),
  ]).toEqual(['relay/reed.py:6', 'relay/rush.py:3', 'relay/marsh.py:7']);
});

it('an address that is its host', async () => {
  const hosts = {
    'tide/utils.py': `SERVICE_URL = "https://v4.buoy.example/"


async def get_ip4() -> str:
    async with aiohttp.ClientSession() as session:
        async with session.get(SERVICE_URL) as resp:
            return await resp.text()
`,
    'tide/buoy.py': 'async def connect(client, id):\n    return await client.get(id)\n',
  };
  const attributes = { 'http.method': 'GET', 'http.url': 'https://v4.buoy.example/' };
  expect(await placeOf({ name: 'GET', kind: 3, language: 'python', scope: '', attributes }, hosts)).toBe('tide/utils.py:6');
});

it('follows an address to the call', async () => {
  const ask = (method: string, url: string, language = 'ruby'): Promise<string> =>
    placeOf({ name: method, kind: 3, language, scope: '', attributes: { 'http.method': method, 'http.url': url } }, files);
  const id = '0b9f2c6e-1d2a-4f43-9d5c-2f1d0a4b7c11';
  expect([
    await ask('POST', 'https://tide.internal:8889/v1/anchors/raise.r2'),
    await ask('GET', 'https://api.example.com/routing/v1/router_groups'),
    await ask('PUT', `https://b.example.net/v2/service_instances/${id}?incomplete=true`),
    await ask('PATCH', `https://b.example.net/v2/service_instances/${id}`),
    await ask('GET', 'https://app.gulls.example/api/v1/contacts/find'),
    await ask('POST', 'https://app.gulls.example/api/v1/contacts/update'),
    await ask('GET', 'https://x.example.com/api/v2/search/gulls/?text=a', 'python'),
  ]).toEqual([
    'lib/tide/client.rb:9',
    'lib/tide/groups.rb:12',
    'lib/brokers/client.rb:6',
    'lib/brokers/client.rb:12',
    'app/sync.rb:5',
    'app/sync.rb:16',
    'web/search.py:13',
  ]);
});
