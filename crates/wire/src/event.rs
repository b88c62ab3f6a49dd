//! Durable events as clients hear them.

use baton_domain::conversation::{Audience, MessageKind};
use baton_domain::event::{By, Event, Fact, MessageEffect, RemovedTicket, TicketChanged};
use baton_domain::id::{ConversationId, EventId, TicketId, UserId};
use baton_domain::ticket::Field;
use baton_domain::user::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::conversations::Message;
use crate::cursor::FeedCursor;
use crate::given::unless_absent;
use crate::notifications::{Notification, NotificationsRead};
use crate::sla::Clock;
use crate::tickets::Ticket;
use crate::words;

/// An event as one audience hears it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Event)]
pub struct Payload {
    /// Which; the same for every audience.
    #[schema(value_type = uuid::Uuid)]
    pub id: EventId,
    /// Where in the feed it stands: to resume after it. Left out of timelines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// What happened: `ticket:updated`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The ticket it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub ticket_id: Option<TicketId>,
    /// The conversation it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub conversation_id: Option<ConversationId>,
    /// Who did it.
    pub actor: Actor,
    /// Enough to bring a screen up to date; its shape follows from `type`.
    pub data: Data,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Actor {
    /// A person or a part of Baton.
    pub kind: ActorKind,
    /// The person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub id: Option<UserId>,
    /// The person's name then, or the part's.
    pub name: String,
    /// The person's role then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Role>)]
    pub role: Option<Role>,
}

/// What acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person.
    User,
    /// A part of Baton.
    System,
}

impl From<&By> for Actor {
    fn from(by: &By) -> Self {
        match by {
            By::User { id, name, role } => {
                Self { kind: ActorKind::User, id: Some(*id), name: name.clone(), role: Some(*role) }
            }
            By::System { name } => Self { kind: ActorKind::System, id: None, name: name.clone(), role: None },
        }
    }
}

/// What an event carries, by its `type`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = EventData)]
pub enum Data {
    /// `message:created`
    Message(Box<MessageData>),
    /// `ticket:created`, `ticket:updated`, `ticket:assigned`, `ticket:unassigned`, `ticket:escalated`
    Ticket(Box<TicketData>),
    /// `ticket:removed`
    Removed(RemovedData),
    /// `conversation:read`
    Read(ReadData),
    /// `sla:warning`, `sla:breached`; the ticket's own event follows.
    Clock(ClockData),
    /// `notification:created`
    Notification(Notification),
    /// `notification:read`
    NotificationsRead(NotificationsRead),
}

/// A ticket as it is after a change; it replaces a copy of lower `version`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TicketData {
    /// The whole ticket as the audience may see it.
    pub ticket: Ticket,
    /// Names of what changed.
    #[schema(value_type = Vec<String>)]
    pub changed: Vec<Field>,
}

/// A clock as it is after it warned or broke.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClockData {
    /// The clock.
    pub clock: Clock,
}

/// A message, and what it did to its ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MessageData {
    /// The message.
    #[serde(flatten)]
    pub message: Message,
    /// What it did to its ticket without moving the version.
    pub ticket: TicketEffect,
}

/// What a message does to its ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketEffect {
    /// The number of messages that the audience may see.
    pub last_seq: i64,
    /// Start of the last reply.
    pub preview: String,
    /// When the last message came that the audience may see.
    #[schema(value_type = String, format = DateTime)]
    pub last_activity_at: Timestamp,
    /// When anything last changed that the audience may see.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// The oldest unanswered message of the customer, `null` if there is none; left out for customers.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub waiting_since: Option<Option<Timestamp>>,
}

/// All that is left of a ticket for those who may no longer know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RemovedData {
    /// Which.
    #[schema(value_type = RemovedTicketSchema)]
    pub ticket: RemovedTicket,
}

/// A ticket that left the reader's sight.
#[derive(ToSchema)]
#[schema(as = RemovedTicket)]
#[expect(dead_code, reason = "the schema of a domain type, never a value")]
struct RemovedTicketSchema {
    /// Which.
    id: uuid::Uuid,
    /// The version at which it left.
    version: i64,
}

/// How far somebody has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadData {
    /// The conversation.
    #[schema(value_type = uuid::Uuid)]
    pub conversation_id: ConversationId,
    /// Who.
    #[schema(value_type = uuid::Uuid)]
    pub user_id: UserId,
    /// Up to where, as the audience counts.
    pub seq: i64,
}

/// `event` as `audience` hears it, with its place in the feed if it has one; `None` when that
/// audience must not hear of it, whatever rooms it was sent to.
pub fn project(event: &Event, cursor: Option<FeedCursor>, audience: Audience) -> Option<Payload> {
    Some(Payload {
        data: data(event, audience)?,
        id: event.id,
        cursor: cursor.map(|cursor| cursor.to_string()),
        kind: event.fact.name_for(audience).to_owned(),
        at: event.at,
        ticket_id: event.conversation_id,
        conversation_id: event.conversation_id,
        actor: Actor::from(&event.by),
    })
}

fn data(event: &Event, audience: Audience) -> Option<Data> {
    let staff = audience == Audience::Staff;
    match &event.fact {
        Fact::TicketCreated(change)
        | Fact::TicketUpdated(change)
        | Fact::TicketAssigned(change)
        | Fact::TicketUnassigned(change)
        | Fact::TicketEscalated(change) => Some(Data::Ticket(Box::new(ticket_data(change, audience)))),
        Fact::TicketRemoved { ticket } => Some(Data::Removed(RemovedData { ticket: *ticket })),
        Fact::MessageCreated { message, effect } => {
            message_data(message, effect, audience).map(|data| Data::Message(Box::new(data)))
        }
        Fact::ConversationRead { user_id, counters, .. } => Some(Data::Read(ReadData {
            conversation_id: event.conversation_id?,
            user_id: *user_id,
            seq: counters.of(audience),
        })),
        Fact::SlaWarning { clock } | Fact::SlaBreached { clock } => {
            staff.then(|| Data::Clock(ClockData { clock: clock.clone().into() }))
        }
        Fact::NotificationCreated { notification } => staff.then(|| Data::Notification(notification.clone().into())),
        Fact::NotificationRead { ids, read_at } => {
            staff.then(|| Data::NotificationsRead(NotificationsRead { ids: ids.clone(), read_at: *read_at }))
        }
        // These are for gateways: they act on them, clients feel it.
        Fact::SessionRevoked { .. } | Fact::AccessChanged { .. } => None,
    }
}

fn ticket_data(change: &TicketChanged, audience: Audience) -> TicketData {
    let visible = |field: &Field| audience == Audience::Staff || field.is_public();
    TicketData {
        ticket: Ticket::of(change.ticket.clone(), audience),
        changed: change.changed.iter().copied().filter(visible).collect(),
    }
}

fn message_data(
    message: &baton_domain::conversation::Message,
    effect: &MessageEffect,
    audience: Audience,
) -> Option<MessageData> {
    if audience == Audience::Public && message.kind == MessageKind::Note {
        return None;
    }
    let ticket = TicketEffect {
        last_seq: message.counters.of(audience),
        preview: effect.preview.clone(),
        last_activity_at: message.created_at,
        updated_at: message.created_at,
        waiting_since: (audience == Audience::Staff).then_some(effect.waiting_since),
    };
    Some(MessageData { message: Message::of(message.clone(), audience)?, ticket })
}

#[cfg(test)]
mod tests;
