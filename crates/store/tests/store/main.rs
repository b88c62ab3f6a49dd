//! Postgres itself, asked by a sceptic: what the schema says of every table, what the guard keeps
//! when things go wrong in the middle, what the feed's order is worth, and how much is read for a page.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod feed;
mod guard;
mod migrations;
mod plans;
mod session;
mod tenancy;
