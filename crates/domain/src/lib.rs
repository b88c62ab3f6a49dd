//! The rules of the helpdesk.
//!
//! Nothing here waits, reads a clock, draws a random number or knows of a database: a rule takes
//! what it needs as arguments and returns what follows. That is why most tests live here.

pub mod access;
pub mod availability;
pub mod conversation;
pub mod event;
pub mod id;
pub mod jobs;
pub mod limits;
pub mod mail;
pub mod notification;
#[cfg(feature = "planted")]
pub mod planted;
pub mod routing;
pub mod sla;
pub mod ticket;
pub mod user;
pub mod wake;
pub mod worker;

mod text_enum;
