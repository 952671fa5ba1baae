// Programs in which the same is written twice, for two hosts, versions or mounts: what tells which of them it was.
import { describe, expect, it } from 'vitest';
import type { Relative } from '../../../src/source';
import { fileFacts } from '../../../src/source/calls/clients';
import { type Asked, hintsOf, placeOf, shown } from './support/memory';
import { places } from './support/places';

describe('routes of files that are alike', () => {
  it('Django: the file that is included below the path, and the action that the view set is given for the method', () =>
    places(
      'python',
      {
        'port/urls.py': `urlpatterns = [
    path("api/", include("port.app.urls")),
    path("api/v1/", include("port.api.urls")),
]
`,
        'port/app/urls/__init__.py': `from .berth import urlpatterns as berth_urls

urlpatterns = [*berth_urls]
`,
        'port/app/urls/berth.py': `from port.app.views import BerthViewSet

urlpatterns = [
    path("quays/<str:slug>/berths/", BerthViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "quays/<str:slug>/berths/<uuid:pk>/moor/",
        BerthViewSet.as_view(
            {
                "post": "moor",
                "delete": "cast_off",
            }
        ),
    ),
]
`,
        'port/app/views/__init__.py': 'from .berth.base import BerthViewSet\n',
        'port/app/views/base.py': `class BaseViewSet(ModelViewSet):
    def dispatch(self, request):
        return super().dispatch(request)
`,
        'port/app/views/berth/base.py': `from .. import BaseViewSet

class BerthViewSet(BaseViewSet):
    def create(self, request, slug):
        pass

    def list(self, request, slug):
        pass

    @allow(["crew"])
    def moor(self, request, slug, pk):
        pass

    @allow(["crew"])
    def cast_off(self, request, slug, pk):
        pass
`,
        'port/api/urls/__init__.py': `from .berth import urlpatterns as berth_patterns

urlpatterns = [*berth_patterns]
`,
        'port/api/urls/berth.py': `from port.api.views import BerthListEndpoint

urlpatterns = [
    path("quays/<str:slug>/berths/", BerthListEndpoint.as_view(http_method_names=["get", "post"])),
]
`,
        'port/api/views/__init__.py': 'from .berth import BerthListEndpoint\n',
        'port/api/views/berth.py': `class BerthListEndpoint(APIView):
    def get(self, request, slug):
        pass
`,
      },
      [
        ['GET api/quays/<str:slug>/berths/', 'port/app/views/berth/base.py:7'],
        ['GET api/v1/quays/<str:slug>/berths/', 'port/api/views/berth.py:2'],
        ['POST api/quays/<str:slug>/berths/<uuid:pk>/moor/', 'port/app/views/berth/base.py:11'],
        ['DELETE api/quays/<str:slug>/berths/<uuid:pk>/moor/', 'port/app/views/berth/base.py:15'],
      ],
    ));

  it('Flask-RESTX: namespaces that are added below a path of their own, with the method of the request', () =>
    places(
      'python',
      {
        'lock/gates.py': `gates = Namespace('Gates', description='List gates')

@gates.route('gates')
class Gates(Resource):
    parser = reqparse.RequestParser()

    @authenticate
    @gates.response(200, 'Success')
    def get(self):
        pass

    @authenticate
    def delete(self):
        pass
`,
        'lock/__init__.py': `bp = Blueprint('api', __name__, url_prefix='/api')
api = Api(bp)
for each in [gates]:
    api.add_namespace(each, "/")
`,
      },
      [
        ['GET /api/gates', 'lock/gates.py:9'],
        ['DELETE /api/gates', 'lock/gates.py:13'],
      ],
    ));

  it('FastAPI: the function below a decorator of several lines', () =>
    places(
      'python',
      {
        'lock/pumps.py': `router = APIRouter(prefix="/pumps")

@router.get(
    "/",
    summary="List pumps",
)
async def list(session: Session):
    pass
`,
      },
      [['GET /pumps/', 'lock/pumps.py:7']],
    ));

  it('Grape: the endpoint of the class that is named, in the version of its module', async () => {
    const endpoints =
      'resource :sluice do\n        get "/" do\n          []\n        end\n\n        get ":id" do\n        end\n      end';
    const files = {
      'config/routes.rb': 'Rails.application.routes.draw do\n  resources :sluices\n  mount API::Base => "/api"\nend\n',
      'app/controllers/sluices_controller.rb': 'class SluicesController\n  def show\n  end\nend\n',
      'app/api/v2/sluice.rb': `module API\n  module V2\n    class Sluice < API::Base\n      ${endpoints}\n    end\n  end\nend\n`,
      'app/api/v3/sluice.rb': `module API\n  module V3\n    class Sluice < API::Base\n      ${endpoints}\n    end\n  end\nend\n`,
    };
    const ask = (route: string): Asked => ({
      name: `GET ${route}`,
      kind: 2,
      language: 'ruby',
      attributes: { 'http.method': 'GET', 'http.route': route, 'code.namespace': 'API::V3::Sluice' },
    });
    expect(await placeOf(ask('/v3/sluice'), files)).toBe('app/api/v3/sluice.rb:5');
    expect(await placeOf(ask('/v3/sluice/:id'), files)).toBe('app/api/v3/sluice.rb:9');
  });
});

describe('calls of clients that are alike', () => {
  const ask = (url: string, language: string, ancestors: readonly Relative[] = []): Asked => ({
    name: 'GET',
    kind: 3,
    language,
    attributes: { 'http.method': 'GET', 'http.url': url },
    family: { ancestors, before: [], children: [] },
  });

  it('are told by the host, where one is called like it', async () => {
    const client = (name: string) =>
      `import requests\n\ndef get_tags():\n    url = f"{base_${name}()}tag?key={settings.${name}.key}"\n    return requests.get(url, timeout=3)\n`;
    const files = { 'gull/utils.py': client('gull'), 'tern/utils.py': client('tern') };
    expect(await placeOf(ask('http://tern:8989/api/v3/tag?key=1', 'python'), files)).toBe('tern/utils.py:5');
    expect(await placeOf(ask('http://gull:8989/api/v3/tag?key=1', 'python'), files)).toBe('gull/utils.py:5');
  });

  it('are no routes in Ruby, where the program has a method of its own for it', async () => {
    const files = {
      'app/services/tide/client.rb': `module Tide
  module Client
    def fetch_gauge(account, gauge_id)
      get(account, "gauges/#{gauge_id}")
    end

    def fetch_stats(account)
      get(account, "stations/#{account.id}/stats")
    end

    def get(account, path, **params)
      connection(account).get(path) { |req| req.params = params }
    end
  end
end
`,
    };
    const shows = async (path: string) => placeOf(ask(`https://www.tides.org/api/v3/${path}`, 'ruby'), files);
    expect(await shows('gauges/b1231')).toBe('app/services/tide/client.rb:4');
    expect(await shows('stations/8123/stats')).toBe('app/services/tide/client.rb:8');
  });

  it('are told from routes without looking at blank lines again and again', () => {
    const from = performance.now();
    expect(fileFacts(`${'\n'.repeat(190_000)}x`).drawsRoutes).toBe(false);
    expect(fileFacts(`${' \n'.repeat(90_000)}  resources :gulls`).drawsRoutes).toBe(true);
    expect(performance.now() - from).toBeLessThan(2_000);
  });

  it('are those of the program, and not those of a library that it has among its files', async () => {
    const files = {
      'app/views.py': `import requests

@bp.route("/pictures/<path:url>")
def picture(url):
    target = f"{base()}{url}"
    return requests.get(target, stream=True)
`,
      'libs/requests/__init__.py': 'from .api import get\n',
      'libs/requests/api.py': 'def get(url, params=None):\n    return session.request("get", url, params=params)\n',
    };
    const around = {
      name: 'GET /pictures/<path:url>',
      service: '',
      kind: 2,
      attributes: { 'http.route': '/pictures/<path:url>', 'http.method': 'GET' },
    };
    const [best] = shown(await hintsOf(ask('http://depot:80/v1/cover/12.jpg', 'python', [around]), files));
    expect(best).toMatch(/^app\/views\.py:6 /);
  });
});

describe('queries of one table', () => {
  const ask = (text: string, language: string, ancestors: readonly Relative[] = []): Asked => ({
    name: text.slice(0, 6),
    scope: 'db',
    language,
    attributes: { 'db.statement': text },
    family: { ancestors, before: [], children: [] },
  });

  it('of a repository whose methods give a statement back: where it is gone on with', async () => {
    const files = {
      'dock/endpoints.py': `from .service import crane as crane_service

@router.get(
    "/cranes/",
    summary="List cranes",
)
async def list(session):
    return await crane_service.list(session)


@router.post("/cranes/check")
async def check(session, code):
    repository = CraneRepository.from_session(session)
    return await repository.get_by_code(code)
`,
      'dock/service.py': `from .repository import CraneRepository


class CraneService:
    async def list(self, session, owner_id, yard_ids=None):
        repository = CraneRepository.from_session(session)
        statement = repository.get_statement_by_owner(owner_id)

        if yard_ids is not None:
            statement = statement.where(Crane.yard_id.in_(yard_ids))

        statement = statement.order_by(Crane.name)
        return await repository.paginate(statement)


crane = CraneService()
`,
      'dock/repository.py': `class CraneRepository(Repository[Crane]):
    model = Crane

    async def get_by_code(self, code):
        statement = (
            self.get_statement_by_owner(1)
            .where(Crane.code == code)
        )
        return await self.get_one_or_none(statement)

    def get_statement_by_owner(
        self, owner: int
    ) -> Select[tuple[Crane]]:
        return self.get_base_statement().where(Crane.owner_id == owner)
`,
    };
    const around = (method: string, route: string): Relative => ({
      name: `${method} ${route}`,
      service: '',
      kind: 2,
      attributes: { 'http.route': route, 'http.method': method },
    });
    const columns = 'SELECT cranes.id, cranes.code, cranes.name, cranes.owner_id, cranes.yard_id FROM cranes';
    const byCode = ask(`${columns} WHERE cranes.owner_id = $1 AND cranes.code = $2`, 'python', [around('POST', '/cranes/check')]);
    expect(await placeOf(byCode, files)).toBe('dock/repository.py:6');
    const listed = ask(`${columns} WHERE cranes.owner_id = $1 ORDER BY cranes.name`, 'python', [around('GET', '/cranes/')]);
    expect(await placeOf(listed, files)).toBe('dock/service.py:7');
  });

  it('of a view: of the class that it says it is about, whose query goes on there', async () => {
    const files = {
      'yard/urls.py': 'urlpatterns = [\n    path("yards/<int:yard_id>/cranes/", CraneViewSet.as_view({"get": "list"})),\n]\n',
      'yard/views.py': `class CraneViewSet(BaseViewSet):
    serializer_class = CraneSerializer
    model = TableCrane

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .filter(yard_id=self.kwargs.get("yard_id"))
        )

    def list(self, request, yard_id):
        cranes = CraneSerializer(self.get_queryset(), many=True).data
        return Response(cranes)


class WinchViewSet(BaseViewSet):
    model = TableWinch

    def get_queryset(self):
        return super().get_queryset().filter(yard_id=self.kwargs.get("yard_id"))
`,
      'yard/models.py': 'class TableCrane(Base):\n    __tablename__ = "table_crane"\n',
      'yard/repairs.py': 'def repairs(yard):\n    return TableCrane.objects.filter(yard_id=yard, broken=True, late=True)\n',
    };
    const around = {
      name: 'GET yards/<int:yard_id>/cranes/',
      service: '',
      kind: 2,
      attributes: { 'http.route': 'yards/<int:yard_id>/cranes/', 'http.method': 'GET' },
    };
    const text = 'SELECT table_crane.id, table_crane.name, table_crane.yard_id FROM table_crane WHERE table_crane.yard_id = %s';
    expect(await placeOf(ask(text, 'python', [around]), files)).toMatch(/^yard\/views\.py:13$/);
  });

  it('behind scopes of the program, and of many and not of one that was loaded', async () => {
    const files = {
      'app/models/haul.rb': 'class Haul < ApplicationRecord\n  scope :unlocked, -> { where(locked_at: nil) }\nend\n',
      'app/jobs/hauls_job.rb': `class HaulsJob
  def lock
    Haul.unlocked
        .ready
        .limit(1)
        .update_all(locked_by: @locker, locked_at: @time)
  end
end
`,
      'app/services/haul_service.rb': `class HaulService
  def fail
    @haul.update!(error: "late", locked_by: nil, locked_at: nil, retry_after: later)
  end
end
`,
    };
    const update =
      'UPDATE `hauls` SET `hauls`.`locked_by` = ?, `hauls`.`locked_at` = ? WHERE `hauls`.`locked_at` IS NULL AND (retry_after IS NULL OR retry_after < ?) LIMIT ?';
    expect(await placeOf(ask(update, 'ruby'), files)).toBe('app/jobs/hauls_job.rb:3');
  });
});
