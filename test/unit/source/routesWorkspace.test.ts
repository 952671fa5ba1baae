// Routes of programs of several packages: what is registered in one is answered by a function of another.
import { describe, it } from 'vitest';
import { places } from './support/places';

describe('workspaces of crates', () => {
  const crates = {
    'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\n',
    'crates/bog_api/Cargo.toml': '[package]\nname = "bog_api"\n',
    'crates/bog_api/src/lib.rs': 'pub mod reed;\npub mod rush;\n',
    'crates/bog_api/src/reed/mod.rs': 'pub mod cut;\npub mod list;\npub mod show;\n',
    'crates/bog_api/src/reed/cut.rs': `use actix_web::web::Json;

pub async fn cut_reed(data: Json<CutReed>) -> FenResult<Json<Reed>> {}
`,
    'crates/bog_api/src/reed/list.rs': 'pub async fn list_reeds(data: Query<ListReeds>) {}\n',
    'crates/bog_api/src/reed/show.rs': 'pub async fn show_reed(data: Query<ShowReed>) {}\n',
    'crates/bog_api/src/rush.rs': 'pub async fn mow_rush(data: Json<MowRush>) {}\n\npub async fn receive(data: Json<Any>) {}\n',
    'crates/moss-crud/Cargo.toml': '[package]\nname = "moss-crud"\n',
    'crates/moss-crud/src/reed/list.rs':
      'impl Reed {\n    pub async fn list_reeds(pool: &mut Pool) {}\n}\n\npub async fn list_reeds() {}\n',
    'crates/moss-crud/src/reed.rs': 'pub async fn cut_reed(pool: &Pool) {}\n\npub async fn show_reed() {}\n',
    'crates/heath/Cargo.toml': '[package]\nname = "heath-fed"\n',
    'crates/heath/src/lib.rs': 'pub mod api;\npub mod inbox;\n',
    'crates/heath/src/inbox.rs': 'pub async fn receive(request: HttpRequest) {}\n',
    'crates/heath/src/api/mod.rs': 'mod list_reeds;\npub use list_reeds::list_reeds;\n',
    'crates/heath/src/api/list_reeds.rs': 'pub async fn list_reeds(data: Query<ListReeds>) {}\n',
    'src/lib.rs': 'pub mod v3;\npub mod v4;\n',
    'src/v3.rs': `use bog_api::reed::{cut::cut_reed, show::show_reed};
use actix_web::{guard, web::*};
use heath_fed::{api::list_reeds, inbox::receive};

pub fn config(cfg: &mut ServiceConfig, limit: &Limit) {
    cfg.service(
        scope("/api/v3")
            .wrap(limit.message())
            .route("/fen", get().to(fen_info))
            .service(
                scope("/reed")
                    .guard(guard::Post())
                    .route("", post().to(cut_reed)),
            )
            .service(scope("/reed").route("", get().to(show_reed)).route("/list", get().to(list_reeds)))
            .service(
                resource("/inbox")
                    .wrap(limit.register())
                    .route(post().to(receive)),
            ),
    );
}

async fn fen_info() {}
`,
    'src/v4.rs': `use actix_web::web::{get, post, put, resource, scope, ServiceConfig};
use bog_api::{
    reed::{
        cut::cut_reed,
        list::list_reeds,
    },
    rush::{mow_rush, receive as receive_rush},
};

pub fn config(cfg: &mut ServiceConfig) {
    cfg.service(
        scope("/api/v4")
            .service(
                scope("/reed")
                    .route("", post().to(cut_reed))
                    .route("/list", get().to(list_reeds))
                    .service(
                        scope("/rush")
                            .service(resource("/mow").wrap(limit()).route(put().to(mow_rush)))
                            .service(scope("/deep").route("/in", post().to(receive_rush))),
                    ),
            ),
    );
}
`,
  };

  it('actix-web', () =>
    places('rust', crates, [
      ['GET /api/v3/fen', 'src/v3.rs:24'],
      ['POST /api/v3/reed', 'crates/bog_api/src/reed/cut.rs:3'],
      ['GET /api/v3/reed', 'crates/bog_api/src/reed/show.rs:1'],
      ['GET /api/v3/reed/list', 'crates/heath/src/api/list_reeds.rs:1'],
      ['POST /api/v3/inbox', 'crates/heath/src/inbox.rs:1'],
      ['POST /api/v4/reed', 'crates/bog_api/src/reed/cut.rs:3'],
      ['GET /api/v4/reed/list', 'crates/bog_api/src/reed/list.rs:1'],
      ['PUT /api/v4/reed/rush/mow', 'crates/bog_api/src/rush.rs:1'],
      ['POST /api/v4/reed/rush/deep/in', 'crates/bog_api/src/rush.rs:3'],
    ]));

  it('paths, modules taken as a whole, and scopes in scopes', () =>
    places(
      'rust',
      {
        'crates/api/Cargo.toml': '[package]\nname = "fen-api"\n\n[lib]\nname = "fen_api"\n',
        'crates/api/src/lib.rs': 'pub mod reeds;\npub mod rushes;\n',
        'crates/api/src/reeds/mod.rs': 'mod list;\npub use self::list::*;\n',
        'crates/api/src/reeds/list.rs': 'pub async fn list() {}\n',
        'crates/api/src/rushes.rs':
          'pub async fn list() {}\n\npub async fn sow() {}\n\npub(crate) mod old {\n    pub async fn sow() {}\n}\n',
        'crates/store/Cargo.toml': '[package]\nname = "fen-store"\n',
        'crates/store/src/lib.rs': 'pub async fn list() {}\npub async fn sow() {}\n',
        'crates/jobs/reeds.rs': 'pub async fn dry_them() {}\n',
        'crates/jobs/rushes.rs': 'pub async fn dry_them() {}\n',
        'app/Cargo.toml': '[package]\nname = "app"\n',
        'app/src/main.rs': `use actix_web::web::{self, get, post, resource, scope};
use fen_api::{reeds::*, rushes};

fn config(cfg: &mut web::ServiceConfig) {
    cfg.service(scope("/a").service(scope("/b").service(scope("/c").service(scope("/d").service(scope("/e").service(
        scope("/f").service(scope("/g").service(scope("/h").service(scope("/i").service(scope("/j").service(
            scope("/k").route("/reeds", get().to(list)).route("/rushes", get().to(fen_api::rushes::list)),
        ))))),
    ))))))
    .service(resource("/rushes").route(post().guard(json()).to(rushes::sow)))
    .service(resource("/old").to(rushes::old::sow))
    .service(scope("/dry").route("/rushes", post().to(dry_them)));
}
`,
      },
      [
        ['GET /a/b/c/d/e/f/g/h/i/j/k/reeds', 'crates/api/src/reeds/list.rs:1'],
        ['GET /a/b/c/d/e/f/g/h/i/j/k/rushes', 'crates/api/src/rushes.rs:1'],
        ['POST /rushes', 'crates/api/src/rushes.rs:3'],
        ['GET /old', 'crates/api/src/rushes.rs:6'],
        ['POST /dry/rushes', 'crates/jobs/rushes.rs:1'],
      ],
    ));

  it('axum', () =>
    places(
      'rust',
      {
        'fen/Cargo.toml': '[package]\nname = "fen-handlers"\n',
        'fen/src/lib.rs': 'pub mod reeds;\npub mod sedges;\n',
        'fen/src/reeds.rs': 'pub async fn list() {}\n\npub async fn show(Path(id): Path<i64>) {}\n',
        'fen/src/sedges.rs': 'pub async fn list() {}\n\npub async fn plant() {}\n',
        'moss/Cargo.toml': '[package]\nname = "moss"\n',
        'moss/src/reeds.rs': 'pub async fn list() {}\n\npub async fn show() {}\n',
        'server/Cargo.toml': '[package]\nname = "server"\n',
        'server/src/main.rs': `use axum::{
    routing::{get, post},
    Router,
};
use fen_handlers::{reeds::{list as list_reeds, show}, sedges};

fn app() -> Router {
    let reeds = Router::new()
        .route("/", get(list_reeds))
        .route("/{id}", get(show));
    Router::new()
        .nest("/v1/reeds", reeds)
        .route("/v1/sedges", get(sedges::list).post(sedges::plant))
}
`,
      },
      [
        ['GET /v1/reeds', 'fen/src/reeds.rs:1'],
        ['GET /v1/reeds/{id}', 'fen/src/reeds.rs:3'],
        ['GET /v1/sedges', 'fen/src/sedges.rs:1'],
        ['POST /v1/sedges', 'fen/src/sedges.rs:3'],
      ],
    ));
});
