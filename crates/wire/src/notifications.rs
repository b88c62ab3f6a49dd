//! What one person is told because it concerns them.

use baton_domain::id::{NotificationId, TicketId};
use baton_domain::notification::{self, NotificationKind};
use baton_domain::sla::Metric;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::event::Actor;
use crate::given::unless_absent;
use crate::list::Limit;
use crate::words;

/// What somebody was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notification {
    /// Which.
    #[schema(value_type = uuid::Uuid)]
    pub id: NotificationId,
    /// Why.
    #[schema(value_type = words::NotificationKind)]
    pub kind: NotificationKind,
    /// About which ticket.
    #[schema(value_type = uuid::Uuid)]
    pub ticket_id: TicketId,
    /// The ticket's number.
    pub ticket_number: i64,
    /// What the ticket was about then.
    pub subject: String,
    /// About which of its clocks, as it stood then.
    pub clock: Option<NotifiedClock>,
    /// Who caused it.
    pub actor: Actor,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was read.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
}

/// The clock that somebody was told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotifiedClock {
    /// What it measures.
    #[schema(value_type = words::Metric)]
    pub metric: Metric,
    /// When its promise breaks, or broke.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
}

impl From<notification::Notification> for Notification {
    fn from(told: notification::Notification) -> Self {
        Self {
            id: told.id,
            kind: told.kind,
            ticket_id: told.ticket.id,
            ticket_number: told.ticket.number,
            subject: told.ticket.subject,
            clock: told.clock.map(|clock| NotifiedClock { metric: clock.metric, due_at: clock.due_at }),
            actor: Actor::from(&told.by),
            created_at: told.created_at,
            read_at: told.read_at,
        }
    }
}

/// A page of the reader's notifications, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotificationPage {
    /// The rows.
    pub items: Vec<Notification>,
    /// Where the next page begins; `null` on the last one.
    pub next_cursor: Option<String>,
    /// How many the reader has not read, of all.
    pub unread: i64,
}

/// Which page of notifications.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct NotificationsQuery {
    /// Most rows: 1 to 100, 20 if left out.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Limit,
    /// Where the page begins, as the one before said.
    pub cursor: Option<String>,
}

/// Which notifications were read: exactly one of the two.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkNotifications {
    /// This one and all that came before it: the newest one shown, to mark all.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub up_to: Option<NotificationId>,
    /// These; what is not the reader's own is passed over.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<uuid::Uuid>>, max_items = 100)]
    pub ids: Option<Vec<NotificationId>>,
}

/// What is left unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unread {
    /// How many, of all.
    pub unread: i64,
}

/// Notifications that were read, here or on another screen of the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotificationsRead {
    /// Those that had not been read before.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub ids: Vec<NotificationId>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub read_at: Timestamp,
}
