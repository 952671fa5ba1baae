// Routes that stand in tables of the program's own.
import { describe, it } from 'vitest';
import { places } from './support/places';

describe('tables of routes', () => {
  it('rows of Go, below the router of their block', async () => {
    await places(
      'go',
      {
        'http/server.go': `package http

func (s *Server) register(h *Harbour) {
	router := s.Handler.(*mux.Router)
	api := router.PathPrefix("/api").Subrouter()

	{
		api := api.PathPrefix("/auth").Subrouter()

		routes := map[string]route{
			"status": {"GET", "/status", authStatus(s.auth)},
		}
		for _, r := range routes {
			api.Methods(r.Methods()...).Path(r.Pattern).Handler(r.HandlerFunc)
		}
	}

	{
		api := api.PathPrefix("/harbour").Subrouter()
		for _, r := range []route{
			{"GET", "/status", harbourStatus},
			{http.MethodPost, "/berths/{id:[0-9]+}", bookBerth(h)},
			{"POST", "/close", func(w http.ResponseWriter, r *http.Request) {
				h.Close()
			}},
		} {
			api.Methods(r.Methods()...).Path(r.Pattern).Handler(r.HandlerFunc)
		}
	}

	for id := range h.Quays() {
		api := api.PathPrefix(fmt.Sprintf("/quays/%d", id+1)).Subrouter()
		for _, r := range map[string]route{
			"plan": {"GET", "/plan", quayPlan},
		} {
			api.Methods(r.Methods()...).Path(r.Pattern).Handler(r.HandlerFunc)
		}
	}
}
`,
        'http/handlers.go': `package http

func authStatus(auth *Auth) http.HandlerFunc { return nil }

func harbourStatus(w http.ResponseWriter, r *http.Request) {}

func bookBerth(h *Harbour) http.HandlerFunc { return nil }

func quayPlan(w http.ResponseWriter, r *http.Request) {}
`,
        'http/routes.go': `package http

var table = Routes{
	Route{
		"Tides",
		"GET",
		"/v1/tides",
		listTides,
	},
	{Name: "Tide", Method: http.MethodPut, Pattern: "/v1/tides/{id}", HandlerFunc: setTide},
}

func listTides(w http.ResponseWriter, r *http.Request) {}

func setTide(w http.ResponseWriter, r *http.Request) {}
`,
      },
      [
        ['GET /api/auth/status', 'http/handlers.go:3'],
        ['GET /api/harbour/status', 'http/handlers.go:5'],
        ['POST /api/harbour/berths/{id:[0-9]+}', 'http/handlers.go:7'],
        ['POST /api/harbour/close', 'http/server.go:23'],
        ['GET /api/quays/2/plan', 'http/handlers.go:9'],
        ['GET /v1/tides', 'http/routes.go:13'],
        ['PUT /v1/tides/{id}', 'http/routes.go:15'],
      ],
    );
  });

  it('settings that name a class, or a controller and what it does', async () => {
    await places(
      'php',
      {
        'app/Resources/routes.json': `[
    {
        "route": "/berths",
        "method": "get",
        "actionClassName": "Harbour\\\\Tools\\\\Berth\\\\GetBerths"
    },
    {
        "route": "/berths",
        "method": "post",
        "actionClassName": "Harbour\\\\Tools\\\\Berth\\\\PostBerth"
    },
    {
        "route": "/Settings/:name",
        "method": "put",
        "params": {
            "controller": "Settings",
            "action": "update",
            "name": ":name"
        }
    }
]
`,
        'app/Tools/Berth/GetBerths.php':
          '<?php\nnamespace Harbour\\Tools\\Berth;\n\nclass GetBerths implements Action\n{\n    public function process(Request $request): Response\n    {\n    }\n}\n',
        'app/Tools/Berth/PostBerth.php':
          '<?php\nnamespace Harbour\\Tools\\Berth;\n\nclass PostBerth implements Action\n{\n    public function process(Request $request): Response\n    {\n    }\n}\n',
        'app/Controllers/Settings.php':
          '<?php\nclass Settings\n{\n    public function getActionRead() {}\n\n    public function putActionUpdate(Request $request) {}\n}\n',
        'app/Entities/Settings.php': '<?php\nclass Settings\n{\n    public function update() {}\n}\n',
      },
      [
        ['GET /berths', 'app/Tools/Berth/GetBerths.php:6'],
        ['POST /berths', 'app/Tools/Berth/PostBerth.php:6'],
        ['PUT /Settings/{name}', 'app/Controllers/Settings.php:6'],
      ],
    );
  });

  it('the table of ASP.NET MVC', async () => {
    await places(
      'dotnet',
      {
        'Web/Endpoints.cs': `public static class Endpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapControllerRoute(
            name: "berths",
            pattern: "api/v2/berths",
            defaults: new { controller = "Berth", action = "List" });

        endpoints.MapControllerRoute(
            name: "leave",
            pattern: "api/v2/berths/{id}",
            defaults: new { controller = "Berth", action = "Leave" },
            constraints: new { httpMethod = new HttpMethodRouteConstraint("DELETE") });
    }
}
`,
        'Web/Controllers/BerthController.cs': `public class BerthController : Controller
{
    public Task<IActionResult> ListAsync() { return null; }

    public IActionResult Leave(string id) { return null; }
}
`,
      },
      [
        ['GET api/v2/berths', 'Web/Controllers/BerthController.cs:3'],
        ['DELETE api/v2/berths/{id}', 'Web/Controllers/BerthController.cs:5'],
      ],
    );
  });

  it('a view set with the decorators of before, and a root that is an expression', async () => {
    await places(
      'python',
      {
        'harbour/urls.py': `from django.urls import include, re_path

from .routers import router

urlpatterns = [
    re_path(r"^api/", include([
        re_path("^tides/", TideView.as_view()),
        *router.urls,
    ])),
]
`,
        'harbour/routers.py':
          'from harbour.berths.api import BerthViewSet\n\nrouter = routers.DefaultRouter()\nrouter.register(r"berths", BerthViewSet, base_name="berths")\n',
        'harbour/berths/api.py': `class BerthViewSet(ModelCrudViewSet):
    @list_route(methods=["POST"])
    def bulk_book(self, request):
        pass

    @detail_route(methods=["POST"])
    def leave(self, request, pk=None):
        pass
`,
        'harbour/views.py': 'class TideView(APIView):\n    def get(self, request):\n        pass\n',
      },
      [
        ['POST ^api/berths/bulk_book$', 'harbour/berths/api.py:2'],
        ['POST ^api/berths/(?P<pk>[^/.]+)/leave$', 'harbour/berths/api.py:6'],
        ['GET ^api/tides/', 'harbour/views.py:2'],
      ],
    );
  });

  it('of which nothing is found: who is called like the route', async () => {
    await places(
      'go',
      {
        'api/harbour_handlers.go':
          'package api\n\nfunc (s *Server) handleBerthsDelete(w http.ResponseWriter, r *http.Request) {}\n\nfunc (s *Server) handleBerthsList(w http.ResponseWriter, r *http.Request) {}\n',
        'store/berths.go': 'package store\n\nfunc (s *Store) ListBerths() {}\n',
      },
      [
        ['GET /v1/berths', 'api/harbour_handlers.go:5'],
        ['DELETE /v1/berths', 'api/harbour_handlers.go:3'],
      ],
    );
  });

  it('in lines that end as those of Windows', async () => {
    await places(
      'php',
      {
        'routes.json':
          '[\r\n  {\r\n    "route": "/tides",\r\n    "method": "get",\r\n    "handler": "Harbour\\\\ListTides"\r\n  }\r\n]\r\n',
        'src/ListTides.php': '<?php\r\nclass ListTides\r\n{\r\n    public function __invoke() {}\r\n}\r\n',
      },
      [['GET /tides', 'src/ListTides.php:4']],
    );
  });

  it('by a function of the program, which is given the router, the method and who answers', async () => {
    await places(
      'nodejs',
      {
        'src/routes/berths.js': `const router = require('express').Router();
const controllers = require('../controllers');

module.exports = function () {
  setupApiRoute(router, 'put', '/:id/moor', [auth], controllers.write.berths.moor);
  setupApiRoute(router, 'delete', '/:id/moor', [auth], controllers.write.berths.leave);
  return router;
};
`,
        'src/routes/index.js': "app.use('/api/v3/berths', require('./berths')());\n",
        'src/controllers/write/berths.js':
          'const Berths = module.exports;\n\nBerths.moor = async (req, res) => {};\n\nBerths.leave = async (req, res) => {};\n',
        'src/berths/leave.js': 'module.exports = function (Berths) {\n  Berths.leave = async function (id) {};\n};\n',
      },
      [
        ['PUT /api/v3/berths/:id/moor', 'src/controllers/write/berths.js:3'],
        ['DELETE /api/v3/berths/:id/moor', 'src/controllers/write/berths.js:5'],
      ],
    );
  });

  it('a view whose mixin comes before a view of a library', async () => {
    await places(
      'python',
      {
        'harbour/urls.py':
          'from django.urls import path\n\nfrom .views import TideList\n\nurlpatterns = [path("tides/", TideList.as_view())]\n',
        'harbour/views.py': 'from .base import Counted\n\n\nclass TideList(Counted, ListView):\n    model = Tide\n',
        'harbour/base.py': 'class Counted:\n    def dispatch(self, request):\n        pass\n',
      },
      [['GET tides/', 'harbour/views.py:4']],
    );
  });
});
