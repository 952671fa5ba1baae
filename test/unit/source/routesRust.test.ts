// Routes in the notations of frameworks: small programs, and the line that a person would open for each route.
import { describe, it } from 'vitest';
import { places } from './support/places';

describe('frameworks of Rust', () => {
  it('axum', () =>
    places(
      'rust',
      {
        'src/main.rs': `mod routes;
use crate::routes::{reeds, rushes::show_rush};

#[tokio::main]
async fn main() {
    let app = Router::new()
        .nest("/api", Router::new().nest("/reeds", reeds::router()).route("/rushes/{id}", get(show_rush)))
        .route("/ping", get(|| async { "pong" }))
        .typed_get(show_sedge)
        .layer(TraceLayer::new_for_http());
}

#[derive(TypedPath, Deserialize)]
#[typed_path("/sedges/{id}")]
struct SedgePath {
    id: u32,
}

async fn show_sedge(SedgePath { id }: SedgePath) -> impl IntoResponse {}
`,
        'src/routes/reeds.rs': `pub fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(list).post(create))
        .route("/{id}", get(show).delete(handlers::remove))
}

async fn list() {}

async fn create(Json(reed): Json<Reed>) {}

pub(crate) async fn show(Path(id): Path<Uuid>) {}

mod handlers {
    pub async fn remove() {}
}
`,
        'src/routes/rushes.rs': 'pub async fn show_rush(Path(id): Path<i64>) {}\n',
      },
      [
        ['GET /api/reeds', 'src/routes/reeds.rs:7'],
        ['POST /api/reeds', 'src/routes/reeds.rs:9'],
        ['GET /api/reeds/{id}', 'src/routes/reeds.rs:11'],
        ['DELETE /api/reeds/{id}', 'src/routes/reeds.rs:14'],
        ['GET /api/rushes/{id}', 'src/routes/rushes.rs:1'],
        ['GET /ping', 'src/main.rs:8'],
        ['GET /sedges/{id}', 'src/main.rs:19'],
      ],
    ));

  it('actix and Rocket', () =>
    places(
      'rust',
      {
        'src/main.rs': `HttpServer::new(move || {
    App::new()
        .service(
            web::scope("/api/v3")
                .service(web::resource("/reeds").route(web::get().to(list_reeds)).route(web::post().guard(json()).to(reeds::create)))
                .service(
                    web::scope("/rushes")
                        .route("/{id}", web::put().to(reeds::update_rush)),
                )
                .configure(sedges::configure),
        )
});

async fn list_reeds() {}
`,
        'src/reeds.rs': 'pub async fn create() {}\n\npub async fn update_rush() {}\n',
        'src/sedges.rs': `pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(show_sedge).service(web::scope("/sedges").route("", web::delete().to(clear)));
}

#[get("/sedges/{id}")]
async fn show_sedge(id: web::Path<u32>) {}

async fn clear() {}
`,
        'src/rocket.rs': `pub fn routes() -> Vec<Route> {
    routes![get_moss, put_moss]
}

#[get("/mosses/<id>?<deep>")]
fn get_moss(id: MossId, deep: bool) {}

#[put("/mosses/<id>", data = "<data>")]
async fn put_moss(
    id: MossId,
) {}
`,
        'src/launch.rs': 'fn launch() {\n    rocket::build().mount("/bog", rocket::routes())\n}\n',
      },
      [
        ['GET /api/v3/reeds', 'src/main.rs:14'],
        ['POST /api/v3/reeds', 'src/reeds.rs:1'],
        ['PUT /api/v3/rushes/{id}', 'src/reeds.rs:3'],
        ['GET /api/v3/sedges/{id}', 'src/sedges.rs:5'],
        ['DELETE /api/v3/sedges', 'src/sedges.rs:8'],
        ['GET /bog/mosses/<id>', 'src/rocket.rs:5'],
        ['PUT /bog/mosses/<id>', 'src/rocket.rs:8'],
      ],
    ));

  it('has them described for OpenAPI, merged and wrapped by functions of the program', () =>
    places(
      'rust',
      {
        'src/main.rs': `pub fn app(state: AppState) -> Router {
    let api = OpenApiRouter::with_openapi(Doc::openapi())
        .route("/", get(welcome))
        .nest("/api/v1/reeds", reed_routes::create_routes())
        .nest("/api/v1/sedges", sedge_routes::create_routes());
    api.into()
}

async fn welcome() {}
`,
        'src/reed_routes.rs': `use crate::reeds;

pub fn create_routes() -> OpenApiRouter<AppState> {
    let cuttings = Router::new().route(
        "/cut/{id}/bundle",
        get_cached(reeds::bundle),
    );
    OpenApiRouter::new()
        .routes(routes!(reeds::list, reeds::plant))
        .merge(cuttings)
        .route_with_tsr("/map", get(reeds::map))
}
`,
        'src/sedge_routes.rs': `pub fn create_routes() -> OpenApiRouter<AppState> {
    Router::new().route("/cut/{id}/bundle", get(crate::sedges::bundle)).into()
}
`,
        'src/sedges.rs': 'pub async fn bundle() {}\n',
        'src/reeds.rs': `#[utoipa::path(
    get,
    path = "/",
    responses((status = 200, body = Vec<Reed>)),
)]
pub async fn list() {}

#[utoipa::path(post, path = "/")]
pub async fn plant() {}

pub async fn bundle() {}

pub async fn map() {}

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> Router {
        Router::new().route("/api/v1/reeds/map", get(list))
    }
}
`,
      },
      [
        ['GET /api/v1/reeds', 'src/reeds.rs:6'],
        ['POST /api/v1/reeds', 'src/reeds.rs:8'],
        ['GET /api/v1/reeds/cut/{id}/bundle', 'src/reeds.rs:11'],
        ['GET /api/v1/sedges/cut/{id}/bundle', 'src/sedges.rs:1'],
        ['GET /api/v1/reeds/map', 'src/reeds.rs:13'],
      ],
    ));

  it('a router that describes its routes as well', () =>
    places(
      'rust',
      {
        'src/lib.rs': `mod api;

pub fn app() -> Router {
    ApiRouter::new().nest_api_service("/api/v1", api::router())
}
`,
        'src/api/mod.rs': `mod reeds;

pub fn router() -> ApiRouter {
    ApiRouter::new().merge(reeds::router())
}
`,
        'src/api/reeds.rs': `async fn list_reeds(State(db): State<Db>) {}

async fn create_reed(State(db): State<Db>) {}

async fn cut_reed(State(db): State<Db>) {}

mod shores {
    pub async fn show() {}
}

pub fn router() -> ApiRouter {
    ApiRouter::new()
        .api_route_with(
            "/reed",
            post_with(create_reed, describe_create)
                .get_with(list_reeds, describe_list),
            &tag,
        )
        .api_route_with(
            "/reed/{id}/cut",
            put_with(
                cut_reed,
                describe_cut,
            ),
            &tag,
        )
        .api_route("/reed/{id}/shore", get(shores::show))
}
`,
      },
      [
        ['GET /api/v1/reed', 'src/api/reeds.rs:1'],
        ['POST /api/v1/reed', 'src/api/reeds.rs:3'],
        ['PUT /api/v1/reed/{id}/cut', 'src/api/reeds.rs:5'],
        ['GET /api/v1/reed/{id}/shore', 'src/api/reeds.rs:8'],
      ],
    ));

  it('scopes before which others are, over comments behind a line', () =>
    places(
      'rust',
      {
        'src/app.rs': `pub fn app() -> App {
    App::new()
        .service(
            #[cfg(feature = "tides")]
            web::scope("/tides")
                .wrap(limit()) // this is executed second
                .service(
                    web::resource("/{tide}")
                        .route(web::delete().to(handlers::tides::delete)),
                ),
        )
        .service(
            web::scope("/quays").service(
                web::resource("/{quay}").route(web::delete().to(handlers::quays::delete)),
            ),
        )
}
`,
        'src/handlers/tides.rs': 'pub async fn delete(tide: Path<Uuid>) -> Result<()> {}\n',
        'src/handlers/quays.rs': 'pub async fn delete(quay: Path<Uuid>) -> Result<()> {}\n',
      },
      [
        ['DELETE /tides/{tide}', 'src/handlers/tides.rs:1'],
        ['DELETE /quays/{quay}', 'src/handlers/quays.rs:1'],
      ],
    ));
});
