//! End to end: the real binaries, the real `socket.io-client`, and what both promise each other.
//!
//! Each scenario has an organisation of its own in a Baton that all share, or, where it kills something, a Baton of
//! its own ([`harness::Stack`]).
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod harness;

mod assigners;
mod faults;
mod gateways;
mod idempotency;
mod input;
mod jobs;
mod privacy;
mod protocol;
mod routing;
mod seen;
mod sequencer;
mod sessions;
mod sla;
mod slow_reader;
mod talk;
mod traces;
