// Routes in the notations of frameworks: small programs, and the line that a person would open for each route.
import { describe, it } from 'vitest';
import { places } from './support/places';

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
        ['POST /api/v1/kites/{id}/flights', 'app/api/endpoints/kites.py:15'],
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

  it('routes by name, whose views bear it', () =>
    places(
      'python',
      {
        'harbour/routes.py': `def includeme(config):
    config.add_route("tides", "/tides/", domain=main)
    config.add_route(
        "boat.detail",
        "/boats/{code}/",
        factory="harbour.models:BoatFactory",
        traverse="/{code}",
    )
    config.add_route("boat.detail_plain", "/boats/{code}")
    config.add_route("login", pattern="/login/")
    config.add_route("crew", "/crew/")
    config.add_route("dock", "/dock/{id}")
    config.add_route("berth", "/berth/{id}")
    config.add_route("buoys", "/buoys/")
    config.add_route("lost", "/lost/")
`,
        'harbour/views.py': `@view_config(route_name="tides", renderer="harbour:templates/tides.html", decorator=[cached(60 * 60)])
def tides(request):
    return request.route_path("login", name="tides")


@view_config(
    route_name="boat.detail",
    context=Boat,
    decorator=[
        cached(
            1 * 60,  # a minute
        )
    ],
)
@view_config(route_name="boat.detail_plain", context=Boat)
def boat(boat, request):
    pass


@view_config(route_name="boat.detail", context=HTTPNotFound)
def no_boat(exc, request):
    pass


@view_config(route_name="login", request_method="GET")
def ask(request):
    pass


@view_config(route_name="login", request_method="POST", require_csrf=True)
def login(request):
    pass


@view_defaults(route_name="crew")
class Crew:
    def __init__(self, request):
        self.request = request

    @view_config(request_method="GET")
    def all(self):
        pass

    @view_config(request_method="POST")
    def hire(self):
        pass


@view_config(route_name="dock", attr="show")
class Dock:
    def list(self):
        pass

    def show(self):
        pass


class Berth:
    @view_config(route_name="berth", xhr=True)
    def part(self):
        pass

    @view_config(route_name="berth")
    def whole(self):
        pass


def buoys(request):
    pass
`,
        'harbour/__init__.py': `from harbour.views import buoys

def main(config):
    config.add_view(buoys, route_name="buoys", renderer="json")
`,
        'tests/test_routes.py':
          'calls = [call("tides", "/tides/", domain=main)]\n\n@view_config(route_name="tides")\ndef fake(request):\n    pass\n',
        'lamp/app.py': `app.add_url_rule("/lamps/<int:id>", endpoint="lamps")


@app.endpoint("lamps")
def lamp(id):
    pass
`,
      },
      [
        ['GET /tides/', 'harbour/views.py:2'],
        ['GET /boats/{code}/', 'harbour/views.py:16'],
        ['GET /boats/{code}', 'harbour/views.py:16'],
        ['GET /login/', 'harbour/views.py:26'],
        ['POST /login/', 'harbour/views.py:31'],
        ['GET /crew/', 'harbour/views.py:41'],
        ['POST /crew/', 'harbour/views.py:45'],
        ['GET /dock/{id}', 'harbour/views.py:54'],
        ['GET /berth/{id}', 'harbour/views.py:64'],
        ['GET /buoys/', 'harbour/views.py:68'],
        ['GET /lamps/<int:id>', 'lamp/app.py:5'],
      ],
    ));

  it('named routes with and without a slash', () =>
    places(
      'python',
      {
        'harbour/routes.py':
          'def includeme(config):\n    config.add_route("tide.json", "/tides/{id}/json")\n    config.add_route("tide.json_slash", "/tides/{id}/json/")\n',
        'harbour/views.py':
          '@view_config(route_name="tide.json_slash")\ndef moved(request):\n    pass\n\n\n@view_config(route_name="tide.json")\ndef tide(request):\n    pass\n',
      },
      [
        ['GET /tides/{id}/json', 'harbour/views.py:7'],
        ['GET /tides/{id}/json/', 'harbour/views.py:2'],
      ],
    ));
});
