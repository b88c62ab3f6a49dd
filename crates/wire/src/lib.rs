//! What leaves to clients, and what they send: REST bodies, socket payloads, problems, cursors.
//!
//! Domain values are projected here for the audience they go to, and nowhere else: a customer's copy
//! of a ticket, message or event is made by [`tickets::Ticket`], [`conversations::Message`] and
//! [`event::project`], and none of them can be given a note or an address to pass on.

pub mod auth;
pub mod conversations;
pub mod cursor;
pub mod event;
pub mod jobs;
pub mod list;
pub mod notifications;
pub mod problem;
pub mod routing;
pub mod sla;
pub mod socket;
pub mod teams;
pub mod tickets;
pub mod users;
pub mod words;
pub mod workers;

mod given;
