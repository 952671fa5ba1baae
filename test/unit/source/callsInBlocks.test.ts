// What the block behind a call says of the request in Kotlin; addresses of constants that are made of constants; variables that are called like what they are given to.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

describe('what the block of a request says', () => {
  const files = {
    'src/ShipClient.kt': `package ferry
class ShipClient(config: Config) : BaseClient(config) {
  @Cacheable("ships")
  fun ship(name: String) = getRequest<Ship> {
    withHeader("Accept", "json")
    path = "/ships/$name/papers"
  }

  fun board(name: String, crew: Crew) = postRequest<Unit> {
    path = "/ships/$name/crew"
    body = crew
  }

  suspend fun sunk(name: String) = client.get {
    url {
      appendPathSegments("ships", name, "sunk")
    }
  }

  fun chart(name: String, id: String): Result {
    val path = "/ships/$name/$id"
    return web.get().uri(path).retrieve()
  }
}
`,
    'src/Desk.kt': `package ferry
class Desk(private val ships: ShipClient) {
  fun papers(name: String) = keep(PapersRequest(name), ships.ship(name))
}
`,
    'src/Version.java': `class Version {
    private static final String REPO = "ferry/desk";
    private static final String BASE = "https://api.yard.example/repos/" + REPO;
    String latest() {
        return CLIENT.get()
                .uri(BASE + "/releases/latest")
                .retrieve();
    }
    List<Sea> find(String term) throws IOException {
        URI uri = UriComponentsBuilder.fromUriString(SEAS)
                .path("/search/")
                .build();
        HttpRequest request = HttpRequest.newBuilder()
                .uri(uri)
                .GET()
                .build();
        return client.send(request, handler);
    }
}
`,
    'src/Seas.java': `class Seas {
    List<Sea> prospective(String name) {
        return getParser(name).fetchMetadata(name);
    }
}
`,
  };
  const asked = (method: string, url: string, language = 'kotlin') => ({
    name: method,
    kind: 3,
    scope: 'io.opentelemetry.reactor-netty-1.0',
    language: 'java',
    attributes: { 'http.request.method': method, 'url.full': url },
    family: {
      ancestors: [
        {
          name: 'x',
          service: '',
          kind: 1,
          language: 'java',
          attributes:
            language === 'kotlin'
              ? { 'code.function.name': 'Desk.papers', 'code.file.path': '/app/src/Desk.kt' }
              : { 'code.function.name': 'Seas.prospective', 'code.file.path': '/app/src/Seas.java' },
        },
      ],
      before: [],
      children: [],
    },
  });

  it('is what the call before it asks for', async () => {
    expect(await placeOf(asked('GET', 'https://ships.example.com/ships/tern/papers'), files)).toBe('src/ShipClient.kt:4');
    expect(await placeOf(asked('POST', 'https://ships.example.com/ships/tern/crew'), files)).toBe('src/ShipClient.kt:9');
    expect(await placeOf(asked('GET', 'https://ships.example.com/ships/tern/sunk'), files)).toBe('src/ShipClient.kt:14');
  });

  it('may be made of constants that are made of others', async () => {
    const release = asked('GET', 'https://api.yard.example/repos/ferry/desk/releases/latest', 'java');
    expect(await placeOf(release, files)).toBe('src/Version.java:6');
  });

  it('is where the address is given to the request, and not where something is fetched of something else', async () => {
    expect(await placeOf(asked('GET', 'https://seas.example.com/search/?q=north', 'java'), files)).toBe('src/Version.java:14');
  });
});

it('is the address itself that is asked in C#', async () => {
  const files = {
    'src/Charts.cs': `public class Charts
{
    private async Task<string> Find(string name)
    {
        var link = string.Empty;
        var all = await "https://charts.example/assets/charts.txt".WithTimeout(3).GetStringAsync();
        link = "https://charts.example/assets/" + all;
        return link;
    }
}
`,
  };
  const asked = {
    name: 'GET',
    kind: 3,
    scope: 'System.Net.Http',
    language: 'dotnet',
    attributes: { 'http.request.method': 'GET', 'url.full': 'https://charts.example/assets/charts.txt' },
  };
  expect(await placeOf(asked, files)).toBe('src/Charts.cs:6');
});
