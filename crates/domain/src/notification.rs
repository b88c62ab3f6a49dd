//! What is told to one person because it concerns them.

use jiff::Timestamp;

use crate::event::By;
use crate::id::{NotificationId, TicketId};
use crate::sla::{Clock, Metric};
use crate::text_enum::text_enum;

text_enum! {
    /// Why somebody is told.
    NotificationKind {
        /// They were given a ticket, by routing or by somebody else.
        Assigned = "assigned",
        /// A promise is about to break.
        SlaWarning = "sla_warning",
        /// A promise is broken.
        SlaBreached = "sla_breached",
        /// A promise is broken, and the ticket is theirs to look after now.
        Escalated = "escalated",
    }
}

/// The ticket that a notification is about, as it was named then.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TicketName {
    /// Which.
    pub id: TicketId,
    /// Its number.
    pub number: i64,
    /// What it is about.
    pub subject: String,
}

/// The clock that a notification is about, as it stood then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ClockName {
    /// What it measures.
    pub metric: Metric,
    /// When its promise breaks, or broke.
    pub due_at: Timestamp,
}

impl From<&Clock> for ClockName {
    fn from(clock: &Clock) -> Self {
        Self { metric: clock.metric, due_at: clock.due_at }
    }
}

/// What is told to one person.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Notification {
    /// Its id; a later one is greater, to the millisecond.
    pub id: NotificationId,
    /// Why they are told.
    pub kind: NotificationKind,
    /// About which ticket.
    pub ticket: TicketName,
    /// About which clock.
    pub clock: Option<ClockName>,
    /// Who caused it.
    pub by: By,
    /// When.
    pub created_at: Timestamp,
    /// When they read it.
    pub read_at: Option<Timestamp>,
}
