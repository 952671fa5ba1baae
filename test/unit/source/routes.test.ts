// Routes as frameworks report them, and the line that declares them.
import { describe, expect, it } from 'vitest';
import { matchRoute, parseRoute, routeNeedles } from '../../../src/source/routes/route';
import { hintsOf, placeOf, shown } from './support/memory';

const span = (method: string, route: string, language = '', rest: Record<string, string> = {}) => ({
  name: `${method} ${route}`,
  language,
  attributes: { 'http.request.method': method, 'http.route': route, ...rest },
});

const orders = {
  'src/express.js': `const router = express.Router();
router.get('/orders', list);
router.get('/orders/:id', show);
router.post('/orders/:id', update);
router.route('/orders/:id/lines')
  .get(lines)
  .post(addLine);
app.delete(
  '/orders/:id/lines/:line',
  remove,
);
fetch('/orders/:id/lines');
`,
  'routes/customers.js': `const router = express.Router();
router.get('/:id', show);
router.put('/:id', update);
router.get('/', list);
`,
  'app.js': `app.use('/customers', require('./routes/customers'));
`,
  'test/express.test.js': `request(app).get('/orders/:id');
it('GET /orders/:id', () => {});
`,
  'README.md': 'Call `GET /orders/:id` with curl.\n',
};

describe('a route', () => {
  it('is compared by its fixed segments in any notation', () => {
    const same = [
      '/orders/:id',
      '/orders/{id}',
      '/orders/<int:order_id>',
      'GET /orders/{id}',
      '^orders/(?P<pk>\\d+)/$',
      '/orders/{id:[0-9]+}',
      '/orders/:id(\\d+)',
      '/orders/[id]',
      '/orders/{id?}',
      'orders/<uuid:pk>/',
      '/orders/:id(.:format)',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the hole of a template is what is read.
      '/orders/${id}',
      '/orders/%s',
      '/orders/*',
      '/orders/{*rest}',
    ];
    for (const text of same) expect(parseRoute(text)?.segments, text).toEqual(['orders', undefined]);
    const expressions = 'api/v2/^orders/(?P<pk>[^/.]+)/lines/$';
    expect(parseRoute(expressions)?.segments).toEqual(['api', 'v2', 'orders', undefined, 'lines']);
    expect(routeNeedles(expressions)).toContain('/lines');
    expect(parseRoute('http://shop:8080/orders/42?x=1')?.segments).toEqual(['orders', '42']);
    expect(parseRoute('not a route')).toBeUndefined();
  });

  it('agrees from its end on, and a value with a parameter only where it came from a path', () => {
    const route = { segments: ['orders', undefined, 'lines'] };
    expect(matchRoute({ segments: [undefined, 'lines'] }, route, false)).toBe(2);
    expect(matchRoute({ segments: ['lines'] }, route, false)).toBe(1);
    expect(matchRoute({ segments: ['x', undefined, 'lines'] }, route, false)).toBe(0);
    expect(matchRoute({ segments: ['orders', undefined] }, { segments: ['orders', '42'] }, true)).toBe(2);
    expect(matchRoute({ segments: ['orders', undefined] }, { segments: ['orders', 'daily'] }, false)).toBe(0);
  });

  it('is asked for by few and telling texts', () => {
    expect(routeNeedles('/orders/{id}/fulfil')).toEqual(['/orders/{id}/fulfil', '/fulfil', '/orders', 'fulfil', '"/"', "'/'"]);
    expect(routeNeedles('/reports/daily')).toEqual(['/reports/daily', '/daily', 'reports/daily', 'daily', '"/"', "'/'"]);
    expect(routeNeedles('/orders/:id')).toEqual(['/orders/:id', ':id', '/orders']);
  });

  it.each([
    ['GET', '/orders', 'src/express.js:2'],
    ['GET', '/orders/:id', 'src/express.js:3'],
    ['POST', '/orders/:id', 'src/express.js:4'],
    ['GET', '/orders/:id/lines', 'src/express.js:5'],
    ['DELETE', '/orders/:id/lines/:line', 'src/express.js:9'],
    ['GET', '/customers/:id', 'routes/customers.js:2'],
    ['PUT', '/customers/:id', 'routes/customers.js:3'],
  ])('of Express: %s %s', async (method, route, place) => {
    expect(await placeOf(span(method, route, 'nodejs'), orders)).toBe(place);
  });

  it('goes before tests and documents, which are offered after it', async () => {
    const all = shown(await hintsOf(span('GET', '/orders/:id', 'nodejs'), orders));
    expect(all[0]).toBe('src/express.js:3 0.45');
    expect(Math.max(...all.slice(1).map((each) => Number(each.split(' ')[1])))).toBeLessThanOrEqual(0.56);
  });

  const spring = {
    'src/main/java/shop/OrderController.java': `package shop;

@RestController
@RequestMapping("/api/orders")
public class OrderController {

    @GetMapping
    List<Order> list() { return all; }

    @GetMapping("/{id}")
    Order show(@PathVariable long id) { return one; }

    @PostMapping("{id}/cancel")
    void cancel(@PathVariable long id) {}

    @RequestMapping(value = "/{id}/lines", method = RequestMethod.PUT)
    void lines() {}

    // @GetMapping("/{id}/old")
}
`,
    'src/main/java/shop/CustomerController.java': `package shop;
@RequestMapping("/api/customers")
class CustomerController {
    @GetMapping("/{id}")
    Customer show() {}
}
`,
    'src/main/java/shop/Rest.java': `package shop;
@Path("/carts")
public class Rest {
    @GET
    @Path("/{id}")
    public Cart get() {}

    @DELETE
    @Path("/{id}")
    public void remove() {}
}
`,
    'src/main/java/shop/Client.java': `package shop;
class Client {
    Order load() { return restTemplate.getForObject("/api/orders/{id}", Order.class); }
}
`,
  };
  it.each([
    ['GET', '/api/orders', 'src/main/java/shop/OrderController.java:7'],
    ['GET', '/api/orders/{id}', 'src/main/java/shop/OrderController.java:10'],
    ['POST', '/api/orders/{id}/cancel', 'src/main/java/shop/OrderController.java:13'],
    ['PUT', '/api/orders/{id}/lines', 'src/main/java/shop/OrderController.java:16'],
    ['GET', '/api/customers/{id}', 'src/main/java/shop/CustomerController.java:4'],
    ['GET', '/carts/{id}', 'src/main/java/shop/Rest.java:5'],
    ['DELETE', '/carts/{id}', 'src/main/java/shop/Rest.java:9'],
  ])('of Spring and JAX-RS: %s %s', async (method, route, place) => {
    expect(await placeOf(span(method, route, 'java'), spring)).toBe(place);
  });

  it.each([
    ['GET', '/users/<int:user_id>', 'shop/users.py:4'],
    ['POST', '/users/<int:user_id>', 'shop/users.py:8'],
    ['GET', '/items/{item_id}', 'api.py:3'],
    ['PUT', '/v1/items/{item_id}', 'api.py:9'],
    ['GET', 'books/<int:pk>/', 'urls.py:3'],
    ['GET', 'library/books/<int:pk>/pages/', 'urls.py:4'],
    ['GET', '^old/(?P<slug>[-\\w]+)/$', 'urls.py:5'],
  ])('of Flask, FastAPI and Django: %s %s', async (method, route, place) => {
    const files = {
      'shop/users.py': `from flask import Blueprint
bp = Blueprint("users", __name__, url_prefix="/users")

@bp.route("/<int:user_id>")
def show(user_id):
    return ""

@bp.route("/<int:user_id>", methods=["POST"])
def update(user_id):
    return ""
`,
      'api.py': `from fastapi import FastAPI, APIRouter
app = FastAPI()
@app.get("/items/{item_id}")
async def read(item_id: int):
    return {}

router = APIRouter(prefix="/v1/items")

@router.put("/{item_id}")
def write(item_id: int):
    return {}
`,
      'urls.py': `from django.urls import path, re_path
urlpatterns = [
    path('books/<int:pk>/', views.book),
    path('books/<int:pk>/pages/', views.pages),
    re_path(r'^old/(?P<slug>[-\\w]+)/$', views.old),
]
`,
    };
    expect(await placeOf(span(method, route, 'python'), files)).toBe(place);
  });

  it.each([
    ['GET', '/orders/{id}', 'go', 'main.go:2'],
    ['POST', '/orders/{id}', 'go', 'main.go:3'],
    ['GET', '/carts/:id', 'go', 'main.go:4'],
    ['GET', '/health', 'go', 'main.go:5'],
    ['GET', '/users/{userID}/posts', 'go', 'main.go:7'],
    ['GET', '/orders/{id}', 'rust', 'main.rs:3'],
    ['POST', '/orders/{id}', 'rust', 'main.rs:4'],
    ['DELETE', '/carts/{id}', 'rust', 'main.rs:7'],
    ['GET', 'orders/{id}', 'php', 'routes/web.php:2'],
    ['POST', 'orders/{id}', 'php', 'routes/web.php:3'],
    ['GET', '/blog/{slug}', 'php', 'src/BlogController.php:5'],
    ['GET', '/orders/:id(.:format)', 'ruby', 'config/routes.rb:2'],
    ['POST', '/orders/:id/pay', 'ruby', 'app.rb:2'],
    ['GET', 'api/orders/{id}', 'dotnet', 'OrdersController.cs:4'],
    ['PUT', 'api/orders/{id}', 'dotnet', 'OrdersController.cs:7'],
    ['GET', '/todos/{id}', 'dotnet', 'Program.cs:1'],
    ['GET', '/books/:id', 'elixir', 'lib/router.ex:2'],
  ])('of other frameworks: %s %s (%s)', async (method, route, language, place) => {
    const files = {
      'main.go': `func main() {
	mux.HandleFunc("GET /orders/{id}", show)
	mux.HandleFunc("POST /orders/{id}", update)
	r.GET("/carts/:id", cart)
	http.HandleFunc("/health", health)
	r.Route("/users", func(r chi.Router) {
		r.Get("/{userID}/posts", posts)
	})
}
`,
      'main.rs': `fn app() -> Router {
    Router::new()
        .route("/orders/{id}", get(show))
        .route("/orders/{id}", post(update))
}

#[delete("/carts/{id}")]
async fn remove() {}
`,
      'routes/web.php': `<?php
Route::get('/orders/{id}', [OrderController::class, 'show']);
Route::post('/orders/{id}', [OrderController::class, 'update']);
`,
      'src/BlogController.php': `<?php
namespace App;
class BlogController
{
    #[Route('/blog/{slug}', name: 'blog', methods: ['GET'])]
    public function show() {}
}
`,
      'config/routes.rb': `Rails.application.routes.draw do
  get '/orders/:id', to: 'orders#show'
  resources :carts
end
`,
      'app.rb': `require 'sinatra'
post '/orders/:id/pay' do
end
`,
      'OrdersController.cs': `[Route("api/[controller]")]
public class OrdersController : ControllerBase
{
    [HttpGet("{id}")]
    public Order Get(int id) => one;

    [HttpPut("{id:int}")]
    public Order Put(int id) => one;
}
`,
      'Program.cs': `app.MapGet("/todos/{id}", (int id) => one);
`,
      'lib/router.ex': `scope "/books" do
  get "/:id", BookController, :show
end
`,
    };
    expect(await placeOf(span(method, route, language), files)).toBe(place);
  });

  it('is found from a name that holds it, and from a path with values', async () => {
    const files = { 'src/server.ts': "app.get('/orders/:id', show);\napp.get('/orders/:id/lines', lines);\n" };
    expect(await placeOf({ name: 'GET /orders/:id/lines' }, files)).toBe('src/server.ts:2');
    expect(await placeOf({ name: 'GET /orders/42' }, files)).toBe('src/server.ts:1');
    expect(await placeOf({ name: 'GET /orders/daily' }, files)).toBe('src/server.ts:1');
  });

  it('is not found in a comment, nor in code', async () => {
    const files = { 'src/a.ts': "// app.get('/orders/:id', x)\n/*\n app.get('/orders/:id', x)\n*/\nconst x = orders/:id;\n" };
    expect(await placeOf(span('GET', '/orders/:id'), files)).toBe('');
  });

  it('of a handler that is named and found nowhere is unsure', async () => {
    const files = { 'a/server.ts': "app.get('/orders/:id', showOrder);\n" };
    expect(shown(await hintsOf(span('GET', '/orders/:id'), files))).toEqual(['a/server.ts:1 0.45']);
  });

  it('of two that fit equally is never likely', async () => {
    const text = "app.get('/orders/:id', (req, res) => res.json(show(req)));\n";
    const files = { 'a/server.ts': text, 'b/server.ts': text };
    const tied = await hintsOf(span('GET', '/orders/:id'), files);
    expect(shown(tied)).toEqual(['a/server.ts:1 0.40', 'b/server.ts:1 0.40']);
    const told = await hintsOf({ ...span('GET', '/orders/:id'), service: 'b-service' }, files);
    expect(shown(told)[0]).toBe('b/server.ts:1 0.75');
  });

  it.each([
    ['GET', '/api/orders/[id]', 'app/(shop)/api/orders/[id]/route.ts:3'],
    ['POST', '/api/orders/[id]', 'app/(shop)/api/orders/[id]/route.ts:4'],
    ['GET', '/api/carts/[cartId]/index', 'pages/api/carts/[cartId]/index.ts:2'],
    ['GET', '/api/stock', 'pages/api/stock.ts:1'],
    ['GET', '/orders/[slug]', 'src/routes/orders/[slug]/+server.js:1'],
    ['GET', '/api/elsewhere', ''],
  ])('that is the path of a file: %s %s', async (method, route, place) => {
    const files = {
      'app/(shop)/api/orders/[id]/route.ts':
        "import x from 'x';\n\nexport async function GET() {}\nexport async function POST() {}\n",
      'pages/api/carts/[cartId]/index.ts': '\nconst handler = async (req, res) => {};\nexport default handler;\n',
      'pages/api/stock.ts': 'export default function handler() {}\n',
      'src/routes/orders/[slug]/+server.js': 'export function GET() {}\n',
      'lib/orders/[id]/route.ts': '',
    };
    expect(await placeOf(span(method, route, 'nodejs'), files)).toBe(place);
  });

  it.each([
    ['GET', '/api/v1/users/', 'python', 'users.py:3'],
    ['POST', '/api/v1/users/', 'python', 'users.py:9'],
    ['GET', '/api/articles/', 'go', 'articles/routers.go:5'],
    ['GET', '/api/tags/', 'go', 'articles/routers.go:6'],
    ['GET', '/customers', 'nodejs', 'src/customers.ts:2'],
    ['GET', '/', 'nodejs', 'src/app.ts:1'],
  ])('whose whole is said elsewhere: %s %s', async (method, route, language, place) => {
    const files = {
      'users.py': `router = APIRouter(prefix="/users", tags=["users"])

@router.get("/", dependencies=[Depends(get_current_user)])
def read_users():
    return []
@router.post(
    "/", dependencies=[Depends(get_current_user)]
)
def create_user():
    return {"users": 1}
`,
      'private.py': `router = APIRouter(tags=["private"], prefix="/private")

@router.post("/users/", response_model=User)
def create_user():
    return 1
`,
      'main.go': `v1 := r.Group("/api")
articles.Register(v1.Group("/articles"))
articles.TagsRegister(v1.Group("/tags"))
`,
      'articles/routers.go': `package articles

func Register(router *gin.RouterGroup) {
	c.JSON(200, gin.H{"articles": list, "tags": tags})
	router.GET("/", ArticleList)
	router.GET("/", TagList)
}
`,
      'src/app.ts': "app.get('/', home);\napp.use('/customers', customers);\n",
      'src/customers.ts': "const router = Router();\nrouter.get('/', list);\nrouter.post('/', create);\n",
    };
    expect(await placeOf(span(method, route, language), files)).toBe(place);
  });
});

it('is declared by no line that asks how a path begins, and sooner where it is declared than where it is compared', async () => {
  const watched = { 'log.ts': "if (path.startsWith('/orders/paid')) quiet();\n" };
  expect((await hintsOf(span('GET', '/orders/paid'), watched)).candidates[0].confidence).toBeLessThan(0.5);
  const server = { 'server.ts': "http.createServer((req, res) => {\n  if (req.url === '/orders/paid') paid(res);\n});\n" };
  expect((await hintsOf(span('GET', '/orders/paid'), server)).candidates[0]).toMatchObject({ line: 1 });
  const both = {
    ...watched,
    'a.ts': "if (req.url === '/orders/paid') quiet();\n",
    'b.ts': "app.all('/orders/paid', paid);\n",
  };
  expect(await placeOf(span('GET', '/orders/paid'), both)).toBe('b.ts:1');
});

it('is told by nothing that only says what a database did', async () => {
  const files = { 'schema.sql': 'SELECT\n  1;\n', 'a.ts': "const verbs = ['SELECT'];\n" };
  const query = {
    name: 'SELECT',
    kind: 3,
    attributes: { 'db.operation.name': 'SELECT', 'db.query.text': 'SELECT a FROM b WHERE c = 1' },
  };
  expect((await hintsOf(query, files)).candidates).toEqual([]);
});
