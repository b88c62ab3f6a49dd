//! The service over HTTP.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests report by failing")]

mod edges;
mod journeys;
mod permissions;
mod server;
