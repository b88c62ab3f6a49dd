//! Finds, gets and starts the servers Baton stands on: Postgres, Redis, and Node for the tools.
//!
//! Standard library only, so that `cargo dev` is compiled in a second and its first line shows at
//! once. Nothing here knows Baton's schema: it hands out addresses with administrator's rights.
//!
//! - [`PostgresServer`] and [`RedisServer`]: private servers in the foreground of one process
//!   (development, bench), stopped with their owner.
//! - [`TestStack`]: one throwaway pair per machine, shared by every test process.
//! - [`PrivateRedis`]: a Redis of one's own, for tests that break it.
//! - [`Daemon`] and [`Leash`]: child processes that are kept running and never outlive their owner.

mod account;
mod daemon;
mod data;
mod error;
mod postgres;
mod redis;
mod secrets;
mod stack;
mod tools;

pub use daemon::{Daemon, Leash, Signal, is_alive};
pub use error::{Context, Error, Result};
pub use postgres::{PostgresServer, Purpose};
pub use redis::{PrivateRedis, RedisServer};
pub use secrets::{random_hex, read_or_create, write_private};
pub use stack::{Given, TestStack};
pub use tools::{Node, PostgresTools, RedisTools};

/// Hears one line of progress; slow steps (installing, first start) are announced before they begin.
pub type Say<'a> = &'a dyn Fn(&str);

/// A loopback port nobody listens on now. Another process may take it before its use: callers that
/// can must try again with a new one.
pub fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).context(|| "cannot bind to a free port".into())?;
    Ok(listener.local_addr().context(|| "a bound port has no address".into())?.port())
}
