// Routes of the JVM that calls declare in notations of their own, and those that an interface states.
import { it } from 'vitest';
import { places } from './support/places';

it('Spring: predicates, strings that nest, and interfaces without a path of their own', () =>
  places(
    'java',
    {
      'src/Routes.java': `class Routes {
    RouterFunction<ServerResponse> reeds(ReedHandler reeds) {
        return RouterFunctions.nest(path("/reeds"),
            RouterFunctions.route(RequestPredicates.GET("/{id}"), reeds::find)
                .andRoute(POST("").and(contentType(JSON)), reeds::plant));
    }
}
`,
      'src/ReedHandler.java':
        'class ReedHandler {\n    Mono<ServerResponse> find(ServerRequest r) { return null; }\n    Mono<ServerResponse> plant(ServerRequest r) { return null; }\n}\n',
      'src/Beds.kt': `class Beds(private val beds: BedHandler) {
    fun api() = coRouter {
        "/beds".nest {
            "/{id}".nest {
                DELETE("", beds::drain)
            }
        }
    }
}
`,
      'src/BedHandler.kt': 'class BedHandler {\n    suspend fun drain(r: ServerRequest) = ok()\n}\n',
      'src/SedgesApi.java':
        'public interface SedgesApi {\n    @GetMapping("/sedges/{id}")\n    Sedge one(@PathVariable long id);\n}\n',
      'src/SedgeController.java':
        '@RestController\npublic class SedgeController implements SedgesApi {\n    @Override\n    public Sedge one(long id) { return null; }\n}\n',
      'src/FenOps.java': 'public interface FenOps {\n    @Get("/{name}")\n    Fen find(String name);\n}\n',
      'src/FenController.java':
        '@Controller("/fens")\npublic class FenController extends Base implements FenOps {\n    public Fen find(String name) { return null; }\n}\n',
    },
    [
      ['GET /reeds/{id}', 'src/ReedHandler.java:2'],
      ['POST /reeds', 'src/ReedHandler.java:3'],
      ['DELETE /beds/{id}', 'src/BedHandler.kt:2'],
      ['GET /sedges/{id}', 'src/SedgeController.java:4'],
      ['GET /fens/{name}', 'src/FenController.java:3'],
    ],
  ));

it('Vert.x, Javalin, Spark and typed bodies of Ktor', () =>
  places(
    'java',
    {
      'src/Server.java': `class Server {
    void start() {
        router.route(HttpMethod.PUT, "/raw/:id").handler(new RawHandler());
        path("/reeds", () -> {
            get(Reeds.all, Role.ANYONE);
            post("/cut", Reeds.cut);
        });
        crud("/beds/{bed-id}", new BedCrud());
    }
}
`,
      'src/RawHandler.java':
        'class RawHandler implements Handler<RoutingContext> {\n    public void handle(RoutingContext c) {\n    }\n}\n',
      'src/Reeds.java': `class Reeds {
    static Handler all = ctx -> {
    };
    public static Route cut = (Request request, Response response) -> {
        return "";
    };
}
`,
      'src/BedCrud.java':
        'class BedCrud implements CrudHandler {\n    public void getOne(Context c, String id) { }\n    public void create(Context c) { }\n}\n',
      'src/Fens.kt': 'fun Route.fens() {\n    route("/fens") {\n        post<NewFen>("") { call.respond(it) }\n    }\n}\n',
    },
    [
      ['PUT /raw/:id', 'src/RawHandler.java:2'],
      ['GET /reeds', 'src/Reeds.java:2'],
      ['POST /reeds/cut', 'src/Reeds.java:4'],
      ['GET /beds/{bed-id}', 'src/BedCrud.java:2'],
      ['POST /beds', 'src/BedCrud.java:3'],
      ['POST /fens', 'src/Fens.kt:3'],
    ],
  ));
