// Routes in the notations of frameworks: small programs, and the line that a person would open for each route.
import { describe, it } from 'vitest';
import { places } from './support/places';

describe('frameworks of the JVM', () => {
  it('Spring: interfaces, constants, functional routes, and clients that are none', () =>
    places(
      'java',
      {
        'api/src/main/java/mill/FlourApi.java': `package mill;
@RequestMapping("/api/flours")
public interface FlourApi {
    @GetMapping("/{id}")
    ResponseEntity<Flour> getFlour(@PathVariable("id") long id);

    @PostMapping(consumes = "application/json")
    ResponseEntity<Flour> addFlour(@RequestBody Flour flour);
}
`,
        'api/src/main/java/mill/FlourController.java': `package mill;
@RestController
public class FlourController implements FlourApi {
    @Override
    public ResponseEntity<Flour> getFlour(long id) {
        return null;
    }

    @Override
    public ResponseEntity<Flour> addFlour(Flour flour) {
        return null;
    }
}
`,
        'api/src/main/java/mill/Paths.java': 'package mill;\nclass Paths {\n    static final String GRAINS = "/grains";\n}\n',
        'api/src/main/java/mill/GrainController.java': `package mill;
@RestController
@RequestMapping(value = GrainController.BASE + "/stock", produces = MediaType.APPLICATION_JSON_VALUE)
public class GrainController {
    static final String BASE = "/api/grains";

    @Operation(
        summary = "all",
        description = "GET them all"
    )
    @RequestMapping(method = RequestMethod.GET)
    public List<Grain> all() { return null; }

    @DeleteMapping(path = {"/{id}", "/by-id/{id}"})
    @ResponseStatus(HttpStatus.NO_CONTENT)
    public void remove(@PathVariable long id) { }
}
`,
        'api/src/main/java/mill/Routes.java': `package mill;
class Routes {
    @Bean
    RouterFunction<ServerResponse> routes(BranHandler bran) {
        return route()
            .GET("/api/bran/{id}", accept(APPLICATION_JSON), bran::show)
            .nest(path("/api/husks"), builder -> builder
                .POST("", bran::husk))
            .build();
    }
}
`,
        'api/src/main/java/mill/BranHandler.java': `package mill;
class BranHandler {
    Mono<ServerResponse> show(ServerRequest request) { return null; }
    Mono<ServerResponse> husk(ServerRequest request) { return null; }
}
`,
        'shop/src/main/java/shop/FlourClient.java': `package shop;
@FeignClient(name = "mill", path = "/api/flours")
interface FlourClient {
    @GetMapping("/{id}")
    Flour getFlour(@PathVariable("id") long id);
}
`,
        'shop/src/main/java/shop/MillRetrofit.java':
          'package shop;\ninterface MillRetrofit {\n    @GET("api/grains/stock")\n    Call<List<Grain>> grains();\n}\n',
      },
      [
        ['GET /api/flours/{id}', 'api/src/main/java/mill/FlourController.java:5'],
        ['POST /api/flours', 'api/src/main/java/mill/FlourController.java:10'],
        ['GET /api/grains/stock', 'api/src/main/java/mill/GrainController.java:11'],
        ['DELETE /api/grains/stock/by-id/{id}', 'api/src/main/java/mill/GrainController.java:14'],
        ['GET /api/bran/{id}', 'api/src/main/java/mill/BranHandler.java:3'],
      ],
    ));

  it('JAX-RS, Micronaut, Javalin and Vert.x', () =>
    places(
      'java',
      {
        'src/main/java/mill/App.java': '@ApplicationPath("/rest")\npublic class App extends Application {}\n',
        'src/main/java/mill/FlourResource.java': `@Path("flours")
@Produces(MediaType.APPLICATION_JSON)
public class FlourResource {
    @GET
    public List<Flour> list() { return null; }

    @PUT
    @Path("{id}")
    public Response update(@PathParam("id") long id) { return null; }
}
`,
        'src/main/java/mill/GrainController.java': `@Controller("/grains")
class GrainController {
    @Get("/{id}")
    Grain show(Long id) { return null; }

    @Post
    Grain add(@Body Grain grain) { return null; }
}
`,
        'src/main/java/mill/Server.java': `class Server {
    void start() {
        app.routes(() -> {
            path("husks", () -> {
                get(HuskController::all);
                path("{id}", () -> {
                    delete(HuskController::remove);
                });
            });
        });
        app.get("/bran/{id}", ctx -> ctx.result("x"));
        router.post("/chaff/:id").handler(BodyHandler.create()).handler(this::chaff);
    }

    void chaff(RoutingContext context) {
    }
}
`,
        'src/main/java/mill/HuskController.java':
          'class HuskController {\n    static void all(Context ctx) {\n    }\n    static void remove(Context ctx) {\n    }\n}\n',
      },
      [
        ['GET /rest/flours', 'src/main/java/mill/FlourResource.java:4'],
        ['PUT /rest/flours/{id}', 'src/main/java/mill/FlourResource.java:8'],
        ['GET /grains/{id}', 'src/main/java/mill/GrainController.java:3'],
        ['POST /grains', 'src/main/java/mill/GrainController.java:6'],
        ['GET /husks', 'src/main/java/mill/HuskController.java:2'],
        ['DELETE /husks/{id}', 'src/main/java/mill/HuskController.java:4'],
        ['GET /bran/{id}', 'src/main/java/mill/Server.java:11'],
        ['POST /chaff/:id', 'src/main/java/mill/Server.java:15'],
      ],
    ));

  it('Ktor and Spring in Kotlin', () =>
    places(
      'java',
      {
        'src/main/kotlin/Routing.kt': `fun Application.configureRouting() {
    routing {
        route("/api") {
            flourRoutes()
        }
        authenticate("jwt") {
            get("/me") {
                call.respond(call.principal())
            }
        }
        get<Grains.ById> { grain ->
            call.respond(grain.id)
        }
    }
}

@Resource("/grains")
class Grains {
    @Resource("{id}")
    class ById(val parent: Grains = Grains(), val id: Long)
}
`,
        'src/main/kotlin/FlourRoutes.kt': `fun Route.flourRoutes() {
    route("/flours") {
        get {
            call.respond(listOf<Flour>())
        }
        delete("/{id}") {
            call.respond(HttpStatusCode.NoContent)
        }
    }
}
`,
        'src/main/kotlin/BranController.kt': `@RestController
@RequestMapping("api/bran", produces = [MediaType.APPLICATION_JSON_VALUE])
class BranController(
  private val repository: BranRepository,
) {
  @GetMapping("{branId}/thumbnail")
  fun thumbnail(
    @PathVariable branId: String,
  ): Bran = repository.find(branId)

  @PutMapping(value = ["{branId}", "by-id/{branId}"])
  fun update(@PathVariable branId: String) {
  }
}
`,
      },
      [
        ['GET /api/flours', 'src/main/kotlin/FlourRoutes.kt:3'],
        ['DELETE /api/flours/{id}', 'src/main/kotlin/FlourRoutes.kt:6'],
        ['GET /me', 'src/main/kotlin/Routing.kt:7'],
        ['GET /grains/{id}', 'src/main/kotlin/Routing.kt:11'],
        ['GET /api/bran/{branId}/thumbnail', 'src/main/kotlin/BranController.kt:6'],
        ['PUT /api/bran/by-id/{branId}', 'src/main/kotlin/BranController.kt:11'],
      ],
    ));

  it('finds the file that a rare text tells, where its last word stands in every file', () => {
    const controller = (name: string, path: string) =>
      `@RestController\n@RequestMapping("/${path}")\npublic class ${name} {\n    @DeleteMapping("/delete")\n    public R delete(Long id) {\n        return R.ok();\n    }\n}\n`;
    const many = Array.from({ length: 90 }, (_, i) => [`a/A${i}Controller.java`, controller(`A${i}Controller`, `mill/a${i}`)]);
    return places(
      'java',
      { ...Object.fromEntries(many), 'z/SieveController.java': controller('SieveController', 'mill/bran-sieve') },
      [['DELETE /admin-api/mill/bran-sieve/delete', 'z/SieveController.java:4']],
    );
  });
});
