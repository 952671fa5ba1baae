// Routes whose words stand elsewhere: in constants of another file, in a base class, in a description of the API.
import { describe, it } from 'vitest';
import { places } from './support/places';

describe('what another file says of a route', () => {
  it('constants, and constants that are made of constants', () =>
    places(
      'java',
      {
        'src/main/java/mill/Names.java': `package mill;
public interface Names {
    String PREFIX = "/1.0/mill";
    String ID_PATTERN = "\\\\w+-\\\\w+";
    String FLOURS = "flours";
    String FLOURS_PATH = PREFIX + "/" + FLOURS;
    String GRINDINGS = "grindings";
}
`,
        'src/main/java/mill/FlourResource.java': `package mill;
@Path(Names.FLOURS_PATH)
public class FlourResource extends Base implements Names {
    @PUT
    public Response add(Flour flour) { return null; }

    @GET
    @Path("/{flourId:" + ID_PATTERN + "}")
    public Response one(@PathParam("flourId") String id) { return null; }

    @GET
    @Path("/{flourId:" + ID_PATTERN + "}/" + GRINDINGS)
    public Response grindings(@PathParam("flourId") String id) { return null; }

    @POST
    @Path("/{flourId:" + ID_PATTERN + "}/" + GRINDINGS)
    public Response grind(@PathParam("flourId") String id) { return null; }
}
`,
      },
      [
        ['PUT /1.0/mill/flours', 'src/main/java/mill/FlourResource.java:4'],
        ['GET /1.0/mill/flours/{flourId:\\w+-\\w+}/grindings', 'src/main/java/mill/FlourResource.java:12'],
        ['POST /1.0/mill/flours/{flourId:\\w+-\\w+}/grindings', 'src/main/java/mill/FlourResource.java:16'],
      ],
    ));

  it('constants of .NET with holes', () =>
    places(
      'dotnet',
      {
        'Api/Routes.cs': `public static class Routes
{
    private const string Base = "api";
    public static class Lamps
    {
        private const string Root = $"{Base}/lamps";
        public const string Dim = $"{Root}/{{id:guid}}/dimming";
    }
}
`,
        'Api/LampsController.cs': `[ApiController]
public class LampsController : ControllerBase
{
    [HttpPut(Routes.Lamps.Dim)]
    public IActionResult Dim(Guid id) => Ok();
}
`,
      },
      [['PUT api/lamps/{id:guid}/dimming', 'Api/LampsController.cs:4']],
    ));

  it('a base class of controllers, by version, and attributes of the program’s own', () =>
    places(
      'dotnet',
      {
        'Api.V1/LampsController.cs':
          '[V1Api]\npublic class LampsController : PartControllerBase<Lamp, ILamps>\n{\n    public LampsController(ILamps lamps) : base(lamps) { }\n}\n',
        'Api.V1/PartControllerBase.cs': `public abstract class PartControllerBase<T, TStore> : Controller
{
    [HttpPost("probe")]
    public IActionResult Probe() => Ok();

    [RestDeleteById]
    public void Drop(int id) { }
}
`,
        'Api.V2/LampsController.cs':
          '[V2Api]\npublic class LampsController : PartControllerBase<Lamp, ILamps>\n{\n    public LampsController(ILamps lamps) : base(lamps) { }\n}\n',
        'Api.V2/PartControllerBase.cs': `public abstract class PartControllerBase<T, TStore> : Controller
{

    [HttpPost("probe")]
    public IActionResult Probe() => Ok();
}
`,
      },
      [
        ['POST api/v1/Lamps/probe', 'Api.V1/PartControllerBase.cs:3'],
        ['POST api/v2/Lamps/probe', 'Api.V2/PartControllerBase.cs:4'],
        ['DELETE api/v1/Lamps/{id:int}', 'Api.V1/PartControllerBase.cs:6'],
      ],
    ));

  it('a description of the API, of which a generator makes the interface', () =>
    places(
      'java',
      {
        'api/openapi.yaml': `openapi: 3.0.3
paths:
  /v2/kegs/{name}:
    $ref: "resources/kegs/keg.yaml"
  /v2/kegs:
    get:
      operationId: list-kegs
    post:
      operationId: createKeg
`,
        'api/resources/kegs/keg.yaml': `get:
  operationId: getKeg
put:
  summary: changes one
  operationId: updateKeg
`,
        'server/src/main/java/cellar/KegsResource.java': `package cellar;
public class KegsResource extends Base implements KegsApi {
    @Override
    public Response updateKeg(final String name, final UpdateKeg request) {
        return null;
    }

    @Override
    public Response listKegs() {
        return null;
    }
}
`,
        'server/src/main/java/cellar/KegStore.java':
          'package cellar;\nclass KegStore {\n    boolean updateKeg(String name) {\n        return true;\n    }\n}\n',
      },
      [
        ['PUT /api/v2/kegs/{name}', 'server/src/main/java/cellar/KegsResource.java:4'],
        ['GET /api/v2/kegs', 'server/src/main/java/cellar/KegsResource.java:9'],
      ],
    ));
});
