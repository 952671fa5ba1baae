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

  it('Django: a list of routes for each version, and actions of one name in several view sets', () =>
    places(
      'python',
      {
        'fleet/urls.py': `from fleet import views
crew_urls = [
    path("crews/", views.crews),
    path("crews/<uuid:code>", views.crew),
]
hull_urls = [path("crews/", views.hull_crews)]
urlpatterns = [
    path("hulls/<int:pk>/", include(hull_urls)),
    path("api/v1/", include(crew_urls)),
    path("api/v2/", include(crew_urls)),
]
`,
        'fleet/views.py': `def crews(request):
    pass

def crew(request, code):
    if request.method == "DELETE":
        return remove(request, code)

def hull_crews(request, pk):
    pass
`,
        'fleet/api/logs.py': `class LogViewSet(Logging, viewsets.ModelViewSet):
    def get_queryset(self):
        pass

class CrewLogViewSet(LogViewSet):
    def list(self, request):
        pass
`,
        'fleet/api/views.py': `class SailViewSet(viewsets.ModelViewSet):
    @action(detail=True)
    def wear_values(self, request, pk):
        pass

class SailItemViewSet(viewsets.ModelViewSet):
    @action(detail=True)
    def wear_values(self, request, pk):
        pass

class ItemViewSet(viewsets.ModelViewSet):
    @action(detail=True)
    def wear_values(self, request, pk):
        pass
`,
        'main/urls.py': `from fleet.api import logs, views as fleet_views
router = routers.DefaultRouter()
router.register(r'sail', fleet_views.SailViewSet, basename='sail')
router.register(r'sail-part', fleet_views.SailItemViewSet, basename='sailitem')
router.register(r'log', logs.LogViewSet)
router.register(r'item', fleet_views.ItemViewSet, basename='item')
urlpatterns = [path('api/v2/', include(router.urls))]
`,
      },
      [
        ['GET api/v2/crews/', 'fleet/views.py:1'],
        ['DELETE api/v2/crews/<uuid:code>', 'fleet/views.py:4'],
        ['GET hulls/<int:pk>/crews/', 'fleet/views.py:8'],
        ['GET api/v2/^log/$', 'fleet/api/logs.py:1'],
        ['GET api/v2/^sail/(?P<pk>[^/.]+)/wear_values/$', 'fleet/api/views.py:2'],
        ['GET api/v2/^sail-part/(?P<pk>[^/.]+)/wear_values/$', 'fleet/api/views.py:7'],
        ['GET api/v2/^item/(?P<pk>[^/.]+)/wear_values/$', 'fleet/api/views.py:12'],
      ],
    ));

  it('Django: lists within lists, with a router among them', () =>
    places(
      'python',
      {
        'pier/urls.py': `from pier.views import BulkView, CargoViewSet, LogView, StatsView
api_router = DefaultRouter()
api_router.register(r"cargo", CargoViewSet)
api_router.register(r"cargo_types", CargoTypeViewSet)
urlpatterns = [
    re_path(
        r"^api/",
        include(
            [
                re_path(
                    "^cargo/",
                    include(
                        [
                            re_path("^bulk/$", BulkView.as_view(), name="bulk"),
                        ],
                    ),
                ),
                re_path("^statistics/$", StatsView.as_view(), name="statistics"),
                path("logs/", LogView.as_view()),
                *api_router.urls,
            ],
        ),
    ),
    re_path(r"^share/(?P<slug>\\w+)/?$", ShareView.as_view()),
]
`,
        'pier/views.py': `class CargoViewSet(ModelViewSet):
    def list(self, request):
        pass

    @action(methods=["get"], detail=True)
    def thumb(self, request, pk=None):
        pass

    @extend_schema(operation_id="get /api/cargo/{id}/notes/")
    @action(methods=["get", "post"], detail=True, filter_backends=[])
    def notes(self, request, pk=None):
        pass

class CargoTypeViewSet(ModelViewSet):
    def list(self, request):
        pass

    @action(methods=["get"], detail=True)
    def thumb(self, request, pk=None):
        pass

@extend_schema_view(get=extend_schema(description="/api/statistics/"))
class StatsView(GenericAPIView):
    def get(self, request):
        pass

class BulkView(View):
    def post(self, request):
        pass

class LogView(View):
    def get(self, request):
        pass
`,
      },
      [
        ['GET ^api/cargo/$', 'pier/views.py:2'],
        ['GET ^api/cargo/(?P<pk>[^/.]+)/thumb/$', 'pier/views.py:5'],
        ['GET ^api/^cargo/(?P<pk>[^/.]+)/thumb/$', 'pier/views.py:5'],
        ['POST ^api/cargo/(?P<pk>[^/.]+)/notes/$', 'pier/views.py:10'],
        ['POST ^api/^cargo/^bulk/$', 'pier/views.py:28'],
        ['GET ^api/^statistics/$', 'pier/views.py:24'],
        ['GET ^api/logs/', 'pier/views.py:32'],
      ],
    ));

  it('a package that has its views from its modules', () =>
    places(
      'python',
      {
        'quay/urls.py': `from quay import settings, views
urlpatterns = [
    re_path(r"^list/(?P<list_id>\\d+)(\\.json)?/?$", views.List.as_view(), name="list"),
    re_path(r"^about/?$", views.about, name="about"),
]
`,
        'quay/views/__init__.py': 'from .lists.list import List\nfrom .landing import about, privacy\n',
        'quay/views/lists/list.py': 'class List(View):\n    def get(self, request, list_id):\n        pass\n',
        'quay/views/landing.py': 'def privacy(request):\n    pass\n\ndef about(request):\n    pass\n',
        'quay/models/list.py': 'class List(models.Model):\n    pass\n',
        'quay/news/views.py': 'def about(request):\n    pass\n',
        'quay/admin/views.py': 'def about(request):\n    pass\n',
      },
      [
        ['GET ^list/(?P<list_id>\\d+)(\\.json)?/?$', 'quay/views/lists/list.py:2'],
        ['GET ^about/?$', 'quay/views/landing.py:4'],
      ],
    ));

  it('decorators of a program, and an API of a blueprint', () =>
    places(
      'python',
      {
        'main.py': 'from api.crews import router as crew_router\napp.include_router(crew_router, prefix="/api")\n',
        'api/crews.py': `router = APIRouter(prefix="/crews")

@protected(router.get, "", [Scope.READ])
def list_crews(request):
    pass

@protected(
    router.post,
    "",
    [Scope.WRITE],
)
async def add_crew(request):
    pass
`,
        'flagship/api/__init__.py': `from flagship.api.teams import teams_namespace
api = Blueprint("api", __name__, url_prefix="/api/v1")
Flagship_v1 = Api(
    api,
    version="v1",
)
Flagship_v1.add_namespace(teams_namespace, "/teams")
`,
        'flagship/api/teams.py': `teams_namespace = Namespace("teams", description="Teams")

@teams_namespace.route("/<int:team_id>")
class Team(Resource):
    def get(self, team_id):
        pass
`,
        'flagship/teams.py': `teams = Blueprint("teams", __name__)

@teams.route("/teams/<int:team_id>")
def public(team_id):
    pass
`,
      },
      [
        ['GET /api/crews', 'api/crews.py:3'],
        ['POST /api/crews', 'api/crews.py:7'],
        ['GET /api/v1/teams/<int:team_id>', 'flagship/api/teams.py:5'],
        ['GET /teams/<int:team_id>', 'flagship/teams.py:3'],
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
