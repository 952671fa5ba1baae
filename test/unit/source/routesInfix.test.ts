// Routes of Scala and Kotlin that operators put together.
import { it } from 'vitest';
import { places } from './support/places';

it('http4s, Akka HTTP and http4k', () =>
  places(
    'java',
    {
      'src/ReedRoutes.scala': `class ReedRoutes[F[_]] {
  private val http = HttpRoutes.of[F] {
    case GET -> Root / "reeds" :? Status(s) =>
      Ok(s)
    case req @ POST -> Root / "reeds" / UUIDVar(id) / "cut" =>
      Ok(id)
  }
}
`,
      'src/BedRoutes.scala': `class BedRoutes {
  val routes = pathPrefix("beds") {
    pathEnd {
      get {
        complete(all)
      }
    } ~ path(LongNumber) { id =>
      get { complete(one(id)) }
    }
  }
}
`,
      'src/Fens.kt': `fun fens(store: Store) = routes(
    "/fens" bind GET to listFens(store),
    "/fens/{id}" bind routes(
        DELETE to DrainFen(store)
    )
)

fun listFens(store: Store): HttpHandler = { Response(OK) }
class DrainFen(private val store: Store) : HttpHandler {
    override fun invoke(request: Request): Response {
        return Response(OK)
    }
}
`,
    },
    [
      ['GET /reeds', 'src/ReedRoutes.scala:3'],
      ['POST /reeds/{id}/cut', 'src/ReedRoutes.scala:5'],
      ['GET /beds', 'src/BedRoutes.scala:4'],
      ['GET /beds/{id}', 'src/BedRoutes.scala:8'],
      ['GET /fens', 'src/Fens.kt:8'],
      ['DELETE /fens/{id}', 'src/Fens.kt:10'],
    ],
  ));
