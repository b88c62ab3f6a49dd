//! The realtime gateway: sockets on one side, the feed of events on the other.
//!
//! The feed is the one dense order of all events ([`fanout`] follows it); a socket stands at a place of it. What makes
//! delivery exact is one lock, the [`hall`]'s: the fan-out holds it while it tells an event and moves on, and a socket
//! takes its rooms under it. So every event after the place a socket was told reaches it live, and every event before
//! is `resume`'s. Nothing durable is kept here: a gateway may die at any time.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use baton_boot::{BoxError, Process, Service};

mod access;
mod bucket;
mod colleagues;
mod conformance;
mod connect;
mod conversations;
mod delivery;
mod drain;
mod ending;
mod fanout;
mod hall;
mod line;
mod listen;
mod metrics;
mod origin;
mod presence;
mod queues;
mod recent;
mod requests;
mod resume;
mod serve;
mod socket;
mod turns;
mod typing;

/// What this service is called and where it answers probes.
pub const SERVICE: Service =
    Service { name: "gateway", default_operations: Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9181)) };

/// Runs the gateway until it is told to end; with `--conformance`, the handlers of the public Socket.IO test suite
/// instead.
///
/// # Errors
/// When arguments or settings are refused, or its address cannot be listened on.
pub async fn run(process: Process) -> Result<(), BoxError> {
    match process.args.as_slice() {
        [] => serve::run(process).await,
        [only] if only == "--conformance" => conformance::run(process).await,
        [first, ..] => Err(format!("unknown argument {first:?}; there is only --conformance").into()),
    }
}
