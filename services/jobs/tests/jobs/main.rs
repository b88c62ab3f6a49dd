//! The worker and the mail it writes, against a real database and a real mail server.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod mail;
mod stage;
mod worker;
