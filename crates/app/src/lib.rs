//! Use cases: the only writer.
//!
//! One function each, one file per noun. A use case loads (locked, in the actor's scope), allows,
//! decides (pure domain), saves and records its events in one named transaction. The right it needs
//! is in its signature as [`Can`]; there is no other way to call it.

pub mod conversations;
pub mod feed;
pub mod identity;
pub mod jobs;
pub mod mail;
pub mod migrations;
pub mod notifications;
pub mod organizations;
pub mod passwords;
pub mod presence;
pub mod retention;
pub mod routing;
pub mod schedules;
pub mod sla;
pub mod teams;
pub mod tickets;
pub mod users;
pub mod workers;

mod ctx;
mod error;
mod events;
mod idempotency;
mod ids;

pub use baton_store::{Clock, Db, Options, Sink, SystemDb};
pub use ctx::{Can, Ctx, IdempotencyKey};
pub use error::{Error, Repeated, Result};
pub use ids::new_id;
