// Routes of servers that compare the path themselves.
import { describe, it } from 'vitest';
import { places } from './support/places';

describe('a server without a router', () => {
  it('of Go: the method and the path, which is a constant, and who is called behind guards', async () => {
    await places(
      'go',
      {
        'server.go': `package harbour

var (
	berthsPath = "/v1/berths"
	healthPath = "/v1/health"
)

func (s *Server) serve(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodGet && r.URL.Path == "/" {
		return s.handleRoot(w, r)
	} else if r.Method == http.MethodGet && r.URL.Path == berthsPath {
		return s.onlyPilots(s.counted(s.listBerths))(w, r)
	} else if r.Method == http.MethodPost && r.URL.Path == berthsPath {
		return s.onlyPilots(s.addBerth)(w, r) // and no other
	} else if r.URL.Path == healthPath {
		return s.health(w, r)
	}
	return errNotFound
}
`,
        'berths.go': `package harbour

func (s *Server) listBerths(w http.ResponseWriter, r *http.Request) error { return nil }

func (s *Server) addBerth(w http.ResponseWriter, r *http.Request) error { return nil }

func (s *Server) health(w http.ResponseWriter, r *http.Request) error { return nil }

func (s *Server) handleRoot(w http.ResponseWriter, r *http.Request) error { return nil }
`,
      },
      [
        ['GET /v1/berths', 'berths.go:3'],
        ['POST /v1/berths', 'berths.go:5'],
        ['GET /v1/health', 'berths.go:7'],
      ],
    );
  });

  it('of Node, of Python and of PHP', async () => {
    await places(
      'nodejs',
      {
        'server.js': `const server = http.createServer((req, res) => {
  if (req.method === 'GET' && req.url === '/berths') {
    return listBerths(req, res);
  }
  if (req.method === 'POST' && req.url === '/berths') return addBerth(req, res);
});

function listBerths(req, res) {}
`,
      },
      [['GET /berths', 'server.js:8']],
    );
    await places(
      'python',
      {
        'server.py': `class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/berths":
            self.list_berths()

    def list_berths(self):
        pass
`,
      },
      [['GET /berths', 'server.py:6']],
    );
    await places(
      'php',
      {
        'index.php': `<?php
if ($path === '/berths') {
    listBerths($request);
}

function listBerths($request) {}
`,
      },
      [['GET /berths', 'index.php:6']],
    );
  });
});

describe('a server with switches and expressions of its own', () => {
  it('of Go and of Rust', async () => {
    await places(
      'go',
      {
        'server.go': `package harbour

var (
	berthPattern = regexp.MustCompile(\`^/berths/([0-9]+)$\`)
	tidePattern  = regexp.MustCompile(\`^/tides/(\\w+)/(now|next)$\`)
)

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/health":
		s.health(w, r)
	case "/quays":
		switch r.Method {
		case http.MethodGet:
			s.listQuays(w, r)
		case http.MethodPost:
			s.addQuay(w, r)
		}
	}
	if berthPattern.MatchString(r.URL.Path) {
		s.showBerth(w, r)
	} else if r.Method == http.MethodGet && tidePattern.MatchString(r.URL.Path) {
		s.tide(w, r)
	}
}
`,
        'quays.go': `package harbour

func (s *Server) health(w http.ResponseWriter, r *http.Request) {}

func (s *Server) listQuays(w http.ResponseWriter, r *http.Request) {}

func (s *Server) addQuay(w http.ResponseWriter, r *http.Request) {}

func (s *Server) showBerth(w http.ResponseWriter, r *http.Request) {}

func (s *Server) tide(w http.ResponseWriter, r *http.Request) {}
`,
      },
      [
        ['GET /health', 'quays.go:3'],
        ['GET /quays', 'quays.go:5'],
        ['POST /quays', 'quays.go:7'],
        ['GET /berths/{id}', 'quays.go:9'],
        ['GET /tides/{id}/next', 'quays.go:11'],
      ],
    );
    await places(
      'rust',
      {
        'src/main.rs': `mod quays;

async fn serve(req: Request<Body>) -> Response {
    match (req.method(), req.uri().path()) {
        (&Method::GET, "/quays") => quays::list(req).await,
        (&Method::POST, "/quays") => {
            quays::add(req).await
        }
        _ => not_found(),
    }
}
`,
        'src/quays.rs':
          'pub async fn list(req: Request<Body>) -> Response {\n}\n\npub async fn add(req: Request<Body>) -> Response {\n}\n',
      },
      [
        ['GET /quays', 'src/quays.rs:1'],
        ['POST /quays', 'src/quays.rs:4'],
      ],
    );
  });

  it('of PHP, by a table, and by constants of another file', async () => {
    await places(
      'php',
      {
        'index.php': `<?php
$routes = [
    '/quays' => 'QuayController@index',
    'POST /quays' => [QuayController::class, 'store'],
];
if (preg_match('#^/berths/(\\d+)$#', $path, $found)) {
    showBerth($found[1]);
}

function showBerth($id) {}
`,
        'src/QuayController.php':
          '<?php\nclass QuayController\n{\n    public function index() {}\n\n    public function store() {}\n}\n',
      },
      [
        ['POST /quays', 'src/QuayController.php:6'],
        ['GET /berths/{id}', 'index.php:10'],
      ],
    );
    await places(
      'nodejs',
      {
        'paths.js': `export const QUAYS_PATH = '/v1/quays';
export const TIDES_PATH = '/v1/tides';
`,
        'server.js': `import { QUAYS_PATH, TIDES_PATH } from './paths';

export default async (req, res) => {
  const { pathname } = parse(req);
  switch (pathname) {
    case TIDES_PATH:
      return tides(req, res);
    case QUAYS_PATH:
      return quays(req, res);
  }
};

async function tides(req, res) {}

async function quays(req, res) {}
`,
      },
      [['GET /v1/quays', 'server.js:15']],
    );
  });

  it('of Rust, part by part, behind guards, and who implements a trait', async () => {
    await places(
      'rust',
      {
        'src/serve.rs': `impl Serve for Server {
    async fn serve(&self, req: Request) -> Response {
        let mut path = req.uri().path().split('/');
        match path.next().unwrap_or_default() {
            "harbour" => match (path.next().unwrap_or_default(), req.method()) {
                ("berths", &Method::GET) => {
                    self.is_allowed(req.addr()).await?;

                    return self.handle_berths(&req).await;
                }
                ("tides", &Method::GET) => {
                    return self
                        .handle_tides(&req)
                        .await;
                }
                _ => (),
            },
            _ => (),
        }
    }
}
`,
        'src/harbour.rs': `pub trait Harbour {
    async fn handle_berths(&self, req: &Request) -> Response;
    async fn handle_tides(&self, req: &Request) -> Response;
}

impl Harbour for Server {
    async fn handle_berths(&self, req: &Request) -> Response {
    }

    async fn handle_tides(&self, req: &Request) -> Response {
    }
}
`,
      },
      [
        ['GET /harbour/berths', 'src/harbour.rs:7'],
        ['GET /harbour/tides', 'src/harbour.rs:10'],
      ],
    );
  });
});
