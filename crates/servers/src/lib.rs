//! Finds, gets and starts the servers Baton stands on: Postgres, Redis, and Node and Chromium for the web.
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
mod ports;
mod postgres;
mod redis;
mod secrets;
mod stack;
mod tools;

pub use daemon::{Daemon, Leash, Signal, is_alive};
pub use error::{Context, Error, Result};
pub use ports::{free_port, says_port_is_taken};
pub use postgres::{PostgresServer, Purpose};
pub use redis::{PrivateRedis, RedisServer};
pub use secrets::{random_hex, read_or_create, write_private};
pub use stack::{Given, TestStack};
pub use tools::{Chromium, Node, PostgresTools, Promtool, RedisTools};

/// Hears one line of progress; slow steps (installing, first start) are announced before they begin.
pub type Say<'a> = &'a dyn Fn(&str);
