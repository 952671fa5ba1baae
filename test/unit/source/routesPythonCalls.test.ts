// Routes of Python that calls declare, in the notations of frameworks: small programs, and the line that a person would open for each route.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';
import { places } from './support/places';

it('of objects that answer, in variables, by modules and with a suffix', () =>
  places(
    'python',
    {
      'fen/app.py': `from .reeds import Reeds
from fen import sedges

def create_app(store):
    app = falcon.App()
    reeds = Reeds(store)
    app.add_route("/reeds", reeds)
    app.add_route("/reeds/{name}", reeds, suffix="one")
    app.add_route("/sedges", sedges.Sedges())
`,
      'fen/reeds.py': `class Reeds:
    def on_get(self, req, resp):
        pass

    def on_put_one(self, req, resp, name):
        pass
`,
      'fen/sedges.py': `class Sedges:
    def on_post(self, req, resp):
        pass
`,
      'marsh/views.py': `class MossAPI(MethodView):
    def post(self):
        pass


moss_view = MossAPI.as_view("moss")
bp.add_url_rule("/moss", view_func=moss_view, methods=["POST"])
`,
    },
    [
      ['GET /reeds', 'fen/reeds.py:2'],
      ['PUT /reeds/{name}', 'fen/reeds.py:5'],
      ['POST /sedges', 'fen/sedges.py:2'],
      ['POST /moss', 'marsh/views.py:2'],
    ],
  ));

it('of parts of a path, of classes and of decorators that are called', () =>
  places(
    'python',
    {
      'bog/routes.py': `from bog import views

def setup(app, ponds):
    resource = app.router.add_resource("/ponds/{id}")
    resource.add_route("DELETE", views.drain)
    app.router.add_view("/session", views.SessionView)
    app.add_route(views.Peat.as_view(), "/peat/<key:str>")
    app.route("/heath/<name>", method="POST", callback=views.heath)


class Files:
    def __init__(self):
        self.router = APIRouter()
        self.router.post("/upload")(self.upload)

    async def upload(self):
        pass
`,
      'bog/views.py': `async def drain(request):
    pass


class SessionView(web.View):
    async def post(self):
        pass


class Peat(HTTPMethodView):
    async def put(self, request, key):
        pass


def heath(name):
    pass
`,
      'bog/tags.py': `routes = web.RouteTableDef()


@routes.view("/tags/{name}")
class TagView(web.View):
    async def get(self):
        pass

    async def put(self):
        pass


@ns.route("/<id>", "/by-chip/<id>")
class Dog(Resource):
    def put(self, id):
        pass
`,
    },
    [
      ['DELETE /ponds/{id}', 'bog/views.py:1'],
      ['POST /session', 'bog/views.py:6'],
      ['PUT /peat/<key>', 'bog/views.py:11'],
      ['POST /heath/<name>', 'bog/views.py:15'],
      ['POST /upload', 'bog/routes.py:16'],
      ['PUT /tags/{name}', 'bog/tags.py:9'],
      ['PUT /by-chip/<id>', 'bog/tags.py:15'],
    ],
  ));

it('below what other calls say', () =>
  places(
    'python',
    {
      'wiki/__init__.py': 'def main(settings):\n    config.include("wiki.routes", route_prefix="/wiki")\n    config.scan()\n',
      'wiki/routes.py': 'def includeme(config):\n    config.add_route("view_page", "/{page}")\n',
      'wiki/views.py': '@view_config(route_name="view_page")\ndef view_page(request):\n    pass\n',
      'urls.py': `urlpatterns = [
    re_path(r"^legacy/", include([re_path(r"^report/(?P<year>\\d{4})/$", report)])),
]


def report(request, year):
    pass
`,
      'news/api.py': `@api_controller("/news")
class NewsController:
    @http_get("/{slug}")
    def show(self, slug):
        pass
`,
    },
    [
      ['GET /wiki/{page}', 'wiki/views.py:2'],
      ['GET ^legacy/^report/(?P<year>\\d{4})/$', 'urls.py:6'],
      ['GET api/news/<slug>', 'news/api.py:3'],
    ],
  ));

it('by the path that was asked for', async () => {
  const files = {
    'fen/reeds.py': 'bp = Blueprint("reeds", "/reeds")\n\n\n@bp.get("/<name>")\nasync def show(request, name):\n    pass\n',
    'fen/frappe/moss.py': '@frappe.whitelist()\ndef cut(moss):\n    pass\n',
    'fen/moss.py': 'def cut(moss):\n    pass\n',
  };
  const asked = (target: string): Promise<string> =>
    placeOf({ name: `GET ${target}`, language: 'python', kind: 2, attributes: { 'http.target': target } }, files);
  expect(await asked('/reeds/tall')).toBe('fen/reeds.py:4');
  expect(await asked('/api/method/fen.frappe.moss.cut')).toBe('fen/frappe/moss.py:2');
});
