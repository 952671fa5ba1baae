// Routes in the notations of frameworks: small programs, and the line that a person would open for each route.
import { describe, it } from 'vitest';
import { places } from './support/places';

describe('frameworks of Go', () => {
  it('net/http, chi, gorilla, echo and fiber', async () => {
    await places(
      'go',
      {
        'cmd/server/main.go': `package main

import (
	"net/http"

	"example.org/tide/internal/handlers"
	users "example.org/tide/internal/users/http"
)

func routes(s *Server) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /tides/{id}", s.showTide)
	mux.Handle("POST /tides", auth(http.HandlerFunc(handlers.CreateTide)))
	mux.HandleFunc("/health", func(w http.ResponseWriter, r *http.Request) {
	})
	r := chi.NewRouter()
	r.Use(logger)
	r.Route("/api/v1", func(r chi.Router) {
		r.Mount("/users", users.Routes(s.db))
		r.With(paginate).Get("/moons", handlers.ListMoons(s.db))
		r.Route("/moons/{moonID}", func(r chi.Router) {
			r.Get("/", s.getMoon)
			r.Put("/", handlers.Moon{}.Update)
		})
	})
	return mux
}
`,
        'cmd/server/tides.go':
          'package main\n\nfunc (s *Server) showTide(w http.ResponseWriter, r *http.Request) {}\n\nfunc (s *Server) getMoon(w http.ResponseWriter, r *http.Request) {}\n',
        'internal/handlers/tides.go':
          'package handlers\n\nfunc CreateTide(w http.ResponseWriter, r *http.Request) {}\n\nfunc ListMoons(db *DB) http.HandlerFunc { return nil }\n\nfunc (m Moon) Update(w http.ResponseWriter, r *http.Request) {}\n',
        'internal/users/http/routes.go': `package http

func Routes(db *DB) chi.Router {
	h := &Handler{db: db}
	r := chi.NewRouter()
	r.Get("/", h.List)
	r.Get("/{id}", h.Get)
	return r
}
`,
        'internal/users/http/handler.go':
          'package http\n\ntype Handler struct{ db *DB }\n\nfunc (h *Handler) List(w http.ResponseWriter, r *http.Request) {}\n\nfunc (h *Handler) Get(w http.ResponseWriter, r *http.Request) {}\n',
        'internal/store/users.go': 'package store\n\nfunc (s *Store) List() {}\n\nfunc (s *Store) Get() {}\n',
      },
      [
        ['GET /tides/{id}', 'cmd/server/tides.go:3'],
        ['POST /tides', 'internal/handlers/tides.go:3'],
        ['GET /health', 'cmd/server/main.go:14'],
        ['GET /api/v1/moons', 'internal/handlers/tides.go:5'],
        ['GET /api/v1/moons/{moonID}', 'cmd/server/tides.go:5'],
        ['PUT /api/v1/moons/{moonID}', 'internal/handlers/tides.go:7'],
        ['GET /api/v1/users', 'internal/users/http/handler.go:5'],
        ['GET /api/v1/users/{id}', 'internal/users/http/handler.go:7'],
      ],
    );
    await places(
      'go',
      {
        'server/router.go': `package server

import (
	"example.org/tide/api"
	"example.org/tide/ui"
)

func New(store *storage.Storage) *mux.Router {
	router := mux.NewRouter()
	api.Serve(router, store)
	ui.Serve(router)
	sub := router.PathPrefix("/admin").Subrouter()
	sub.HandleFunc("/moons", listMoons).Methods(http.MethodGet)
	sub.HandleFunc("/moons", dropMoons).Methods("DELETE").Name("drop")
	router.Methods("GET").Path("/ping").HandlerFunc(ping)
	return router
}

func listMoons(w http.ResponseWriter, r *http.Request) {}

func dropMoons(w http.ResponseWriter, r *http.Request) {}

func ping(w http.ResponseWriter, r *http.Request) {}
`,
        'api/api.go': `package api

func Serve(router *mux.Router, store *storage.Storage) {
	handler := &handler{store, router}
	sr := router.PathPrefix("/v1").Subrouter()
	sr.Methods(http.MethodOptions)
	sr.HandleFunc("/tides", handler.createTide).Methods(http.MethodPost)
	sr.HandleFunc("/tides", handler.getTides).Methods(http.MethodGet)
	sr.HandleFunc("/tides/{tideID:[0-9]+}", handler.getTide).Methods(http.MethodGet)
}
`,
        'api/tide.go':
          'package api\n\nfunc (h *handler) createTide(w http.ResponseWriter, r *http.Request) {}\n\nfunc (h *handler) getTides(w http.ResponseWriter, r *http.Request) {}\n\nfunc (h *handler) getTide(w http.ResponseWriter, r *http.Request) {}\n',
        'ui/ui.go': `package ui

func Serve(router *mux.Router) {
	handler := &handler{router}
	uiRouter := router.NewRoute().Subrouter()
	uiRouter.HandleFunc("/tides", handler.showTides).Name("tides").Methods(http.MethodGet)
}
`,
        'ui/tides.go': 'package ui\n\nfunc (h *handler) showTides(w http.ResponseWriter, r *http.Request) {}\n',
      },
      [
        ['GET /v1/tides', 'api/tide.go:5'],
        ['POST /v1/tides', 'api/tide.go:3'],
        ['GET /v1/tides/{tideID:[0-9]+}', 'api/tide.go:7'],
        ['GET /tides', 'ui/tides.go:3'],
        ['DELETE /admin/moons', 'server/router.go:21'],
        ['GET /ping', 'server/router.go:23'],
      ],
    );
    await places(
      'go',
      {
        'main.go': `package main

func main() {
	e := echo.New()
	v2 := e.Group("/v2", middleware.JWT())
	tides.Register(v2)
	app := fiber.New()
	api := app.Group("/api")
	api.Get("/moons/:id", controllers.GetMoon)
	app.Add("PATCH", "/moons/:id", patchMoon)
}

func patchMoon(c *fiber.Ctx) error { return nil }
`,
        'tides/tides.go': `package tides

func Register(g *echo.Group) {
	h := NewHandler()
	t := g.Group("/tides")
	t.GET("", h.List)
	t.POST("/:id/close", h.Close, admin)
}

type Handler struct{}

func NewHandler() *Handler { return nil }

func (h *Handler) List(c echo.Context) error { return nil }

func (h *Handler) Close(c echo.Context) error { return nil }
`,
        'controllers/moon.go': 'package controllers\n\nfunc GetMoon(c *fiber.Ctx) error { return nil }\n',
      },
      [
        ['GET /v2/tides', 'tides/tides.go:14'],
        ['POST /v2/tides/:id/close', 'tides/tides.go:16'],
        ['GET /api/moons/:id', 'controllers/moon.go:3'],
        ['PATCH /moons/:id', 'main.go:13'],
      ],
    );
  });

  it('has subrouters of one path, methods behind the handler, and handlers of types that are not exported', () =>
    places(
      'go',
      {
        'api/router.go': `package api

func Route() *mux.Router {
	r := mux.NewRouter()
	api := r.PathPrefix("/api").Subrouter()
	one := api.Path("/quays/{quay_id}").Subrouter()
	one.Methods("GET", "HEAD").HandlerFunc(getQuay)
	one.Methods("DELETE").HandlerFunc(closeQuay)
	api.Path("/quays").HandlerFunc(listQuays).Methods("GET", "HEAD")
	api.Path("/quays").HandlerFunc(addQuay).Methods("POST")
	return r
}

func getQuay(w http.ResponseWriter, r *http.Request) {}

func closeQuay(w http.ResponseWriter, r *http.Request) {}

func listQuays(w http.ResponseWriter, r *http.Request) {}

func addQuay(w http.ResponseWriter, r *http.Request) {}
`,
        'tide/tide.go': `package tide

func serve() {
	ts := tideServer{
		limit: 3,
	}
	r := chi.NewRouter()
	r.Route("/tide", func(r chi.Router) {
		r.Post("/turn", ts.TurnHandler)
	})
}

func (ts *tideServer) TurnHandler(
	writer http.ResponseWriter,
	req *http.Request,
) {
}
`,
        'tide/tide_test.go': `package tide

func server() http.Handler {
	handler := func(w http.ResponseWriter, r *http.Request) {}
	r.Post("/tide/turn", handler)
	return r
}
`,
      },
      [
        ['GET /api/quays/{quay_id}', 'api/router.go:14'],
        ['DELETE /api/quays/{quay_id}', 'api/router.go:16'],
        ['GET /api/quays', 'api/router.go:18'],
        ['POST /api/quays', 'api/router.go:20'],
        ['POST /tide/turn', 'tide/tide.go:13'],
      ],
    ));

  it('methods of one name, each of a type that is made where it is mounted', () => {
    const file = (type: string): string => `package web

type ${type}Handler struct {
	encoder encoder
	service ${type}Service
}

func new${type[0].toUpperCase()}${type.slice(1)}Handler(encoder encoder, service ${type}Service) *${type}Handler {
	return &${type}Handler{encoder, service}
}

func (h ${type}Handler) Routes(r chi.Router) {
	r.Get("/", h.list)

	r.Route("/{id}", func(r chi.Router) {
		r.Delete("/", h.delete)
	})
}

func (h ${type}Handler) list(w http.ResponseWriter, r *http.Request) {}

func (h ${type}Handler) delete(w http.ResponseWriter, r *http.Request) {}
`;
    return places(
      'go',
      {
        'internal/web/server.go': `package web

func (s *Server) Handler() http.Handler {
	api := chi.NewRouter()
	api.Route("/tides", newTideHandler(encoder, s.tideService).Routes)
	api.Route("/log", newMoonHandler(encoder, s.tideService, s.config).Routes)
	r.Mount(base+"api", api)
	return r
}
`,
        'internal/web/tide.go': file('tide'),
        'internal/web/moon.go': file('moon'),
        'internal/web/config.go': file('config'),
      },
      [
        ['DELETE /api/tides/{id}/', 'internal/web/tide.go:22'],
        ['DELETE /api/log/{id}/', 'internal/web/moon.go:22'],
        ['GET /api/log/', 'internal/web/moon.go:20'],
      ],
    );
  });

  it('handlers that are wrapped beside a value, or by what a function makes, behind a path of its own', () =>
    places(
      'go',
      {
        'tides.go': `package quay

func InitRoutes(r *mux.Router, h *Handler, asReader LevelFunc) {
	r.HandleFunc("/tides/{day}", h.Web(viewTide, asReader))
	me := r.PathPrefix("/me").Subrouter()
	me.Path("/leave").Handler(csrf.Protect(h.keys.CSRF)(h.User(leaveQuay))).Methods("POST")
}

func viewTide(app *App, w http.ResponseWriter, r *http.Request) error { return nil }

func leaveQuay(app *App, w http.ResponseWriter, r *http.Request) error { return nil }
`,
      },
      [
        ['GET /tides/{day}', 'tides.go:9'],
        ['POST /me/leave', 'tides.go:11'],
      ],
    ));

  it('a path that an interface for programs has as well as the pages', () => {
    const file = (name: string, method: string): string => `package web

func (h *${name}) RegisterRoutes(router chi.Router) {
	r := chi.NewRouter()
	r.Get("/", h.${method})
	router.Mount("/tides", r)
}

func (h *${name}) ${method}(w http.ResponseWriter, r *http.Request) {}
`;
    return places('go', { 'web/tides.go': file('TidesHandler', 'GetIndex'), 'web/api/tides.go': file('TidesApi', 'Get') }, [
      ['GET /api/tides', 'web/api/tides.go:9'],
      ['GET /tides', 'web/tides.go:9'],
    ]);
  });

  it('of one version, by the folder where that is not written', () =>
    places(
      'go',
      {
        'api/v1/quays.go':
          'package v1\n\nfunc Register(r *gin.RouterGroup) {\n\tr.GET("/quays", list)\n}\n\nfunc list(c *gin.Context) {}\n',
        'api/v2/quays.go':
          'package v2\n\nfunc Register(r *gin.RouterGroup) {\n\tr.GET("/quays", list)\n}\n\nfunc list(c *gin.Context) {}\n',
      },
      [
        ['GET /api/v1/quays', 'api/v1/quays.go:7'],
        ['GET /api/v2/quays', 'api/v2/quays.go:7'],
      ],
    ));

  it('handlers before what is done around them', () =>
    places(
      'go',
      {
        'web/routes.go': `package web

func (s *Server) routes() {
	router.HandleFunc("/quays", mid.Use(s.ListQuays, mid.Allowed(roles.Reader), mid.SignedIn))
	router.HandleFunc("/berths", mid.Use(s.ListBerths, s.limiter.Limit))
}
`,
        'web/quays.go':
          'package web\n\nfunc (s *Server) ListQuays(w http.ResponseWriter, r *http.Request) {}\n\nfunc (s *Server) ListBerths(w http.ResponseWriter, r *http.Request) {}\n',
        'mid/mid.go':
          'package mid\n\nfunc SignedIn(handler http.Handler) http.HandlerFunc { return nil }\n\nfunc Allowed(role string) func(http.Handler) http.HandlerFunc { return nil }\n',
        'limits/limits.go': 'package limits\n\nfunc (l *Limiter) Limit(next http.Handler) http.HandlerFunc { return nil }\n',
      },
      [
        ['GET /quays', 'web/quays.go:3'],
        ['GET /berths', 'web/quays.go:5'],
      ],
    ));

  it('handlers in wrappers that are given words as well', () =>
    places(
      'go',
      {
        'cmd/routes.go': `package main

func routes(e *echo.Echo, d *Dock) {
	g := e.Group("")
	allowed := d.guard.Allowed
	g.GET("/api/quays", allowed(d.ListQuays, "quays:read", "quays:all"))
	g.PUT("/api/quays/:id/berth", allowed(hasID(d.MoveBerth), "quays:write"))
	g.POST("/api/log", allowed(d.WriteLog, "log:write"))
	g.GET("/api/log", allowed(d.ReadLog, roles.Reader))
	g.DELETE("/api/log", allowed(hasID(d.DropLog), roles.Writer, "log:write"))
}
`,
        'cmd/quays.go':
          'package main\n\nfunc (d *Dock) ListQuays(c echo.Context) error { return nil }\n\nfunc (d *Dock) MoveBerth(c echo.Context) error { return nil }\n',
        'cmd/store.go': 'package main\n\nfunc (s *store) MoveBerth(id int) error { return nil }\n',
        'internal/core/quays.go': 'package core\n\nfunc (c *Core) MoveBerth(id int) error { return nil }\n',
        'cmd/log.go':
          'package main\n\nfunc (d *Dock) WriteLog(c echo.Context) error { return nil }\n\nfunc (d *Dock) ReadLog(c echo.Context) error { return nil }\n\nfunc (d *Dock) DropLog(c echo.Context) error { return nil }\n',
        'roles/roles.go': 'package roles\n\nconst (\n\tReader = "reader"\n\tWriter = "writer"\n)\n',
      },
      [
        ['GET /api/quays', 'cmd/quays.go:3'],
        ['PUT /api/quays/:id/berth', 'cmd/quays.go:5'],
        ['POST /api/log', 'cmd/log.go:3'],
        ['GET /api/log', 'cmd/log.go:5'],
        ['DELETE /api/log', 'cmd/log.go:7'],
      ],
    ));
});
