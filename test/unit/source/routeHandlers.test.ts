// From a route to the function that answers it: what stands before its path elsewhere, and the definition that the declaration names.
import { describe, expect, it } from 'vitest';
import { hintsOf, placeOf, shown } from './support/memory';
import { type Files, places } from './support/places';

const span = (method: string, route: string, language: string, rest: Record<string, string> = {}) => ({
  name: `${method} ${route}`,
  language,
  kind: 2,
  attributes: { 'http.request.method': method, 'http.route': route, ...rest },
});

describe('the handler of a route', () => {
  const express: Files = {
    'src/server.js': `const routes = require('./routes');
app.use('/api/v2', routes.api);
app.use('/api', routes.api);
`,
    'src/routes/index.js': `const { Router } = require('express');
const boats = require('./boat.routes');
const ports = require('./port.routes');
const api = Router();
api.use('/boats', boats);
api.use('/ports', ports);
module.exports = { api };
`,
    'src/routes/boat.routes.js': `const { Router } = require('express');
const asyncHandler = require('../asyncHandler');
const auth = require('../handlers/auth.handler');
const boat = require('../handlers/boats.handler');
const router = Router();

router.get(
  '/',
  asyncHandler(auth.jwt),
  asyncHandler(boat.list),
);

router.get('/:id', asyncHandler(auth.jwt), asyncHandler(boat.show));
router.delete('/:id', auth.jwt, boat.remove);
router.post('/:id/launch', async (req, res) => {
  res.send();
});
module.exports = router;
`,
    'src/routes/port.routes.js': `const router = require('express').Router();
const port = require('../handlers/ports.handler');
router.get('/', port.list);
router.route('/:id').get(port.show).put(port.update);
module.exports = router;
`,
    'src/handlers/auth.handler.js': 'async function jwt(req, res, next) {\n  next();\n}\n',
    'src/handlers/boats.handler.js': `async function list(req, res) {
  res.send(await boats.list());
}
async function show(req, res) {}
async function remove(req, res) {}
module.exports = { list, show, remove };
`,
    'src/handlers/ports.handler.js':
      'exports.list = async (req, res) => {};\nexports.show = (req, res) => {};\nexports.update = (req, res) => {};\n',
    'client/src/api.js':
      "export const list = () => http.get('/api/v2/boats');\nexport const show = (id) => http.get('/api/v2/boats/' + id);\n",
  };

  it('of Express is behind mounts, wrappers and imports', () =>
    places('nodejs', express, [
      ['GET /api/v2/boats', 'src/handlers/boats.handler.js:1'],
      ['GET /api/v2/boats/:id', 'src/handlers/boats.handler.js:4'],
      ['DELETE /api/boats/:id', 'src/handlers/boats.handler.js:5'],
      ['POST /api/v2/boats/:id/launch', 'src/routes/boat.routes.js:15'],
      ['GET /api/v2/ports', 'src/handlers/ports.handler.js:1'],
      ['GET /api/v2/ports/:id', 'src/handlers/ports.handler.js:2'],
      ['PUT /api/v2/ports/:id', 'src/handlers/ports.handler.js:3'],
    ]));

  it('goes before its declaration, which is no answer by itself then', async () => {
    const all = shown(await hintsOf(span('GET', '/api/v2/boats/:id', 'nodejs'), express));
    expect(all[0]).toMatch(/^src\/handlers\/boats.handler.js:4 0\.8/);
    expect(all[1]).toMatch(/^src\/routes\/boat.routes.js:13 0\.[0-4]/);
  });

  it('of gin is a method of what the group was given', () =>
    places(
      'go',
      {
        'router/router.go': `package router

import "example.org/harbour/api"

func Create(db *Database) *gin.Engine {
	g := gin.New()
	boatHandler := api.BoatAPI{DB: db}
	crewHandler := api.NewCrewAPI(db)
	g.GET("/version", func(ctx *gin.Context) {
		ctx.JSON(200, version)
	})
	auth := g.Group("").Use(authenticate)
	{
		boats := auth.Group("/boat")
		{
			boats.GET("", boatHandler.List)
			boats.PUT("/:id", boatHandler.Update)
			crew := boats.Group("/:id/crew")
			{
				crew.GET("", crewHandler.List)
			}
		}
		g.Group("/crew").Use(authenticate).POST("", crewHandler.Create())
	}
	return g
}
`,
        'api/boat.go':
          'package api\n\ntype BoatAPI struct{ DB Database }\n\nfunc (a *BoatAPI) List(ctx *gin.Context) {}\nfunc (a *BoatAPI) Update(ctx *gin.Context) {}\n',
        'api/crew.go':
          'package api\n\ntype CrewAPI struct{}\n\nfunc NewCrewAPI(db Database) *CrewAPI { return nil }\nfunc (a *CrewAPI) List(ctx *gin.Context) {}\nfunc (a *CrewAPI) Create() gin.HandlerFunc { return nil }\n',
        'database/boat.go': 'package database\n\nfunc (d *GormDatabase) List() {}\nfunc (d *GormDatabase) Update() {}\n',
      },
      [
        ['GET /boat', 'api/boat.go:5'],
        ['PUT /boat/:id', 'api/boat.go:6'],
        ['GET /boat/:id/crew', 'api/crew.go:6'],
        ['POST /crew', 'api/crew.go:7'],
        ['GET /version', 'router/router.go:9'],
      ],
    ));

  it('of Rails is the action of a controller that no text names', () =>
    places(
      'ruby',
      {
        'config/routes.rb': `Rails.application.routes.draw do
  namespace :api do
    namespace :v1 do
      resources :boats, only: [:index, :show, :create] do
        resources :crews, only: :index
        member do
          post :launch
        end
        get :search, on: :collection
      end
    end
  end
  resource :profile, only: %i[show update]
  scope module: 'public' do
    get 'about', to: 'pages#about'
  end
  root to: 'home#index'
end
`,
        'app/controllers/api/v1/boats_controller.rb': `class Api::V1::BoatsController < ApplicationController
  def index
  end

  def create
  end

  def launch
  end

  def search
  end
end
`,
        'app/controllers/boats_controller.rb': 'class BoatsController\n  def index\n  end\nend\n',
        'app/controllers/api/v1/crews_controller.rb': 'class Api::V1::CrewsController\n  def index\n  end\nend\n',
        'app/controllers/profiles_controller.rb': 'class ProfilesController\n  def show\n  end\n\n  def update\n  end\nend\n',
        'app/controllers/public/pages_controller.rb': 'class Public::PagesController\n  def about\n  end\nend\n',
        'app/controllers/home_controller.rb': 'class HomeController\n  def index\n  end\nend\n',
        'app/controllers/application_controller.rb': 'class ApplicationController\n  def show\n  end\nend\n',
      },
      [
        ['GET /api/v1/boats(.:format)', 'app/controllers/api/v1/boats_controller.rb:2'],
        ['POST /api/v1/boats(.:format)', 'app/controllers/api/v1/boats_controller.rb:5'],
        ['POST /api/v1/boats/:id/launch(.:format)', 'app/controllers/api/v1/boats_controller.rb:8'],
        ['GET /api/v1/boats/search(.:format)', 'app/controllers/api/v1/boats_controller.rb:11'],
        ['GET /api/v1/boats/:id(.:format)', 'app/controllers/application_controller.rb:2'],
        ['GET /api/v1/boats/:boat_id/crews(.:format)', 'app/controllers/api/v1/crews_controller.rb:2'],
        ['PUT /profile(.:format)', 'app/controllers/profiles_controller.rb:5'],
        ['GET /about(.:format)', 'app/controllers/public/pages_controller.rb:2'],
        ['GET /', 'app/controllers/home_controller.rb:2'],
      ],
    ));

  it('of Laravel is a method of a controller, in groups and resources', () =>
    places(
      'php',
      {
        'routes/api.php': `<?php
use App\\Http\\Controllers\\API\\BoatController;
use App\\Http\\Controllers\\API\\LaunchController;

Route::prefix('harbour')->middleware('auth')->group(static function (): void {
    Route::apiResource('boats', BoatController::class);
    Route::post('boats/{boat}/launch', LaunchController::class)->name('launch');
    Route::controller(BoatController::class)->group(function () {
        Route::get('boats/{boat}/crew', 'crew');
    });
});
Route::group(['prefix' => 'admin'], function () {
    Route::get('stats', [BoatController::class, 'stats']);
});
`,
        'app/Http/Controllers/API/BoatController.php': `<?php
namespace App\\Http\\Controllers\\API;
class BoatController extends Controller
{
    public function index() {}
    public function show(Boat $boat) {}
    public function update(Boat $boat) {}
    public function crew(Boat $boat) {}
    public function stats() {}
}
`,
        'app/Http/Controllers/API/LaunchController.php':
          '<?php\nclass LaunchController\n{\n    public function __invoke(Boat $boat) {}\n}\n',
        'app/Http/Controllers/BoatController.php':
          '<?php\nclass BoatController\n{\n    public function index() {}\n    public function stats() {}\n}\n',
      },
      [
        ['GET api/harbour/boats', 'app/Http/Controllers/API/BoatController.php:5'],
        ['GET api/harbour/boats/{boat}', 'app/Http/Controllers/API/BoatController.php:6'],
        ['PUT api/harbour/boats/{boat}', 'app/Http/Controllers/API/BoatController.php:7'],
        ['POST api/harbour/boats/{boat}/launch', 'app/Http/Controllers/API/LaunchController.php:4'],
        ['GET api/harbour/boats/{boat}/crew', 'app/Http/Controllers/API/BoatController.php:8'],
        ['GET api/admin/stats', 'app/Http/Controllers/API/BoatController.php:9'],
      ],
    ));

  it('is found from what servers say that name no route', async () => {
    const files = {
      'src/main/java/BoatController.java': `@RequestMapping("/api/boats")
class BoatController {
    @GetMapping("/{id}")
    Boat show(@PathVariable long id) { return null; }
}
`,
      'src/server.js': "app.get('/boats/:id', show);\napp.get('/boats/latest', latest);\n",
    };
    const micrometer = { uri: '/api/boats/{id}', method: 'GET', status: '200' };
    expect(await placeOf({ name: 'http get /api/boats/{id}', language: 'java', kind: 2, attributes: micrometer }, files)).toBe(
      'src/main/java/BoatController.java:3',
    );
    expect(await placeOf({ name: 'http get /api/boats/{id}', language: 'java', kind: 2 }, files)).toBe(
      'src/main/java/BoatController.java:3',
    );
    const asked = (path: string): Promise<string> =>
      placeOf(
        { name: 'GET', language: 'nodejs', kind: 2, attributes: { 'http.request.method': 'GET', 'url.path': path } },
        files,
      );
    expect(await asked('/boats/42')).toBe('src/server.js:1');
    expect(await asked('/boats/latest')).toBe('src/server.js:2');
    expect(await asked('/boats.js')).toBe('');
  });
});
