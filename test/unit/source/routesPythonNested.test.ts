// Routes of Python that lists, packages, routers and decorators put together.
import { describe, it } from 'vitest';
import { places } from './support/places';

describe('routes of Python that are put together', () => {
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
        ['POST /api/crews', 'api/crews.py:12'],
        ['GET /api/v1/teams/<int:team_id>', 'flagship/api/teams.py:5'],
        ['GET /teams/<int:team_id>', 'flagship/teams.py:3'],
      ],
    ));

  it('Django: routers of one file that are registered for nothing, each included by its name; a page beside them', () =>
    places(
      'python',
      {
        'depot/urls.py': `from depot.api import routes as api_routes
from depot.views import cranes as crane_views

urlpatterns = [
    path("cranes", crane_views.index, name="cranes.index"),
    path("cranes/new", crane_views.new, name="cranes.new"),
    path("api/cranes/", include(api_routes.crane_router.urls)),
    path("api/ropes/", include(api_routes.rope_router.urls)),
]
`,
        'depot/views/cranes.py': `def index(request):
    return 1

def new(request):
    return 2
`,
        'depot/api/routes.py': `class CraneViewSet(viewsets.GenericViewSet):
    def list(self, request):
        return 1

    @action(methods=["get"], detail=False)
    def check(self, request):
        return 2

class RopeViewSet(viewsets.GenericViewSet):
    def list(self, request):
        return 1

crane_router = SimpleRouter()
crane_router.register("", CraneViewSet, basename="crane")

rope_router = SimpleRouter()
rope_router.register("", RopeViewSet, basename="rope")
`,
      },
      [
        ['GET cranes', 'depot/views/cranes.py:1'],
        ['POST cranes/new', 'depot/views/cranes.py:4'],
        ['GET api/cranes/$', 'depot/api/routes.py:2'],
        ['GET api/ropes/$', 'depot/api/routes.py:10'],
        ['GET api/cranes/check/$', 'depot/api/routes.py:5'],
      ],
    ));

  it('FastAPI: classes that are given their router', () =>
    places(
      'python',
      {
        'tide/routes/__init__.py': `from . import events, hulls
prefix = "/hulls"
router = APIRouter(prefix="/api")
router.include_router(hulls.router)
router.include_router(events.events_router, prefix=prefix)
`,
        'tide/routes/events.py': `events_router = UserRouter(route_class=CrudRoute, prefix="/events/all")

@controller(events_router)
class Events(BaseController):
    @events_router.get("", response_model=EventPage)
    def get_all(self):
        return []
`,
        'tide/routes/hulls.py': `router = UserRouter(prefix="/hulls", route_class=CrudRoute)

@controller(router)
class Hulls(BaseController):
    @router.get("", response_model=HullPage)
    def get_all(self):
        return []
`,
      },
      [
        ['GET /api/hulls', 'tide/routes/hulls.py:5'],
        ['GET /api/hulls/events/all', 'tide/routes/events.py:5'],
      ],
    ));
});
