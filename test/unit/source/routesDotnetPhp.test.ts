// Routes in the notations of frameworks: small programs, and the line that a person would open for each route.
import { describe, expect, it } from 'vitest';
import { hintsOf, placeOf, shown } from './support/memory';
import { places } from './support/places';

describe('frameworks of .NET', () => {
  it('controllers, minimal APIs in groups and extension methods, FastEndpoints', () =>
    places(
      'dotnet',
      {
        'Api/Controllers/LampsController.cs': `namespace Api.Controllers;

[ApiController]
[Route("api/v{version:apiVersion}/[controller]")]
[Authorize]
public class LampsController : ControllerBase
{
    [HttpGet]
    [ProducesResponseType(typeof(Lamp), 200)]
    public async Task<IActionResult> GetAll() => Ok();

    [HttpGet("{id:int}", Name = "GetLamp"), AllowAnonymous]
    public IActionResult Get(int id)
    {
        return Ok();
    }

    [HttpPost]
    [Route("{id}/[action]")]
    public IActionResult Dim(int id) => Ok();

    [HttpDelete("~/api/broken-lamps/{id}")]
    public IActionResult Drop(int id) => Ok();
}
`,
        'Api/Program.cs': `var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/ping", () => "pong");
app.MapGroup("/api/bulbs").MapBulbs().WithTags("bulbs");
var wires = app.MapGroup("/api/wires").RequireAuthorization();
wires.MapPut("/{id}", WireEndpoints.Update);
wires.MapDelete("/{id}", async (int id, Db db) =>
{
    return Results.NoContent();
});
app.Run();
`,
        'Api/BulbEndpoints.cs': `public static class BulbEndpoints
{
    public static RouteGroupBuilder MapBulbs(this RouteGroupBuilder group)
    {
        group.MapGet("/", GetBulbs);
        group.MapGet("/{id:guid}", GetBulb).WithName("GetBulb");
        return group;
    }

    private static async Task<IResult> GetBulbs(Db db) => Results.Ok();

    private static async Task<IResult> GetBulb(Guid id, Db db)
    {
        return Results.Ok();
    }
}
`,
        'Api/WireEndpoints.cs': `public class WireEndpoints
{
    public static IResult Update(int id) => Results.Ok();
}
`,
        'Api/Endpoints/CreateFuse.cs': `public class CreateFuse : Endpoint<FuseRequest, FuseResponse>
{
    public override void Configure()
    {
        Post("/api/fuses");
        AllowAnonymous();
    }

    public override async Task HandleAsync(FuseRequest request, CancellationToken ct)
    {
    }
}
`,
      },
      [
        ['GET api/v{version:apiVersion}/Lamps', 'Api/Controllers/LampsController.cs:8'],
        ['GET api/v{version:apiVersion}/Lamps/{id:int}', 'Api/Controllers/LampsController.cs:12'],
        ['POST api/v{version:apiVersion}/Lamps/{id}/Dim', 'Api/Controllers/LampsController.cs:19'],
        ['DELETE api/broken-lamps/{id}', 'Api/Controllers/LampsController.cs:22'],
        ['GET /ping', 'Api/Program.cs:3'],
        ['GET /api/bulbs/', 'Api/BulbEndpoints.cs:10'],
        ['GET /api/bulbs/{id:guid}', 'Api/BulbEndpoints.cs:12'],
        ['PUT /api/wires/{id}', 'Api/WireEndpoints.cs:3'],
        ['DELETE /api/wires/{id}', 'Api/Program.cs:7'],
        ['POST /api/fuses', 'Api/Endpoints/CreateFuse.cs:9'],
      ],
    ));

  it('a route that names the controller only in the path of the request', async () => {
    const files = {
      'Web/Controllers/HomeController.cs':
        'public class HomeController : Controller\n{\n    public IActionResult Index() => View();\n}\n',
      'Web/Controllers/LampsController.cs': `public class LampsController : Controller
{
    public async Task<IActionResult> Edit(int id)
    {
    }

    [HttpPost]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Edit(int id, Lamp lamp)
    {
    }
}
`,
    };
    const asked = (method: string, path: string): Promise<string> =>
      placeOf(
        {
          name: `${method} {controller=Home}/{action=Index}/{id?}`,
          language: 'dotnet',
          kind: 2,
          attributes: { 'http.request.method': method, 'http.route': '{controller=Home}/{action=Index}/{id?}', 'url.path': path },
        },
        files,
      );
    expect(await asked('GET', '/')).toBe('Web/Controllers/HomeController.cs:3');
    expect(await asked('GET', '/lamps/edit/3')).toBe('Web/Controllers/LampsController.cs:3');
    expect(await asked('POST', '/Lamps/Edit/3')).toBe('Web/Controllers/LampsController.cs:9');
  });
});

describe('frameworks of PHP', () => {
  it('Laravel', () =>
    places(
      'php',
      {
        'routes/web.php': `<?php
use App\\Access\\Controllers\\LoginController;
use App\\Entities\\Controllers as EntityControllers;

Route::get('/', [EntityControllers\\HomeController::class, 'index']);
Route::middleware('auth')->group(function () {
    Route::get('/shelves/{slug}/edit', [EntityControllers\\ShelfController::class, 'edit']);
    Route::resource('tapes', TapeController::class)->except(['show']);
    Route::view('/about', 'about');
    Route::any('/hook/{name}', 'HookController@receive');
});
Route::post('/login', [LoginController::class, 'login'])->name('login');
`,
        'app/Access/Controllers/LoginController.php':
          '<?php\nclass LoginController extends Controller\n{\n    public function login(Request $request)\n    {\n    }\n}\n',
        'app/Entities/Controllers/HomeController.php': '<?php\nclass HomeController\n{\n    public function index() {}\n}\n',
        'app/Entities/Controllers/ShelfController.php': '<?php\nclass ShelfController extends BaseController\n{\n}\n',
        'app/Entities/Controllers/BaseController.php':
          '<?php\nabstract class BaseController\n{\n    public function edit(string $slug) {}\n}\n',
        'app/Http/Controllers/TapeController.php':
          '<?php\nclass TapeController\n{\n    public function create() {}\n    public function store() {}\n}\n',
        'app/Http/Controllers/HookController.php': '<?php\nclass HookController\n{\n    public function receive() {}\n}\n',
      },
      [
        ['GET /', 'app/Entities/Controllers/HomeController.php:4'],
        ['GET shelves/{slug}/edit', 'app/Entities/Controllers/BaseController.php:4'],
        ['GET tapes/create', 'app/Http/Controllers/TapeController.php:4'],
        ['POST tapes', 'app/Http/Controllers/TapeController.php:5'],
        ['GET about', 'routes/web.php:9'],
        ['POST hook/{name}', 'app/Http/Controllers/HookController.php:4'],
        ['POST login', 'app/Access/Controllers/LoginController.php:4'],
      ],
    ));

  it('Symfony, Slim, Lumen and CodeIgniter', () =>
    places(
      'php',
      {
        'src/Controller/TapeController.php': `<?php
namespace App\\Controller;

#[Route('/{_locale}/tapes', name: 'tape_')]
class TapeController extends AbstractController
{
    #[Route('', name: 'index', methods: ['GET'])]
    #[Cache(maxage: 10)]
    public function index(): Response
    {
    }

    #[Route(path: '/{id}/play', name: 'play', requirements: ['id' => '\\d+'], methods: ['POST'])]
    public function play(int $id): Response
    {
    }
}
`,
        'src/routes.php': `<?php
return function (App $app) {
    $app->group('/reels', function (RouteCollectorProxy $group) {
        $group->get('', ListReelsAction::class);
        $group->put('/{id}', [ReelAction::class, 'update']);
        $group->delete('/{id}', ReelAction::class . ':remove');
    })->add(AuthMiddleware::class);
    $router->group(['prefix' => 'discs', 'middleware' => 'auth'], function () use ($router) {
        $router->get('{id}', ['uses' => 'DiscController@show', 'as' => 'disc']);
    });
    $routes->get('news/(:segment)', 'News::view/$1');
};
`,
        'src/Actions/ListReelsAction.php':
          '<?php\nclass ListReelsAction extends Action\n{\n    public function __invoke(Request $request) {}\n}\n',
        'src/Actions/ReelAction.php':
          '<?php\nclass ReelAction\n{\n    public function update() {}\n    public function remove() {}\n}\n',
        'app/Http/Controllers/DiscController.php': '<?php\nclass DiscController\n{\n    public function show($id) {}\n}\n',
        'app/Controllers/News.php': '<?php\nclass News extends BaseController\n{\n    public function view($slug) {}\n}\n',
      },
      [
        ['GET /{_locale}/tapes', 'src/Controller/TapeController.php:7'],
        ['POST /{_locale}/tapes/{id}/play', 'src/Controller/TapeController.php:13'],
        ['GET /reels', 'src/Actions/ListReelsAction.php:4'],
        ['PUT /reels/{id}', 'src/Actions/ReelAction.php:4'],
        ['DELETE /reels/{id}', 'src/Actions/ReelAction.php:5'],
        ['GET /discs/{id}', 'app/Http/Controllers/DiscController.php:4'],
        ['GET news/(:segment)', 'app/Controllers/News.php:4'],
      ],
    ));
});

describe('a class in a string, of a group of Laravel', () => {
  const controller = (namespace: string) =>
    `<?php\nnamespace ${namespace};\nclass ReedController extends Controller\n{\n    public function index()\n    {\n        return [];\n    }\n}\n`;
  const files = {
    'routes/api.php': `<?php
Route::group(
    [
        'namespace' => 'App\\Api\\V1\\Controllers\\Picker',
        'prefix'    => 'v1/picker',
    ],
    static function (): void {
        Route::get('reeds', ['uses' => 'ReedController@index', 'as' => 'reeds']);
    }
);
Route::prefix('v1/admin')->namespace('App\\Api\\V1\\Controllers')->group(function () {
    Route::group(['namespace' => 'Admin', 'prefix' => 'garden'], function () {
        Route::get('/reeds', 'ReedController@index');
    });
    Route::get('/reeds', 'ReedController@index');
});
`,
    'app/Http/Controllers/ReedController.php': controller('App\\Http\\Controllers'),
    'app/Api/V1/Controllers/Picker/ReedController.php': controller('App\\Api\\V1\\Controllers\\Picker'),
    'app/Api/V1/Controllers/Admin/ReedController.php': controller('App\\Api\\V1\\Controllers\\Admin'),
    'app/Api/V1/Controllers/ReedController.php': controller('App\\Api\\V1\\Controllers'),
  };

  it.each([
    ['v1/picker/reeds', 'app/Api/V1/Controllers/Picker/ReedController.php:5'],
    ['v1/admin/garden/reeds', 'app/Api/V1/Controllers/Admin/ReedController.php:5'],
    ['v1/admin/reeds', 'app/Api/V1/Controllers/ReedController.php:5'],
  ])('%s leads to the one of its namespace', async (route, place) => {
    const attributes = { 'http.route': route, 'http.request.method': 'GET' };
    expect(shown(await hintsOf({ name: `GET ${route}`, kind: 2, language: 'php', attributes }, files))[0]).toContain(place);
  });
});

it('leads to one place where two attributes of an action say the same', async () => {
  const files = {
    'src/TideController.cs': `public class TideController : ControllerBase
{
    [HttpHead("tide/{port}.ts")]
    [HttpGet("tide/{port}.ts")]
    public async Task<IActionResult> Stream(string port)
    {
        return Ok();
    }
}
`,
  };
  const asked = {
    name: 'GET tide/{port}.ts',
    kind: 2,
    scope: 'Microsoft.AspNetCore',
    language: 'dotnet',
    attributes: { 'http.request.method': 'GET', 'http.route': 'tide/{port}.ts' },
  };
  expect(shown(await hintsOf(asked, files))).toEqual(['src/TideController.cs:4 0.80']);
});
