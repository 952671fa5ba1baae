// Routes of .NET that stand nowhere as text: the names of a class and of its method are the route.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';
import { type Files, places } from './support/places';

it('leads to services of ABP and ASP.NET Boilerplate, and to controllers of OData', () =>
  places(
    'dotnet',
    {
      'src/Reeds/ReedAppService.cs': `public class ReedAppService : CrudAppService<Reed, ReedDto, Guid>, IReedAppService
{
    public override async Task<ReedDto> GetAsync(Guid id) { return null; }
    public async Task<Dictionary<string, int>> GetBedLookupAsync() { return null; }
    public async Task CutAsync(Guid id, int height) { }
    public Task GetBedLookupNow() { return null; }
}
`,
      'src/Controllers/SedgesController.cs': `public class SedgesController : ODataController
{
    public IQueryable<Sedge> Get() { return null; }
    public SingleResult<Sedge> Get([FromODataUri] int key) { return null; }
}
`,
    },
    [
      ['GET api/app/reed/{id}', 'src/Reeds/ReedAppService.cs:3'],
      ['GET api/app/reed/bed-lookup', 'src/Reeds/ReedAppService.cs:4'],
      ['POST api/app/reed/{id}/cut', 'src/Reeds/ReedAppService.cs:5'],
      ['POST api/services/app/Reed/Cut', 'src/Reeds/ReedAppService.cs:5'],
      ['GET odata/Sedges', 'src/Controllers/SedgesController.cs:3'],
      ['GET odata/Sedges({key})', 'src/Controllers/SedgesController.cs:4'],
    ],
  ));

const files: Files = {
  'Controllers/ReedController.cs': `public class ReedController : ApiController
{
    public IEnumerable<Reed> GetAllReeds() { return null; }
    public IHttpActionResult GetReed(int id) { return null; }
    [ActionName("mow")]
    public IHttpActionResult MowNow(int id) { return null; }
    [Route("~/reeds/{id}/stalks"), HttpGet]
    public IHttpActionResult Stalks(int id) { return null; }
}
`,
  'Controllers/SedgeController.cs': `public class SedgeController : Controller
{
    [HttpPost, ActionName("Show")]
    public IActionResult Again(int id) { return null; }
    public IActionResult Show(int id) { return null; }
}
`,
  'Plugins/SedgeAdmin.cs':
    '[Area("Admin")]\n[Route("[area]/sedge/{action=index}/{id?}")]\npublic class SedgeAdmin : Controller\n{\n    public IActionResult Configure(int id) { return null; }\n}\n',
  'Areas/Fen/Controllers/ReedController.cs':
    'public class ReedController : ApiController\n{\n    public Reed GetReed(int id) => null;\n}\n',
  'Pages/Beds/Edit.cshtml.cs': `public class EditModel : PageModel
{
    public void OnGet(int id) { }
    public async Task<IActionResult> OnPostAsync() { return Page(); }
    public IActionResult OnPostDrain(int id) => Page();
}
`,
};

it.each([
  ['GET', 'api/{controller}/{id}', '/api/reed', '', 'Controllers/ReedController.cs:3'],
  ['GET', 'api/{controller}/{id}', '/api/reed/7', '', 'Controllers/ReedController.cs:4'],
  ['GET', '{controller=Home}/{action=Index}/{id?}', '/Reed/mow/7', '', 'Controllers/ReedController.cs:6'],
  ['GET', '{controller=Home}/{action=Index}/{id?}', '/sedge/show/7', '', 'Controllers/SedgeController.cs:5'],
  ['POST', '{controller=Home}/{action=Index}/{id?}', '/sedge/show/7', '', 'Controllers/SedgeController.cs:4'],
  ['GET', 'Admin/sedge/{action=index}/{id?}', '/admin/sedge/configure/', '', 'Plugins/SedgeAdmin.cs:5'],
  ['GET', 'Beds/Edit/{id:int}', '/Beds/Edit/7', '', 'Pages/Beds/Edit.cshtml.cs:3'],
  ['POST', 'Beds/Edit/{id:int}', '/Beds/Edit/7', '', 'Pages/Beds/Edit.cshtml.cs:4'],
  ['POST', 'Beds/Edit/{id:int}', '/Beds/Edit/7', '?handler=Drain', 'Pages/Beds/Edit.cshtml.cs:5'],
])('%s %s for %s%s', async (method, route, path, query, place) => {
  const attributes = { 'http.request.method': method, 'http.route': route, 'url.path': path, 'url.query': query };
  expect(await placeOf({ name: `${method} ${route}`, kind: 2, language: 'dotnet', attributes }, files)).toBe(place);
});

it.each([
  [
    'php',
    {
      'routes/web.php': "<?php\nRoute::post('/beds/{action}', [BedController::class, 'run']);\n",
      'app/BedController.php': '<?php\nclass BedController {\n    public function run($action) {}\n}\n',
    },
    'app/BedController.php:3',
  ],
  ['dotnet', { 'src/Program.cs': 'app.MapPost("/beds/{action}", (string action) => Run(action));\n' }, 'src/Program.cs:1'],
  ['python', { 'beds.py': "@router.post('/beds/{action}')\nasync def run(action: str):\n    return action\n" }, 'beds.py:1'],
])('takes {action} of %s for a parameter', async (language, own, place) => {
  const attributes = { 'http.request.method': 'POST', 'http.route': '/beds/{action}', 'url.path': '/beds/drain' };
  expect(await placeOf({ name: 'POST /beds/{action}', kind: 2, language, attributes }, own)).toBe(place);
});

it('leads to services of ServiceStack by what they are given, and to classes of FastEndpoints', () =>
  places(
    'dotnet',
    {
      'src/Reeds.cs':
        '[Route("/reeds", "GET")]\npublic class ListReeds : IReturn<List<Reed>> { }\n[Route("/reeds/{Id}", "DELETE")]\npublic class CutReed : IReturnVoid { }\n',
      'src/ReedServices.cs':
        'public class ReedServices : Service\n{\n    public object Any(ListReeds request) => null;\n    public void Delete(CutReed request) { }\n}\n',
      'src/Drain.cs': `[HttpPost("beds/drain")]
[Authorize]
public class Drain : Endpoint<DrainRequest>
{
    public override async Task HandleAsync(DrainRequest r, CancellationToken c)
    {
    }
}
`,
      'src/Fill.cs': `public class Fill : EndpointWithoutRequest
{
    public const string Path = "/beds/{id}/fill";
    public override void Configure()
    {
        Verbs(Http.PUT);
        Routes(Path);
    }
    public override async Task ExecuteAsync(CancellationToken c)
    {
    }
}
`,
    },
    [
      ['GET /reeds', 'src/ReedServices.cs:3'],
      ['DELETE /reeds/{Id}', 'src/ReedServices.cs:4'],
      ['POST beds/drain', 'src/Drain.cs:5'],
      ['PUT beds/{id}/fill', 'src/Fill.cs:9'],
    ],
  ));
