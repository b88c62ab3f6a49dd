//! Postgres itself, asked by a sceptic: what the schema says of every table, what the guard keeps
//! when things go wrong in the middle, what the feed's order is worth, and how much is read for a page.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests, which print their seeds and what they measured"
)]

mod feed;
mod guard;
mod helpdesk;
mod lists;
mod migrations;
mod plans;
mod session;
mod tenancy;
mod vanishing;
