// Addresses told in parts: bases of several constants, arguments by name, chains of routes beside clients, parts with a slash.
import { describe, expect, it } from 'vitest';
import { hintsOf, placeOf, shown } from './support/memory';

const call = (method: string, url: string, language?: string) => ({
  name: method,
  kind: 3,
  language,
  attributes: { 'http.request.method': method, 'url.full': url },
});

describe('the line that calls an address', () => {
  it.each([
    [
      'with a base of two constants',
      call('GET', 'https://kites.example.com/api/tails/4711/knots'),
      {
        'web/src/tails.ts':
          "export class Tails {\n  knots(tail: string) {\n    return this.http.get<Knot[]>(this.base + this.prefix + '/api/tails/' + tail + '/knots');\n  }\n}\n",
      },
      'web/src/tails.ts:3',
    ],
    [
      'which is given by name, beside the method',
      call('DELETE', 'https://harbour.example.com/berths/17/ropes/4', 'python'),
      {
        'harbour/berths.py': `class Berths:
    def drop_rope(self, berth='', rope=''):
        uri = '/berths/%s/ropes/%s' % (berth, rope)
        answer = self.handler.make_request(uri=uri,
                                           request_type='DELETE')
        return answer

    def ropes(self, berth=''):
        uri = '/berths/%s/ropes' % berth
        return self.handler.make_request(uri=uri, request_type='GET')
`,
      },
      'harbour/berths.py:4',
    ],
    [
      'before a chain of routes, whose beginning is out of sight',
      call('GET', 'http://tides:3000/piers/4/levels'),
      {
        'src/piers.routes.ts': `export function routes(app: Application) {
  app
    .get(config.PREFIX + 'piers', this.list)
    .get(config.PREFIX + 'piers/:id', this.one)
    .get(config.PREFIX + 'piers/:id/levels', this.levels)
    .get(config.PREFIX + 'gauges', async (req, res) => {
      const answer = await axios.get(\`\${config.TIDES}/gauges\`, { timeout: 10 });
      answer.data.pipe(res);
    })
    .get(config.PREFIX + 'ebbs', async (req, res) => {
      res.end();
    })
}
`,
        'src/tides.ts':
          "export class Tides {\n  levels(pier: string) {\n    return this.router.$get<Level[]>('/piers/' + pier + '/levels');\n  }\n}\n",
      },
      'src/tides.ts:3',
    ],
    [
      'within a chain of routes',
      call('GET', 'http://tides:3000/gauges'),
      {
        'src/piers.routes.ts': `export function routes(app: Application) {
  app
    .get(config.PREFIX + 'piers', this.list)
    .get(config.PREFIX + 'gauges', async (req, res) => {
      const answer = await axios.get(\`\${config.TIDES}/gauges\`, { timeout: 10 });
      answer.data.pipe(res);
    })
    .get(config.PREFIX + 'ebbs', async (req, res) => {
      res.end();
    })
}
`,
      },
      'src/piers.routes.ts:5',
    ],
    [
      'in which one name stands for two parts',
      call('POST', 'https://forge.example.com/repos/acme/kites/milestones', 'rust'),
      {
        'src/forge.rs': `impl Forge {
    pub async fn milestone(&self, full_name: &str, title: &str) -> Result<Milestone> {
        let url = format!("{}/repos/{full_name}/milestones", self.api_url);
        let answer = self.client.post(&url).json(&title).send().await?;
        answer.json().await
    }
}
`,
      },
      'src/forge.rs:4',
    ],
    [
      'of the request’s method, which a wrapper is given first',
      call('DELETE', 'https://api.boats.example.com/v2/dinghies/412', 'php'),
      {
        'app/Services/Boats.php': `<?php
class Boats {
    public function dinghy(int $id): array {
        return $this->request('get', $this->dinghyEndpoint($id));
    }
    public function scrap(int $id): void {
        $this->request('delete', $this->dinghyEndpoint($id));
    }
    private function dinghyEndpoint(int $id): string {
        return "/dinghies/{$id}";
    }
}
`,
      },
      'app/Services/Boats.php:7',
    ],
    [
      'whose end is a repository and who owns it',
      call('GET', 'https://forge.example.com/repos/acme/kites', 'php'),
      {
        'app/Jobs/Build.php': `<?php
class Build {
    private function check() {
        $found = forgeApi($this->source, "repos/{$this->repository}");
    }
}
`,
      },
      'app/Jobs/Build.php:4',
    ],
    [
      'that is a member of what another function is given',
      call('POST', 'http://horn:8080/v2/blow', 'go'),
      {
        'alerts/horn.go': `package alerts

func (cfg *Config) Validate() error {
	cfg.HornURL = cfg.HornURL + "/v2/blow"
	return nil
}

func (p *Provider) Send(cfg *Config) error {
	request, err := http.NewRequest(http.MethodPost, cfg.HornURL, buffer)
	return p.do(request, err)
}
`,
      },
      'alerts/horn.go:9',
    ],
    [
      'that a builder makes for a member',
      call('POST', 'http://reefs/api/outside/reefs/open', 'java'),
      {
        'src/main/kotlin/ReefClient.kt': `package reefs
@Component
class ReefClient(
    @Qualifier("reefs") private val restClient: RestClient,
    @Value("x") private val reefUri: URI,
) {
    private val openReef =
        UriComponentsBuilder
            .fromUri(reefUri)
            .pathSegment("api/outside/reefs/open")
            .build()
            .toUri()

    fun openReef(request: OpenReefRequest): Any =
        restClient
            .post()
            .uri(openReef)
            .body(request)
            .retrieve()
            .body<Any>()!!
}
class ReefService(private val reefClient: ReefClient) {
    fun open(request: OpenReefRequest) = reefClient.openReef(request)
}
`,
      },
      'src/main/kotlin/ReefClient.kt:17',
    ],
    [
      'that is given where the settings give none, and kept',
      call('POST', 'https://licences.example.com/check/2.1/online', 'ruby'),
      {
        'app/services/licence_check.rb': `class LicenceCheck
  DEFAULT_CHECK_URL =
    'https://licences.example.com/check/2.1/online'

  def initialize(config:)
    @url = check_url
  end

  def send
    Answer.new(
      http_client.post(url, body, headers) do |req|
        req.options.timeout = 4
      end,
    )
  end

  def check_url
    config.check_url || DEFAULT_CHECK_URL
  end
end
`,
      },
      'app/services/licence_check.rb:11',
    ],
    [
      'for which a function makes the connection',
      call('POST', 'https://harbour.example.com/berths/v3/12/moorings', 'ruby'),
      {
        'app/services/harbour/request.rb': `module Harbour
  class Request
    def send_post
      harbour_connection.post do |req|
        req.body = body
      end
    end

    def harbour_connection
      Faraday.new(url: url.to_s, headers: request_headers) do |conn|
        conn.adapter :net_http
      end
    end

    def moorings_path
      "/berths/v3/#{berth}/moorings"
    end

    def url
      URI.join(config.base_url, moorings_path)
    end

    def signature
      RequestSigner.new(config: config, path: moorings_path).sign
    end
  end
end
`,
      },
      'app/services/harbour/request.rb:4',
    ],
    [
      'of which the type is told before',
      call('POST', 'https://market.example.com/stalls/4711/close', 'dotnet'),
      {
        'src/Market.cs': `namespace Market;
internal sealed class Stalls {
	internal async Task<bool> Close(uint stall) {
		Uri request = new(MarketUrl, $"/stalls/{stall}/close");
		Dictionary<string, string> data = new(1) { { "ajax", "true" } };
		ObjectResponse<Result>? response = await UrlPostToJsonWithSession<Result>(request, data: data).ConfigureAwait(false);
		return response != null;
	}
}
`,
      },
      'src/Market.cs:6',
    ],
    [
      'all of which is written, before a word of its end that stands anywhere',
      call('GET', 'https://forge.example.com/kegs/acme/kites/commits/main', 'python'),
      {
        'brew/version.py': `branch_name = 'main'

def check(branch):
    if branch in ('main', 'beta'):
        return branch_name
    url = 'https://forge.example.com/kegs/%s/%s/commits/%s' % (USER, REPO, BRANCH)
    return request_json(url, timeout=20)
`,
      },
      'brew/version.py:7',
    ],
  ])('%s', async (_, span, files, place) => {
    expect(await placeOf(span, files)).toBe(place);
  });

  it('is no key of a table of who may ask', async () => {
    const files = {
      'server/guard.js': `const rights = {\n  'DELETE /internal/api/v1/piers/:pierId': {\n    action: 'manage',\n  },\n};\n`,
      'web/usePiers.js': `export default function useRemovePier(pierId) {
  return useMutation({
    mutationFn: async () => {
      const { data } = await api.delete(\`/v1/piers/\${pierId}\`);
      return data;
    },
  });
}
`,
    };
    expect(await placeOf(call('DELETE', 'https://pier.example.com/internal/api/v1/piers/3'), files)).toBe('web/usePiers.js:4');
  });

  it('has no other names in its query', async () => {
    const files = {
      'web/api/piers.js': 'export const usePiers = (params) => {\n  return api(token).get(`piers/`, { params });\n};\n',
      'web/auth.js': 'const mine = await api(token).get(`piers/?master=${me}`);\n',
      'web/board.js': 'export const load = () => {\n  return api(token).get(`piers/`);\n};\n',
    };
    expect(await placeOf(call('GET', 'https://pier.example.com/api/v2/piers/?page=2'), files)).toBe('web/api/piers.js:2');
  });
});

describe('of places that fit alike', () => {
  const kin = (name: string, attributes: Record<string, string>) => ({
    family: { ancestors: [{ name, service: '', kind: 2, language: undefined, attributes }], before: [], children: [] },
  });
  const sails = {
    'src/sails.ts': `export async function mendSail(id) {
  return axios.post('https://loft.example.com/xml');
}
export async function hoistSail(id) {
  return axios.post('https://loft.example.com/xml');
}
`,
  };

  it('the one is likely whose function is called like what the span around is about, and is no more than likely', async () => {
    const span = call('POST', 'https://loft.example.com/xml');
    expect(shown(await hintsOf(span, sails))[0]).toMatch(/0\.40$/);
    const around = kin('POST /sails/:id/hoist', { 'http.route': '/sails/:id/hoist' });
    expect(shown(await hintsOf({ ...span, ...around }, sails))[0]).toBe('src/sails.ts:5 0.48');
  });

  it('none is a test', async () => {
    const span = call('POST', 'https://loft.example.com/xml');
    const files = { 'src/test/sails.spec.ts': sails['src/sails.ts'] };
    expect((await hintsOf(span, files)).candidates.every(({ confidence }) => confidence < 0.4)).toBe(true);
  });
});

it('what a gateway knows, a router declares and a check is given asks nobody', async () => {
  const files = {
    'src/Tolls.java': `class Tolls {
    void pay(Toll toll, Request incoming) {
        String name = gatewayAccount.getExternalId();
        validateIncomingRequest(incoming);
        apiRouter.get("/x", this);
        String answer = bank.getClient().execute(toll);
    }
}
`,
  };
  const found = shown(await hintsOf(call('GET', 'https://tolls.example.com/v1/fees', 'java'), files));
  expect(found.some((each) => /:[345] /.test(each))).toBe(false);
});
