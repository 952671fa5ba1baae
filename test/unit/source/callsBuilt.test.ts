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
});
