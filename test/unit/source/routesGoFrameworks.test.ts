// Routes of Go in the notations of its many frameworks, and two of Rust's.
import { describe, it } from 'vitest';
import { places } from './support/places';

const handlers = (owner: string, ...names: readonly string[]): string =>
  `package fen\n${names.map((name) => `\nfunc ${owner}${name}() {\n}\n`).join('')}`;

describe('frameworks of Go', () => {
  it('chains, builders, classes, operations and lists', () =>
    places(
      'go',
      {
        'routes/api.go': `package routes

func Register(m *macaron.Macaron, api huma.API, server *rest.Server, ctx *Svc) {
	m.Group("/reeds", func() {
		m.Combo("/:id").Get(reeds.Show).
			Delete(allowed(), reeds.Cut)
	})
	ws := new(restful.WebService)
	ws.
		Path("/rushes").
		Produces("json")
	ws.Route(ws.GET("/{rush}").
		Doc("one").
		To(rushes.Find))
	web.Router("/sedges/:id", &sedges.SedgeController{}, "get:Look;put:Mow")
	huma.Register(api, huma.Operation{
		Method: http.MethodPost,
		Path:   "/mills",
	}, mills.Build)
	huma.Put(api, "/mills/{mill}", mills.Mend)
	app.Resource("/tides", tides.TidesResource{})
	server.AddRoutes([]rest.Route{
		{
			Method:  http.MethodGet,
			Path:    "/lock/:id",
			Handler: locks.LockHandler(ctx),
		},
	}, rest.WithPrefix("/water"))
}
`,
        'reeds/reeds.go': handlers('', 'Show', 'Cut'),
        'rushes/rushes.go': handlers('', 'Find'),
        'sedges/sedges.go': handlers('(c *SedgeController) ', 'Look', 'Mow'),
        'mills/mills.go': handlers('', 'Build', 'Mend'),
        'tides/tides.go': handlers('(t TidesResource) ', 'List', 'Show'),
        'locks/lock.go': handlers('', 'LockHandler'),
      },
      [
        ['GET /reeds/:id', 'reeds/reeds.go:3'],
        ['DELETE /reeds/:id', 'reeds/reeds.go:6'],
        ['GET /rushes/{rush}', 'rushes/rushes.go:3'],
        ['PUT /sedges/:id', 'sedges/sedges.go:6'],
        ['POST /mills', 'mills/mills.go:3'],
        ['PUT /mills/{mill}', 'mills/mills.go:6'],
        ['GET /tides/{tide_id}/', 'tides/tides.go:6'],
        ['GET /water/lock/:id', 'locks/lock.go:3'],
      ],
    ));

  it('tags of a request, of which the folders tell whose it is', () =>
    places(
      'go',
      {
        'api/reed/v1/reed.go': 'package v1\n\ntype CreateReq struct {\n\tg.Meta `path:"/reeds" method:"post"`\n}\n',
        'controller/reed/create.go':
          'package reed\n\nfunc (c *V1) Create(ctx context.Context, req *v1.CreateReq) (res *v1.CreateRes, err error) {\n}\n',
        'controller/rush/create.go':
          'package rush\n\nfunc (c *V1) Create(ctx context.Context, req *v1.CreateReq) (res *v1.CreateRes, err error) {\n}\n',
      },
      [['POST /api/reeds', 'controller/reed/create.go:3']],
    ));

  it('of Rust: routes that are added, and routers that are pushed', () =>
    places(
      'rust',
      {
        'Cargo.toml': '[package]\nname = "fen"\n',
        'src/main.rs': `mod reeds;
pub fn routes() -> Routes {
    Routes::new().prefix("rushes").add("/{id}", delete(mow))
}
async fn mow() {
}
fn router() -> Router {
    Router::with_path("api")
        .push(
            Router::with_path("reeds")
                .push(Router::with_path("{id}").get(reeds::show)),
        )
}
`,
        'src/reeds.rs': 'pub async fn show() {\n}\n',
      },
      [
        ['DELETE /rushes/{id}', 'src/main.rs:5'],
        ['GET /api/reeds/{id}', 'src/reeds.rs:1'],
      ],
    ));
});
