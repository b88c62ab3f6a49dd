//! The listener, its bounds, and how it ends.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use baton_boot::BoxError;
use tokio_util::sync::CancellationToken;

use crate::answer::answer;
use crate::request::bounds;
use crate::routes;
use crate::state::{Setup, State};

/// Connections that may wait to be accepted: all clients at once after a restart.
const BACKLOG: u32 = 4_096;
/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a client may take to send a request's head.
const HEAD_WITHIN: Duration = Duration::from_secs(5);
/// How long a draining process goes on accepting: balancers need a moment to hear that it is not ready.
const LINGER: Duration = Duration::from_secs(1);
/// How long requests under way may take to finish after that, in seconds.
const FINISH_WITHIN_SECS: u64 = 15;

/// Listens at `address`.
///
/// # Errors
/// When the address is taken or not ours.
pub fn listener(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { tokio::net::TcpSocket::new_v4() } else { tokio::net::TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    let bound = socket.bind(address).and_then(|()| socket.listen(BACKLOG));
    bound.map_err(|error| io::Error::new(error.kind(), format!("cannot listen at {address}: {error}")))?.into_std()
}

/// Answers on `listener`, with a worker for each of the setup's pools, until `shutdown`; then finishes what is under
/// way.
///
/// # Errors
/// When the setup is wrong or the listener fails.
pub async fn serve(setup: Setup, listener: TcpListener, shutdown: CancellationToken) -> Result<(), BoxError> {
    let states = setup.states(shutdown.clone())?;
    let workers = states.len().max(1);
    let next = AtomicUsize::new(0);
    let states = std::sync::Arc::new((states, next));
    let server = HttpServer::new(move || {
        let (states, next) = &*states;
        let turn = next.fetch_add(1, Ordering::Relaxed) % states.len().max(1);
        let state = states.get(turn).cloned();
        App::new().wrap(from_fn(answer)).configure(move |config| configure(config, state))
    })
    .workers(workers)
    .tcp_nodelay(true)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(HEAD_WITHIN)
    .shutdown_timeout(FINISH_WITHIN_SECS)
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    let stop = async {
        shutdown.cancelled().await;
        tokio::time::sleep(LINGER).await;
        handle.stop(true).await;
    };
    let mut server = pin!(server);
    tokio::select! {
        // Also when it cannot begin.
        ended = &mut server => return Ok(ended?),
        () = stop => {}
    }
    Ok(server.await?)
}

fn configure(config: &mut web::ServiceConfig, state: Option<State>) {
    if let Some(state) = state {
        config.app_data(web::Data::new(state));
    }
    bounds(config);
    // Before the routes: their scope takes everything below its address.
    crate::document::browsable(config);
    routes::documented(&mut utoipa_actix_web::service_config::ServiceConfig::new(config));
    config.default_service(web::to(crate::document::nothing_here));
}
