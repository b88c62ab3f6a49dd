//! REST over the use cases of `baton_app`.
//!
//! A handler reads its input through the extractors of [`request`], which hold the bounds, calls one use case with
//! the right that its signature demands ([`request::Allowed`]), and turns the view into a DTO. What every answer has
//! in common (id, headers, problems, figures) is made in one place: [`answer`].

mod answer;
mod client;
mod cors;
mod document;
mod intake;
mod limits;
mod metrics;
mod problem;
mod request;
mod routes;
mod server;
mod state;

use std::net::{Ipv4Addr, SocketAddr};

use baton_app::{Db, Options, passwords::Passwords};
use baton_boot::wakes::WakePump;
use baton_boot::{BoxError, ExposeSecret, Process, Service};

pub use document::document;
pub use server::{listener, serve};
pub use state::Setup;

/// The REST service.
pub const SERVICE: Service =
    Service { name: "api", default_operations: Some(SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9180)) };

/// Fewest connections that a worker's own pool is given.
const FEWEST_CONNECTIONS: u32 = 2;

/// Runs the service until it is told to stop.
///
/// # Errors
/// When settings are refused or the address is taken.
pub async fn run(process: Process) -> Result<(), BoxError> {
    let settings = &process.settings;
    let auth = settings.require_auth()?;
    let redis = process.redis()?;
    let sink = WakePump::start(redis.clone());
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let share = (settings.database.pool_size / u32::try_from(workers).unwrap_or(1)).max(FEWEST_CONNECTIONS);
    // A pool per worker: its connections are driven by the thread that waits for them.
    let mut pools = Vec::with_capacity(workers);
    for _ in 0..workers {
        let options = Options {
            pool_size: share,
            statement_timeout: settings.database.statement_timeout(),
            ..Options::new(settings.database.url.expose_secret())
        };
        pools.push(Db::connect(options, sink.clone()).await?);
    }
    let options = Options {
        pool_size: FEWEST_CONNECTIONS,
        statement_timeout: settings.database.statement_timeout(),
        ..Options::new(settings.database.url.expose_secret())
    };
    let shared = Db::connect(options, sink).await?;
    let setup = Setup {
        db: shared.clone(),
        pools,
        keys: baton_app::identity::Keys::new(&auth.token_key, &auth.refresh_key),
        passwords: Passwords::new().await?,
        redis,
        allowed_origins: settings.api.allowed_origins.clone(),
        trusted_proxies: settings.api.trusted_proxies.clone(),
    };
    let listener = listener(settings.api.listen)?;
    process.readiness.set_check(move || {
        let db = shared.clone();
        async move { db.check().await.map_err(|error| error.to_string()) }
    });
    tracing::info!(listen = %listener.local_addr()?, "answering");
    serve(setup, listener, process.shutdown).await
}
