//! Every use case against a real database.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod feed;
mod identity;
mod jobs;
mod mail;
mod messages;
mod notifications;
mod people;
mod retention;
mod routing;
mod sla;
mod state_and_events;
mod tenancy;
mod tickets;
