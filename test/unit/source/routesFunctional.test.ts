// Routes that functions answer: registered in a chain of calls, kept in a variable.
import { describe, it } from 'vitest';
import { places } from './support/places';

describe('routes that functions answer', () => {
  it('are kept in variables of an object of Kotlin', () =>
    places(
      'java',
      {
        'server/src/main/kotlin/dock/DockApi.kt': `package dock

object DockApi {
    fun defineEndpoints() {
        path("boats") {
            get("list", BoatController.list)
            get("icon/{name}", BoatController.icon)
            post("{boatId}/paint", BoatController.paint)
        }
        path("piers") {
            get(PierController.all)
            path("{pierId}") {
                delete(PierController.remove)
            }
        }
    }
}
`,
        'server/src/main/kotlin/dock/Server.kt': `package dock
fun start() {
    app.routes {
        path("api/") {
            path("v1/", DockApi::defineEndpoints)
        }
    }
}
`,
        'server/src/main/kotlin/dock/controller/BoatController.kt': `package dock.controller

object BoatController {
    /** lists all */
    val list =
        handler(
            documentWith = {
                withOperation { summary("Boats") }
            },
            behaviorOf = { ctx ->
                ctx.future { future { Boats.list() } }
            },
        )

    val icon =
        handler(
            pathParam<String>("name"),
            behaviorOf = { ctx, name -> ctx.result(name) },
        )

    val paint = handler(
        pathParam<Int>("boatId"),
        behaviorOf = { ctx, boatId -> ctx.result("x") },
    )
}
`,
        'server/src/main/kotlin/dock/controller/PierController.kt': `package dock.controller
object PierController {
    val all = handler(behaviorOf = { ctx -> ctx.json(1) })
    fun remove(ctx: Context) {
    }
}
`,
      },
      [
        ['GET /api/v1/boats/list', 'server/src/main/kotlin/dock/controller/BoatController.kt:5'],
        ['GET /api/v1/boats/icon/{name}', 'server/src/main/kotlin/dock/controller/BoatController.kt:15'],
        ['POST /api/v1/boats/{boatId}/paint', 'server/src/main/kotlin/dock/controller/BoatController.kt:21'],
        ['GET /api/v1/piers', 'server/src/main/kotlin/dock/controller/PierController.kt:3'],
        ['DELETE /api/v1/piers/{pierId}', 'server/src/main/kotlin/dock/controller/PierController.kt:4'],
      ],
    ));

  it('stand behind predicates and before what describes them', () =>
    places(
      'java',
      {
        'src/main/java/mill/BranEndpoint.java': `package mill;
class BranEndpoint implements Endpoint {
    RouterFunction<ServerResponse> endpoint() {
        return RouteBuilder.route()
            .POST("brans/{name}/grind", this::grind, builder -> builder.operationId("Grind")
                .tag(tag))
            .GET(
                path("/brans/all").and(accept(MediaType.TEXT_HTML)),
                this::all,
                builder -> builder.operationId("All"))
            .build();
    }
    GroupVersion groupVersion() {
        return GroupVersion.parse("stock.mill.dev/v1");
    }
    Mono<ServerResponse> grind(ServerRequest request) {
        return null;
    }
    Mono<ServerResponse> all(ServerRequest request) {
        return null;
    }
}
`,
        'src/main/java/mill/MyBranEndpoint.java': `package mill;
class MyBranEndpoint implements Endpoint {
    RouterFunction<ServerResponse> endpoint() {
        return route().nest(path("/brans"), () -> route()
            .POST(this::add, builder -> builder.operationId("Add"))
            .POST("/{name}/grind", this::grind, builder -> builder.operationId("GrindMine"))
            .build()).build();
    }
    GroupVersion groupVersion() {
        return GroupVersion.parse("my.stock.mill.dev/v1");
    }
    Mono<ServerResponse> add(ServerRequest request) {
        return null;
    }
    Mono<ServerResponse> grind(ServerRequest request) {
        return null;
    }
}
`,
      },
      [
        ['POST /apis/stock.mill.dev/v1/brans/{name}/grind', 'src/main/java/mill/BranEndpoint.java:16'],
        ['POST /apis/my.stock.mill.dev/v1/brans/{name}/grind', 'src/main/java/mill/MyBranEndpoint.java:15'],
        ['GET /brans/all', 'src/main/java/mill/BranEndpoint.java:19'],
        ['POST /apis/my.stock.mill.dev/v1/brans', 'src/main/java/mill/MyBranEndpoint.java:12'],
      ],
    ));
});
