// What a server declares is never the call of a client, however it is written.
import { expect, it } from 'vitest';
import { hintsOf } from './support/memory';

const post = { 'http.request.method': 'POST', 'url.full': 'https://fen.example/api/inbox' };
const declared: readonly (readonly [file: string, language: string, code: string])[] = [
  [
    'src/routes.rs',
    'rust',
    'pub fn config(cfg: &mut ServiceConfig) {\n    cfg.route("/inbox", web::post().to(shared_inbox));\n}\n',
  ],
  [
    'src/scopes.rs',
    'rust',
    'fn config(cfg: &mut ServiceConfig) {\n    cfg.service(\n        web::scope("/api")\n            .wrap(http_signature())\n            .route("/inbox", web::post().to(shared_inbox)),\n    );\n}\n',
  ],
  [
    'src/bare.rs',
    'rust',
    'fn config(cfg: &mut Config) {\n    cfg.service(scope("/api").route("/inbox", post().to(inbox)));\n}\n',
  ],
  [
    'src/resource.rs',
    'rust',
    'fn config(cfg: &mut Config) {\n    cfg.service(resource("/api/inbox").route(post().to(inbox)));\n}\n',
  ],
  ['src/axum.rs', 'rust', 'fn app() -> Router {\n    let app = Router::new().route("/api/inbox", post(inbox));\n    app\n}\n'],
  ['src/returned.rs', 'rust', 'fn app() -> Router {\n    return Router::new().nest("/api/inbox", inbox::router());\n}\n'],
  ['server/chain.ts', 'nodejs', "const inbox = router.route('/api/inbox').post(receive);\n"],
  ['server/hono.ts', 'nodejs', "export const routes = new Hono().post('/api/inbox', async (c) => c.json({}));\n"],
  ['main.go', 'go', 'package main\n\nfunc main() {\n\tinbox := r.Group("/api/inbox")\n\tinbox.POST("", receive)\n}\n'],
  [
    'mux.go',
    'go',
    'package main\n\nfunc routes() {\n\tsub := r.PathPrefix("/api/inbox").Subrouter()\n\t_ = r.HandleFunc("/api/inbox", receive).Methods("POST")\n}\n',
  ],
  ['Program.cs', 'dotnet', 'var inbox = app.MapGroup("/api/inbox");\nvar route = app.MapPost("/api/inbox", Receive);\n'],
  [
    'api.py',
    'python',
    'api.add_shop_resource(Inbox, "/api/inbox", endpoint="inbox")\nadded = api.add_resource(Inbox, "/api/inbox")\n',
  ],
  ['urls.py', 'python', 'urlpatterns = [path("api/inbox", views.inbox)]\n'],
  ['bp.py', 'python', 'bp = Blueprint("inbox", __name__, url_prefix="/api/inbox")\nrouter = APIRouter(prefix="/api/inbox")\n'],
  [
    'Routes.kt',
    'java',
    'fun Application.routes() {\n    val inbox = routing { route("/api/inbox") { post { receive() } } }\n}\n',
  ],
  ['routes.php', 'php', "<?php\n$route = Route::post('/api/inbox', [InboxController::class, 'receive']);\n"],
];

it.each(declared)('%s', async (file, language, code) => {
  const span = { name: 'POST', kind: 3, language, attributes: post };
  const { candidates } = await hintsOf(span, { [file]: code });
  expect(candidates.filter(({ confidence }) => confidence >= 0.5)).toEqual([]);
});

it('where both stand the call is taken', async () => {
  const files = Object.fromEntries(declared.filter(([, language]) => language === 'rust').map(([file, , code]) => [file, code]));
  const calling =
    'async fn deliver(client: &Client) {\n    client\n        .post(format!("https://{}/api/inbox", host))\n        .send()\n        .await?;\n}\n';
  const { candidates } = await hintsOf(
    { name: 'POST', kind: 3, language: 'rust', attributes: post },
    { ...files, 'src/deliver.rs': calling },
  );
  expect(candidates[0].file).toMatch(/deliver\.rs$/);
});
