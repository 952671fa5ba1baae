// Statements of C# that begin with `using`, requests that are built of resources, sets of EF Core whose rows nobody tracks; stores named after what is behind them.
import { expect, it } from 'vitest';
import { hintsOf, placeOf, shown } from './support/memory';

it('a request that is disposed, or built of resources', async () => {
  const files = {
    'Core/Tides.cs': `public class Tides
{
    private const string ApiUrl = "https://json.tides.example/20141201";
    public async Task<List<A>> GetPiers(Info info, string country, string location)
    {
        using var options = new HttpRequestMessage(HttpMethod.Get, ApiUrl + "/piers?country=" + country + "&postalcode=" + location);
        options.Headers.TryAddWithoutValidation("token", token);
        var root = await Request<IReadOnlyList<PiersDto>>(options, false, info, cancellationToken).ConfigureAwait(false);
    }
    public async Task Countries()
    {
        using var response = await client.GetAsync(new Uri(ApiUrl + "/available/countries"), cancellationToken).ConfigureAwait(false);
    }
}
`,
    'Core/Download.cs': `public class Download
{
    public List<T> GetBoats(S settings)
    {
        var request = BuildRequest(settings).Resource("/api/v2/boats/info");
        if (settings.Cat != null)
        {
            request.AddQueryParam("category", settings.Cat);
        }
        var response = ProcessRequest<List<T>>(request, settings);
        return response;
    }
    private HttpRequestBuilder BuildRequest(S settings)
    {
        return new HttpRequestBuilder(settings.UseSsl, settings.Host, settings.Port, settings.UrlBase) { LogResponseContent = true };
    }
    public U Latest(string branch)
    {
        var request = _requestBuilder.Create()
                                     .Resource("/update/{branch}/changes")
                                     .AddQueryParam("version", 1)
                                     .SetSegment("branch", branch);
        return _httpClient.Get<U>(request.Build()).Resource;
    }
    public S Show(int id)
    {
        var httpRequest = _requestBuilder.Create()
                                         .SetSegment("route", "shows")
                                         .Resource(id.ToString())
                                         .Build();
        var httpResponse = _httpClient.Get<S>(httpRequest);
    }
}
`,
    'Core/Cloud.cs': `class Cloud
{
    public Cloud()
    {
        Services = new HttpRequestBuilder("https://services.example.tv/v1/").CreateFactory();
        Tvdb = new HttpRequestBuilder("https://sky.example.tv/v1/tvdb/{route}/{language}/").SetSegment("language", "en").CreateFactory();
    }
}
`,
  };
  const place = (url: string): Promise<string> =>
    placeOf({ name: 'GET', language: 'dotnet', kind: 3, attributes: { 'http.request.method': 'GET', 'url.full': url } }, files);
  expect(await place('https://json.tides.example/20141201/piers?country=US&postalcode=1')).toBe('Core/Tides.cs:6');
  expect(await place('http://qb:8080/api/v2/boats/info?category=tv')).toBe('Core/Download.cs:5');
  expect(await place('https://services.example.tv/v1/update/main/changes?version=3')).toBe('Core/Download.cs:20');
});

it('a set whose rows nobody tracks, and no deletion', async () => {
  const files = {
    'Core/BerthRepository.cs': `public class BerthRepository(IDbContextFactory<Db> factory)
{
    public IReadOnlyList<Harbour.Berths.BerthData> GetBerthData(Guid itemId)
    {
        using var context = factory.CreateDbContext();

        return context.BerthData.AsNoTracking().Where(e => e.ItemId.Equals(itemId)).Select(e => Map(e)).ToList();
    }

    public async Task SaveBerthDataAsync(Guid itemId, BerthData data, CancellationToken cancellationToken)
    {
        using var context = factory.CreateDbContext();
            await context.BerthData.Where(e => e.ItemId.Equals(itemId)).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
            await context.BerthData.AddAsync(Map(data, itemId), cancellationToken).ConfigureAwait(false);
    }
}
`,
  };
  const attributes = {
    'db.system': 'sqlite',
    'db.statement': 'SELECT "k"."ItemId", "k"."BerthTicks"\nFROM "BerthData" AS "k"\nWHERE "k"."ItemId" = @itemId',
  };
  const scope = 'OpenTelemetry.Instrumentation.EntityFrameworkCore';
  expect(await placeOf({ name: 'main', language: 'dotnet', kind: 3, scope, attributes }, files)).toBe(
    'Core/BerthRepository.cs:7',
  );
});

it('the store of a table that is named after what is behind it, as a whole', async () => {
  const files = {
    'src/AbstractJdbcBerthRepository.java': `public abstract class AbstractJdbcBerthRepository extends AbstractJdbcRepository {
    protected final io.dock.JdbcRepository<Berth> jdbcRepository;

    // one
    // one
    // one
    // one
    // one
    // one
    // one
    // one
    // one
    // one
    // one
    // one
    // one
    // one
    // one
    // one

    public Optional<Berth> findByPier(String pier) {
        return DSL.using(configuration)
            .select(field("value"))
            .from(this.jdbcRepository.getTable())
            .where(field("pier").eq(pier))
            .fetchOne();
    }
}
`,
  };
  const attributes = { 'db.system': 'postgresql', 'db.statement': 'select "value" from berths where "pier" = ?' };
  expect(await placeOf({ name: 'SELECT', language: 'java', kind: 3, scope: 'io.opentelemetry.jdbc', attributes }, files)).toMatch(
    /AbstractJdbcBerthRepository.java:2[2-7]$/,
  );
});

it('is no method that is called like what a driver calls its spans', async () => {
  const files = { 'src/Winch.cs': 'public class Winch\n{\n    public void Execute()\n    {\n        Pull();\n    }\n}\n' };
  const asked = { name: 'Execute', kind: 3, scope: 'MySqlConnector', language: 'dotnet', attributes: { 'db.system': 'mysql' } };
  expect(shown(await hintsOf(asked, files))).toEqual([]);
});
