// Requests that are built in a chain of calls, one of which is given the address.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

describe('a request that is built', () => {
  it('is called where its address is put in', async () => {
    const files = {
      'src/main/java/x/Tide.java': `class Tide {
    Mono<Tide> now() {
        return webClient.get().uri("/tides/now").retrieve().bodyToMono(Tide.class);
    }
    Tide old() {
        return restClient.post()
            .uri("/tides/old")
            .retrieve().body(Tide.class);
    }
    void low() {
        final var request = HttpRequest.newBuilder()
                .uri(URI.create("%s/rest/tides/%s/low".formatted(base, id)))
                .header("A", "b")
                .POST(BodyPublishers.ofString("x"))
                .build();
        httpClient.send(request, BodyHandlers.ofInputStream());
    }
    byte[] high(Repo repository) {
        final String url = UrlUtils.join(repository.url(), "high", purl.getName(), "json");
        final HttpRequest.Builder requestBuilder = HttpRequest.newBuilder()
                .uri(URI.create(url))
                .GET();
        return cachingHttpClient.get(requestBuilder, repository);
    }
}
`,
    };
    const place = (method: string, path: string): Promise<string> =>
      placeOf(
        {
          name: method,
          language: 'java',
          kind: 3,
          attributes: { 'http.request.method': method, 'url.full': `https://tide.example.com${path}` },
        },
        files,
      );
    expect(await place('GET', '/tides/now')).toBe('src/main/java/x/Tide.java:3');
    expect(await place('POST', '/tides/old')).toBe('src/main/java/x/Tide.java:7');
    expect(await place('POST', '/rest/tides/7/low')).toBe('src/main/java/x/Tide.java:12');
  });

  it('is sent where the variable is handed over that a builder made', async () => {
    const files = {
      'Tides/TideProxy.cs': `namespace Harbour.Tides
{
    public interface ITideProxy
    {
        void Tell(Tide tide);
    }

    public class TideProxy : ITideProxy
    {
        private const string TELL_URL = "https://api.tides.example/v1/tell";
        private readonly IHttpClient _http;

        public TideProxy(IHttpClient http)
        {
            _http = http;
        }

        public void Tell(Tide tide)
        {
            var builder = new HttpRequestBuilder(TELL_URL);

            var request = builder.Post()
                .AddFormParameter("level", tide.Level)
                .Build();

            _http.Post(request);
        }
    }
}
`,
    };
    const attributes = { 'http.request.method': 'POST', 'url.full': 'https://api.tides.example/v1/tell' };
    expect(await placeOf({ name: 'POST', language: 'dotnet', kind: 3, attributes }, files)).toBe('Tides/TideProxy.cs:26');
  });

  it('is no entry of an archive that is called like the end of the path', async () => {
    const files = {
      'Backup.cs':
        'class Backup\n{\n    private const string EntryName = "manifest.json";\n\n    void Read(ZipArchive archive)\n    {\n        var entry = archive.GetEntry(EntryName);\n    }\n}\n',
    };
    const attributes = { 'http.request.method': 'GET', 'url.full': 'https://tides.example/files/plugin/manifest.json' };
    expect(await placeOf({ name: 'GET', language: 'dotnet', kind: 3, attributes }, files)).toBe('');
  });

  it('is followed from a constant of another file through the variable that it is put together in', async () => {
    const noise = Array.from({ length: 90 }, (_, i) => `\t"weigh_${i}": api.Request("weigh_${i}", "x"),\n`).join('');
    const files = {
      'config/paths.go': 'package config\n\nconst (\n\tTideUrl  = "/stations/tide"\n\tWeighUrl = "weigh"\n)\n',
      'names/names.go': `package names\n\nvar all = map[string]any{\n${noise}}\n`,
      'web/routes.go': `package web

func routes(api *gin.RouterGroup) {
	stations := api.Group("stations")
	stations.PUT("weigh",
		parse(input{}),
		weigh,
	)
}
`,
      'imports/tide.go': `package imports

func level(base string) (*Level, error) {
	url := fmt.Sprintf("%s%s?page=%d", base, config.TideUrl, 1)
	req, err := http.NewRequest(http.MethodGet, url, nil)
	return read(client.Do(req))
}

func push(base string) error {
	url := base + config.TideUrl
	go send(
		http.MethodPost,
		url,
	)
	return nil
}

func weigh(ctx context.Context) error {
	return station.Request(
		"PUT",
		"weigh",
		request.WithContext(ctx),
	).Decode()
}
`,
    };
    const place = (method: string, path: string): Promise<string> => {
      const attributes = { 'http.request.method': method, 'url.full': `https://tide.example.com${path}` };
      return placeOf({ name: method, language: 'go', kind: 3, attributes }, files);
    };
    expect(await place('GET', '/v1/stations/tide?page=1')).toBe('imports/tide.go:5');
    expect(await place('PUT', '/api/stations/weigh')).toBe('imports/tide.go:19');
  });

  it('is of the method that a function is mostly called by', async () => {
    const files = {
      'sync/gauges.go': `package sync

func (s *Service) Sync(ctx context.Context) error {
	all, err := listRemote[Gauge](s, ctx, s.provider, "/Gauges")
	_, err = createRemote(s, ctx, s.provider, "/Gauges", all)
	return err
}
`,
    };
    const place = (method: string): Promise<string> => {
      const attributes = { 'http.request.method': method, 'url.full': 'https://tide.example.com/v2/Gauges' };
      return placeOf({ name: method, language: 'go', kind: 3, attributes }, files);
    };
    expect(await place('GET')).toBe('sync/gauges.go:4');
    expect(await place('POST')).toBe('sync/gauges.go:5');
  });

  it('has its address in an attribute of the class that has a type', async () => {
    const files = {
      'analyse/gauge.py': `class Gauge(Base):
    name: str = "gauge"
    url: str = "http://gauge-server:3000/read"

    def run(self):
        return requests.post(self.url, json={"name": self.name})
`,
    };
    const attributes = { 'http.method': 'POST', 'http.url': 'http://gauge-server:3000/read' };
    expect(await placeOf({ name: 'POST', language: 'python', kind: 3, attributes }, files)).toBe('analyse/gauge.py:6');
  });
});

it.each([
  [
    'C#',
    'src/Tides.cs',
    `class Tides {
    private readonly string _tideLink = isTest switch
    {
        true => "https://tides.example.com/test/levels",
        false => "https://tides.example.com/levels"
    };
    public async Task Load() {
        Show(level, cachedOnly: false);
        using var result = await client.GetAsync(_tideLink);
    }
}
`,
    9,
  ],
  [
    'Kotlin',
    'src/Tides.kt',
    `class Tides(isTest: Boolean) {
    private val tideLink = when (isTest) {
        true -> "https://tides.example.com/test/levels"
        false -> "https://tides.example.com/levels"
    }
    fun load() = client.get(tideLink)
}
`,
    6,
  ],
])('an address that is chosen of several has the name of the choice: %s', async (_, file, text, line) => {
  const span = {
    name: 'GET',
    kind: 3,
    attributes: { 'http.request.method': 'GET', 'url.full': 'https://tides.example.com/levels' },
  };
  expect(await placeOf(span, { [file]: text })).toBe(`${file}:${line}`);
});

it('has a host that is put together, and is no module that is called like its path', async () => {
  const files = {
    'server/schema.js': "const gql = require('graphql')\nconst { GraphQLError } = require('graphql')\n",
    'client/app.js': `const endpoint = window.location.protocol + '//' + window.location.host + '/graphql'
const link = ApolloLink.from([
  new BatchHttpLink({
    uri: endpoint,
    credentials: 'include'
  })
])
const tides = () => fetch(\`\${location.protocol}//\${location.host}/tides/now\`)
`,
  };
  const call = (method: string, url: string) => ({
    name: method,
    kind: 3,
    language: 'webjs',
    attributes: { 'http.request.method': method, 'url.full': url },
  });
  expect(await placeOf(call('POST', 'https://pier.example.org/graphql'), files)).toBe('client/app.js:3');
  expect(await placeOf(call('GET', 'https://pier.example.org/tides/now'), files)).toBe('client/app.js:8');
});
