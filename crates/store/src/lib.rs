//! Postgres: the one way to a connection, and the statements, noun by noun.
//!
//! A caller begins a named transaction in an organisation's scope ([`Db::begin`]) and passes the
//! guard to free functions. Nothing here decides anything: rules are `domain`'s, and their order is
//! `app`'s.
//!
//! Locks are taken in one order everywhere: conversation → ticket → clock → person (in id order) → outbox.
//! The conversation's row is the lock of the whole ticket.

pub mod admin;
pub mod assignments;
pub mod conversations;
pub mod events;
pub mod feed;
pub mod idempotency;
pub mod jobs;
pub mod mail;
pub mod migrations;
pub mod notifications;
pub mod organizations;
pub mod retention;
pub mod routing;
pub mod schedules;
pub mod sessions;
pub mod sla;
pub mod staff;
pub mod teams;
pub mod tickets;
pub mod users;
pub mod workers;

mod db;
mod error;
mod pool;
mod statement;

pub use db::{Clock, Db, Options, Sink, SystemDb, SystemTx, Tx};
pub use error::{Error, Result};
