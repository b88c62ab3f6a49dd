//! Every use case against a real database.
#![expect(clippy::unwrap_used, reason = "tests")]

mod feed;
mod identity;
mod messages;
mod notifications;
mod people;
mod routing;
mod sla;
mod state_and_events;
mod tenancy;
mod tickets;
