// Routes in the notations of frameworks: small programs, and the line that a person would open for each route.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

type Files = Readonly<Record<string, string>>;
type Wanted = readonly (readonly [request: string, place: string])[];

async function places(language: string, files: Files, wanted: Wanted): Promise<void> {
  const found: [string, string][] = [];
  for (const [request] of wanted) {
    const [method, route] = request.split(' ');
    const attributes = { 'http.request.method': method, 'http.route': route };
    found.push([request, await placeOf({ name: request, language, kind: 2, attributes }, files)]);
  }
  expect(found).toEqual(wanted);
}

describe('frameworks of JavaScript', () => {
  it('Koa', () =>
    places(
      'nodejs',
      {
        'src/app.js': `const kites = require('./kites/router');
const root = new Router();
root.use('/api', kites.routes(), kites.allowedMethods());
app.use(root.routes());
`,
        'src/kites/router.js': `const controller = require('./controller');
const router = new Router({ prefix: '/kites' });
router
  .get('/', controller.list)
  .get('/:id', guard, controller.show)
  .del('/:id', controller.remove);
module.exports = router;
`,
        'src/kites/controller.js': `exports.list = async (ctx) => {
};
exports.show = async (ctx) => {
};
exports.remove = async function (ctx) {
};
`,
      },
      [
        ['GET /api/kites', 'src/kites/controller.js:1'],
        ['GET /api/kites/:id', 'src/kites/controller.js:3'],
        ['DELETE /api/kites/:id', 'src/kites/controller.js:5'],
      ],
    ));

  it('Fastify', () =>
    places(
      'nodejs',
      {
        'src/server.ts': `import kites from './modules/kites';
import { winds } from './modules/winds/winds.routes';
const fastify = Fastify();
fastify.register(kites, { prefix: '/v1/kites' });
fastify.register(async (api) => {
  api.register(winds, { prefix: '/winds' });
  api.get('/status', async () => ({ ok: true }));
}, { prefix: '/v1' });
`,
        'src/modules/kites/index.ts': `import { createKite, KiteService } from './kite.service';
export default async function kites(fastify: FastifyInstance) {
  fastify.get('/', { schema: listSchema }, listKites);
  fastify.post<{ Body: Kite }>('/', { preHandler: [fastify.authenticate] }, async (request, reply) => {
    return createKite(request.body);
  });
  fastify.route({
    method: 'PUT',
    url: '/:id',
    schema: kiteSchema,
    handler: updateKite,
  });
}

async function listKites(request: FastifyRequest) {
  return [];
}

const updateKite = async (request: FastifyRequest) => {
  return {};
};
`,
        'src/modules/winds/winds.routes.ts': `import * as handlers from './winds.handlers';
export async function winds(app: FastifyInstance) {
  app.get('/:region', handlers.byRegion);
}
`,
        'src/modules/winds/winds.handlers.ts': 'export async function byRegion(request: FastifyRequest) {\n  return {};\n}\n',
      },
      [
        ['GET /v1/kites', 'src/modules/kites/index.ts:15'],
        ['POST /v1/kites', 'src/modules/kites/index.ts:4'],
        ['PUT /v1/kites/:id', 'src/modules/kites/index.ts:19'],
        ['GET /v1/winds/:region', 'src/modules/winds/winds.handlers.ts:1'],
        ['GET /v1/status', 'src/server.ts:7'],
      ],
    ));

  it('hapi', () =>
    places(
      'nodejs',
      {
        'lib/routes/kites.js': `const Handlers = require('../handlers/kites');
module.exports = [
  {
    method: 'GET',
    path: '/kites/{id}',
    options: { auth: 'jwt' },
    handler: Handlers.show,
  },
  {
    method: ['PUT', 'PATCH'],
    path: '/kites/{id}',
    handler: Handlers.update,
  },
  { method: 'DELETE', path: '/kites/{id}', handler: (request, h) => h.response() },
];
`,
        'lib/handlers/kites.js': 'module.exports = {\n  show: async (request, h) => {},\n  async update(request, h) {},\n};\n',
      },
      [
        ['GET /kites/{id}', 'lib/handlers/kites.js:2'],
        ['PATCH /kites/{id}', 'lib/handlers/kites.js:3'],
        ['DELETE /kites/{id}', 'lib/routes/kites.js:14'],
      ],
    ));

  it('NestJS, with a prefix and versions that stand elsewhere', () =>
    places(
      'nodejs',
      {
        'src/main.ts': "app.setGlobalPrefix('api');\napp.enableVersioning({ type: VersioningType.URI });\n",
        'src/kites/kites.controller.ts': `@ApiTags('kites')
@Controller({ path: 'kites', version: '2' })
export class KitesController {
  constructor(private readonly kites: KitesService) {}

  @Get()
  @UseGuards(JwtGuard)
  findAll(@Query() query: ListDto) {
    return this.kites.findAll(query);
  }

  @Get(':id')
  findOne(@Param('id') id: string) {
    return this.kites.findOne(id);
  }

  @Post(':id/flights')
  fly(@Param('id') id: string) {}
}
`,
        'src/winds/winds.controller.ts': `@Controller('winds/:region/gusts')
export class WindsController {
  @Get()
  list() {}

  @Delete(':gust')
  async remove() {}
}
`,
        'src/kites/kites.api.ts':
          "export class KitesApi {\n  findAll() {\n    return this.http.get<Kite[]>('/api/v2/kites', { headers });\n  }\n}\n",
      },
      [
        ['GET /api/v2/kites', 'src/kites/kites.controller.ts:6'],
        ['GET /api/v2/kites/:id', 'src/kites/kites.controller.ts:12'],
        ['POST /api/v2/kites/:id/flights', 'src/kites/kites.controller.ts:17'],
        ['GET /api/winds/:region/gusts', 'src/winds/winds.controller.ts:3'],
        ['DELETE /api/winds/:region/gusts/:gust', 'src/winds/winds.controller.ts:6'],
      ],
    ));

  it('Hono and AdonisJS', async () => {
    await places(
      'nodejs',
      {
        'src/index.ts':
          "import { kites } from './kites';\nconst app = new Hono().basePath('/api');\napp.route('/kites', kites);\nexport default app;\n",
        'src/kites.ts': `export const kites = new Hono()
  .get('/', async (c) => {
    return c.json([]);
  })
  .get('/:id', zValidator('param', schema), (c) => c.json({}))
  .post('/:id/flights', fly);

function fly(c: Context) {}
`,
      },
      [
        ['GET /api/kites', 'src/kites.ts:2'],
        ['GET /api/kites/:id', 'src/kites.ts:5'],
        ['POST /api/kites/:id/flights', 'src/kites.ts:8'],
      ],
    );
    await places(
      'nodejs',
      {
        'start/routes.ts': `const KitesController = () => import('#controllers/kites_controller');
router
  .group(() => {
    router.get('kites/:id', [KitesController, 'show']);
    router.resource('winds', WindsController).apiOnly();
  })
  .prefix('/api');
`,
        'app/controllers/kites_controller.ts':
          'export default class KitesController {\n  async show({ params }: HttpContext) {}\n}\n',
        'app/controllers/WindsController.ts':
          'export default class WindsController {\n  async index() {}\n  async store() {}\n}\n',
      },
      [
        ['GET /api/kites/:id', 'app/controllers/kites_controller.ts:2'],
        ['POST /api/winds', 'app/controllers/WindsController.ts:3'],
      ],
    );
  });
});

describe('frameworks of Python', () => {
  it('Django', () =>
    places(
      'python',
      {
        'harbour/urls.py': `urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("harbour.front.urls")),
    path("api/v3/", include("harbour.api.urls")),
]
`,
        'harbour/front/urls.py': `from django.urls import include, path, re_path
from harbour.front import views
from .boats import BoatView

boat_urls = [
    path("", views.boat, name="boat"),
    path("crew/", views.crew, name="crew"),
]
urlpatterns = [
    path("boats/", views.boats),
    path("boats/<uuid:code>/", include(boat_urls)),
    path("docks/<int:pk>/", BoatView.as_view(), name="dock"),
    re_path(r"^old/(?P<slug>[\\w-]+)/$", login_required(views.old)),
]
`,
        'harbour/front/views.py': `def boats(request):
    pass


@login_required
def boat(request, code):
    pass


def crew(request, code):
    pass


def old(request, slug):
    pass
`,
        'harbour/front/boats.py': `class BoatView(DetailView):
    model = Boat

    def post(self, request, pk):
        pass
`,
        'harbour/api/urls.py': `from rest_framework import routers
from harbour.api.views import TideViewSet
router = routers.DefaultRouter()
router.register(r"tides", TideViewSet, basename="tide")
urlpatterns = [path("", include(router.urls))]
`,
        'harbour/api/views.py': `class TideViewSet(viewsets.ModelViewSet):
    queryset = Tide.objects.all()

    def list(self, request):
        pass

    def retrieve(self, request, pk=None):
        pass

    @action(detail=True, methods=["post"], url_path="sign-off")
    def sign_off(self, request, pk=None):
        pass
`,
      },
      [
        ['GET boats/', 'harbour/front/views.py:1'],
        ['GET boats/<uuid:code>/', 'harbour/front/views.py:6'],
        ['GET boats/<uuid:code>/crew/', 'harbour/front/views.py:10'],
        ['POST docks/<int:pk>/', 'harbour/front/boats.py:4'],
        ['GET docks/<int:pk>/', 'harbour/front/boats.py:1'],
        ['GET ^old/(?P<slug>[\\w-]+)/$', 'harbour/front/views.py:14'],
        ['GET api/v3/tides/', 'harbour/api/views.py:4'],
        ['GET api/v3/tides/{pk}/', 'harbour/api/views.py:7'],
        ['POST api/v3/tides/{pk}/sign-off/', 'harbour/api/views.py:10'],
      ],
    ));

  it('Flask, Flask-RESTX and FastAPI', async () => {
    await places(
      'python',
      {
        'shop/__init__.py': `from shop.kites.views import bp as kites_bp
from shop import winds
app.register_blueprint(kites_bp, url_prefix="/kites")
app.register_blueprint(winds.bp)
api.add_resource(GustList, "/gusts", "/gusts/<int:page>")
app.add_url_rule("/calm", view_func=calm, methods=["POST"])

def calm():
    return ""

class GustList(Resource):
    def get(self, page=1):
        return []
    def post(self):
        return {}
`,
        'shop/kites/views.py': `bp = Blueprint("kites", __name__)

@bp.route("/")
def index():
    return ""

@bp.route("/<int:kite_id>", methods=["GET", "POST"])
@login_required
def show(kite_id):
    return ""

@bp.delete("/<int:kite_id>")
def remove(kite_id):
    return ""
`,
        'shop/winds.py': `bp = Blueprint("winds", __name__, url_prefix="/winds")
ns = Namespace("storms", path="/storms")

@bp.get("/")
def index():
    return ""

@ns.route("/<string:name>")
class Storm(Resource):
    @ns.marshal_with(model)
    def get(self, name):
        return {}
    def delete(self, name):
        return {}
`,
      },
      [
        ['GET /kites/', 'shop/kites/views.py:3'],
        ['POST /kites/<int:kite_id>', 'shop/kites/views.py:7'],
        ['DELETE /kites/<int:kite_id>', 'shop/kites/views.py:12'],
        ['GET /winds/', 'shop/winds.py:4'],
        ['POST /gusts', 'shop/__init__.py:14'],
        ['GET /gusts/<int:page>', 'shop/__init__.py:12'],
        ['POST /calm', 'shop/__init__.py:8'],
        ['DELETE /storms/<string:name>', 'shop/winds.py:13'],
      ],
    );
    await places(
      'python',
      {
        'app/main.py': 'from app.api.router import api_router\napp.include_router(api_router, prefix=settings.API_V1_STR)\n',
        'app/api/router.py': `from app.api.endpoints import kites, winds
api_router = APIRouter()
api_router.include_router(kites.router, prefix="/kites", tags=["kites"])
api_router.include_router(winds.router)
`,
        'app/api/endpoints/kites.py': `router = APIRouter()

@router.get("", response_model=list[Kite])
async def read_kites():
    return []

@router.get("/{id}")
def read_kite(id: int):
    return {}

@router.post(
    "/{id}/flights",
    status_code=201,
)
async def fly(id: int):
    return {}
`,
        'app/api/endpoints/winds.py': `router = APIRouter(prefix="/winds")

@router.get("")
def read_winds():
    return []
@router.get("/{id}")
def read_wind(id: int):
    return {}
`,
      },
      [
        ['GET /api/v1/kites', 'app/api/endpoints/kites.py:3'],
        ['GET /api/v1/kites/{id}', 'app/api/endpoints/kites.py:7'],
        ['POST /api/v1/kites/{id}/flights', 'app/api/endpoints/kites.py:12'],
        ['GET /api/v1/winds', 'app/api/endpoints/winds.py:3'],
        ['GET /api/v1/winds/{id}', 'app/api/endpoints/winds.py:6'],
      ],
    );
  });

  it('Starlette, aiohttp and Tornado', () =>
    places(
      'python',
      {
        'app.py': `from kites import handlers
routes = [
    Route("/kites/{id}", endpoint=handlers.show, methods=["GET"]),
    Mount("/winds", routes=[
        Route("/{id}", handlers.wind),
    ]),
]
app.router.add_post("/storms", handlers.storm)
application = tornado.web.Application([
    (r"/calm/(\\d+)", CalmHandler),
])

class CalmHandler(tornado.web.RequestHandler):
    def get(self, id):
        pass
    async def post(self, id):
        pass
`,
        'kites/handlers.py':
          'async def show(request):\n    pass\n\ndef wind(request):\n    pass\n\nasync def storm(request):\n    pass\n',
      },
      [
        ['GET /kites/{id}', 'kites/handlers.py:1'],
        ['GET /winds/{id}', 'kites/handlers.py:4'],
        ['POST /storms', 'kites/handlers.py:7'],
        ['POST /calm/(\\d+)', 'app.py:16'],
      ],
    ));
});

describe('frameworks of Go', () => {
  it('net/http, chi, gorilla, echo and fiber', async () => {
    await places(
      'go',
      {
        'cmd/server/main.go': `package main

import (
	"net/http"

	"example.org/tide/internal/handlers"
	users "example.org/tide/internal/users/http"
)

func routes(s *Server) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /tides/{id}", s.showTide)
	mux.Handle("POST /tides", auth(http.HandlerFunc(handlers.CreateTide)))
	mux.HandleFunc("/health", func(w http.ResponseWriter, r *http.Request) {
	})
	r := chi.NewRouter()
	r.Use(logger)
	r.Route("/api/v1", func(r chi.Router) {
		r.Mount("/users", users.Routes(s.db))
		r.With(paginate).Get("/moons", handlers.ListMoons(s.db))
		r.Route("/moons/{moonID}", func(r chi.Router) {
			r.Get("/", s.getMoon)
			r.Put("/", handlers.Moon{}.Update)
		})
	})
	return mux
}
`,
        'cmd/server/tides.go':
          'package main\n\nfunc (s *Server) showTide(w http.ResponseWriter, r *http.Request) {}\n\nfunc (s *Server) getMoon(w http.ResponseWriter, r *http.Request) {}\n',
        'internal/handlers/tides.go':
          'package handlers\n\nfunc CreateTide(w http.ResponseWriter, r *http.Request) {}\n\nfunc ListMoons(db *DB) http.HandlerFunc { return nil }\n\nfunc (m Moon) Update(w http.ResponseWriter, r *http.Request) {}\n',
        'internal/users/http/routes.go': `package http

func Routes(db *DB) chi.Router {
	h := &Handler{db: db}
	r := chi.NewRouter()
	r.Get("/", h.List)
	r.Get("/{id}", h.Get)
	return r
}
`,
        'internal/users/http/handler.go':
          'package http\n\ntype Handler struct{ db *DB }\n\nfunc (h *Handler) List(w http.ResponseWriter, r *http.Request) {}\n\nfunc (h *Handler) Get(w http.ResponseWriter, r *http.Request) {}\n',
        'internal/store/users.go': 'package store\n\nfunc (s *Store) List() {}\n\nfunc (s *Store) Get() {}\n',
      },
      [
        ['GET /tides/{id}', 'cmd/server/tides.go:3'],
        ['POST /tides', 'internal/handlers/tides.go:3'],
        ['GET /health', 'cmd/server/main.go:14'],
        ['GET /api/v1/moons', 'internal/handlers/tides.go:5'],
        ['GET /api/v1/moons/{moonID}', 'cmd/server/tides.go:5'],
        ['PUT /api/v1/moons/{moonID}', 'internal/handlers/tides.go:7'],
        ['GET /api/v1/users', 'internal/users/http/handler.go:5'],
        ['GET /api/v1/users/{id}', 'internal/users/http/handler.go:7'],
      ],
    );
    await places(
      'go',
      {
        'server/router.go': `package server

import (
	"example.org/tide/api"
	"example.org/tide/ui"
)

func New(store *storage.Storage) *mux.Router {
	router := mux.NewRouter()
	api.Serve(router, store)
	ui.Serve(router)
	sub := router.PathPrefix("/admin").Subrouter()
	sub.HandleFunc("/moons", listMoons).Methods(http.MethodGet)
	sub.HandleFunc("/moons", dropMoons).Methods("DELETE").Name("drop")
	router.Methods("GET").Path("/ping").HandlerFunc(ping)
	return router
}

func listMoons(w http.ResponseWriter, r *http.Request) {}

func dropMoons(w http.ResponseWriter, r *http.Request) {}

func ping(w http.ResponseWriter, r *http.Request) {}
`,
        'api/api.go': `package api

func Serve(router *mux.Router, store *storage.Storage) {
	handler := &handler{store, router}
	sr := router.PathPrefix("/v1").Subrouter()
	sr.Methods(http.MethodOptions)
	sr.HandleFunc("/tides", handler.createTide).Methods(http.MethodPost)
	sr.HandleFunc("/tides", handler.getTides).Methods(http.MethodGet)
	sr.HandleFunc("/tides/{tideID:[0-9]+}", handler.getTide).Methods(http.MethodGet)
}
`,
        'api/tide.go':
          'package api\n\nfunc (h *handler) createTide(w http.ResponseWriter, r *http.Request) {}\n\nfunc (h *handler) getTides(w http.ResponseWriter, r *http.Request) {}\n\nfunc (h *handler) getTide(w http.ResponseWriter, r *http.Request) {}\n',
        'ui/ui.go': `package ui

func Serve(router *mux.Router) {
	handler := &handler{router}
	uiRouter := router.NewRoute().Subrouter()
	uiRouter.HandleFunc("/tides", handler.showTides).Name("tides").Methods(http.MethodGet)
}
`,
        'ui/tides.go': 'package ui\n\nfunc (h *handler) showTides(w http.ResponseWriter, r *http.Request) {}\n',
      },
      [
        ['GET /v1/tides', 'api/tide.go:5'],
        ['POST /v1/tides', 'api/tide.go:3'],
        ['GET /v1/tides/{tideID:[0-9]+}', 'api/tide.go:7'],
        ['GET /tides', 'ui/tides.go:3'],
        ['DELETE /admin/moons', 'server/router.go:21'],
        ['GET /ping', 'server/router.go:23'],
      ],
    );
    await places(
      'go',
      {
        'main.go': `package main

func main() {
	e := echo.New()
	v2 := e.Group("/v2", middleware.JWT())
	tides.Register(v2)
	app := fiber.New()
	api := app.Group("/api")
	api.Get("/moons/:id", controllers.GetMoon)
	app.Add("PATCH", "/moons/:id", patchMoon)
}

func patchMoon(c *fiber.Ctx) error { return nil }
`,
        'tides/tides.go': `package tides

func Register(g *echo.Group) {
	h := NewHandler()
	t := g.Group("/tides")
	t.GET("", h.List)
	t.POST("/:id/close", h.Close, admin)
}

type Handler struct{}

func NewHandler() *Handler { return nil }

func (h *Handler) List(c echo.Context) error { return nil }

func (h *Handler) Close(c echo.Context) error { return nil }
`,
        'controllers/moon.go': 'package controllers\n\nfunc GetMoon(c *fiber.Ctx) error { return nil }\n',
      },
      [
        ['GET /v2/tides', 'tides/tides.go:14'],
        ['POST /v2/tides/:id/close', 'tides/tides.go:16'],
        ['GET /api/moons/:id', 'controllers/moon.go:3'],
        ['PATCH /moons/:id', 'main.go:13'],
      ],
    );
  });
});

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
});
