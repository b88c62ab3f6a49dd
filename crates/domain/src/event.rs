//! Durable events: what happened, who hears of it, and enough to bring a screen up to date.

use jiff::Timestamp;

use crate::access::{Actor, TicketPlace};
use crate::conversation::{Audience, Counters, Message, MessageKind};
use crate::id::{ConversationId, EventId, NotificationId, OrgId, SessionId, TeamId, UserId};
use crate::notification::Notification;
use crate::sla::Clock;
use crate::ticket::{Field, QueueState, TicketSnapshot};
use crate::user::Role;

/// A set of sockets that hear the same things. Its text form is what is stored with an event and
/// what a socket joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Room {
    /// Staff who may know of every ticket of the organisation.
    OrgStaff(OrgId),
    /// All staff of the organisation, whatever they may know of; nothing durable is told here.
    Colleagues(OrgId),
    /// Staff of a team.
    Team(TeamId),
    /// One staff member.
    User(UserId),
    /// One customer.
    Customer(UserId),
    /// Staff who have the conversation open.
    ConversationStaff(ConversationId),
    /// Customers who have the conversation open.
    ConversationPublic(ConversationId),
}

impl Room {
    /// Which projection of an event this room is given.
    pub const fn audience(self) -> Audience {
        match self {
            Self::Customer(_) | Self::ConversationPublic(_) => Audience::Public,
            _ => Audience::Staff,
        }
    }

    /// The rooms a person is in by who they are, before they open any conversation.
    pub fn standing(actor: &Actor) -> Vec<Self> {
        if !actor.role.is_staff() {
            return vec![Self::Customer(actor.user)];
        }
        let mut rooms = vec![Self::User(actor.user), Self::Colleagues(actor.org)];
        if actor.may(crate::access::Permission::TicketsViewAll) {
            rooms.push(Self::OrgStaff(actor.org));
        }
        rooms.extend(actor.teams.iter().copied().map(Self::Team));
        rooms
    }

    /// The room of a conversation for a person of `role`.
    pub const fn conversation(id: ConversationId, role: Role) -> Self {
        if role.is_staff() { Self::ConversationStaff(id) } else { Self::ConversationPublic(id) }
    }
}

impl std::fmt::Display for Room {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OrgStaff(id) => write!(f, "org:{id}:staff"),
            Self::Colleagues(id) => write!(f, "org:{id}:colleagues"),
            Self::Team(id) => write!(f, "team:{id}"),
            Self::User(id) => write!(f, "user:{id}"),
            Self::Customer(id) => write!(f, "customer:{id}"),
            Self::ConversationStaff(id) => write!(f, "conv:{id}:staff"),
            Self::ConversationPublic(id) => write!(f, "conv:{id}:public"),
        }
    }
}

impl std::str::FromStr for Room {
    type Err = UnknownRoom;

    fn from_str(text: &str) -> Result<Self, UnknownRoom> {
        let unknown = |_| UnknownRoom(text.to_owned());
        let (kind, rest) = text.split_once(':').ok_or_else(|| UnknownRoom(text.to_owned()))?;
        match (kind, rest.split_once(':')) {
            ("org", Some((id, "staff"))) => id.parse().map(Self::OrgStaff).map_err(unknown),
            ("org", Some((id, "colleagues"))) => id.parse().map(Self::Colleagues).map_err(unknown),
            ("conv", Some((id, "staff"))) => id.parse().map(Self::ConversationStaff).map_err(unknown),
            ("conv", Some((id, "public"))) => id.parse().map(Self::ConversationPublic).map_err(unknown),
            ("team", None) => rest.parse().map(Self::Team).map_err(unknown),
            ("user", None) => rest.parse().map(Self::User).map_err(unknown),
            ("customer", None) => rest.parse().map(Self::Customer).map_err(unknown),
            _ => Err(UnknownRoom(text.to_owned())),
        }
    }
}

impl serde::Serialize for Room {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Room {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A text that names no room.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no room")]
pub struct UnknownRoom(pub String);

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum By {
    /// A person.
    User {
        /// Who.
        id: UserId,
        /// Their name then.
        name: String,
        /// Their role then.
        role: Role,
    },
    /// A part of Baton.
    System {
        /// Which: `routing`.
        name: String,
    },
}

impl By {
    /// The acting person.
    pub fn actor(actor: &Actor) -> Self {
        Self::User { id: actor.user, name: actor.name.clone(), role: actor.role }
    }

    /// A part of Baton.
    pub fn system(name: &str) -> Self {
        Self::System { name: name.to_owned() }
    }
}

/// A ticket as it is after a change.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TicketChanged {
    /// The whole ticket.
    pub ticket: TicketSnapshot,
    /// What the change touched.
    pub changed: Vec<Field>,
}

/// What a message does to its ticket without moving the version.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MessageEffect {
    /// Start of the last reply.
    pub preview: String,
    /// The oldest customer message nobody has answered.
    pub waiting_since: Option<Timestamp>,
}

/// What happened. The tag is the event's `type` on the wire.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum Fact {
    /// A ticket was opened.
    #[serde(rename = "ticket:created")]
    TicketCreated(Box<TicketChanged>),
    /// A ticket changed.
    #[serde(rename = "ticket:updated")]
    TicketUpdated(Box<TicketChanged>),
    /// A ticket was given to somebody.
    #[serde(rename = "ticket:assigned")]
    TicketAssigned(Box<TicketChanged>),
    /// A ticket was taken from somebody and waits again.
    #[serde(rename = "ticket:unassigned")]
    TicketUnassigned(Box<TicketChanged>),
    /// A ticket's escalation level rose. Customers hear of a mere change.
    #[serde(rename = "ticket:escalated")]
    TicketEscalated(Box<TicketChanged>),
    /// A promise is about to break. The ticket's own event follows.
    #[serde(rename = "sla:warning")]
    SlaWarning {
        /// The clock after it warned.
        clock: Clock,
    },
    /// A promise is broken. The ticket's own event follows.
    #[serde(rename = "sla:breached")]
    SlaBreached {
        /// The clock after its breach.
        clock: Clock,
    },
    /// A person was told something.
    #[serde(rename = "notification:created")]
    NotificationCreated {
        /// What.
        notification: Notification,
    },
    /// A person read some of what they were told.
    #[serde(rename = "notification:read")]
    NotificationRead {
        /// Those that they had not read before.
        ids: Vec<NotificationId>,
        /// When.
        read_at: Timestamp,
    },
    /// A ticket left the sight of those who hear this.
    #[serde(rename = "ticket:removed")]
    TicketRemoved {
        /// Which, as `{id, version}`; nothing else is theirs to know.
        ticket: RemovedTicket,
    },
    /// A message was stored.
    #[serde(rename = "message:created")]
    MessageCreated {
        /// The message.
        message: Box<Message>,
        /// What it did to its ticket.
        effect: MessageEffect,
    },
    /// A person read a conversation up to here.
    #[serde(rename = "conversation:read")]
    ConversationRead {
        /// Who read.
        user_id: UserId,
        /// Their role, which decides which of the two counters their mark was set by.
        role: Role,
        /// Up to where, for both audiences.
        counters: Counters,
    },
    /// A sign-in ended before its time; its sockets are cut.
    #[serde(rename = "session:revoked")]
    SessionRevoked {
        /// Which.
        session_id: SessionId,
        /// Whose.
        user_id: UserId,
    },
    /// A person's role, teams or account changed; their rooms are worked out anew.
    #[serde(rename = "access:changed")]
    AccessChanged {
        /// Whose.
        user_id: UserId,
    },
}

impl Fact {
    /// The event's `type`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TicketCreated(_) => "ticket:created",
            Self::TicketUpdated(_) => "ticket:updated",
            Self::TicketAssigned(_) => "ticket:assigned",
            Self::TicketUnassigned(_) => "ticket:unassigned",
            Self::TicketEscalated(_) => "ticket:escalated",
            Self::SlaWarning { .. } => "sla:warning",
            Self::SlaBreached { .. } => "sla:breached",
            Self::NotificationCreated { .. } => "notification:created",
            Self::NotificationRead { .. } => "notification:read",
            Self::TicketRemoved { .. } => "ticket:removed",
            Self::MessageCreated { .. } => "message:created",
            Self::ConversationRead { .. } => "conversation:read",
            Self::SessionRevoked { .. } => "session:revoked",
            Self::AccessChanged { .. } => "access:changed",
        }
    }

    /// The event's `type` as `audience` hears it: to customers an escalation is a change like any other.
    pub const fn name_for(&self, audience: Audience) -> &'static str {
        match (self, audience) {
            (Self::TicketEscalated(_), Audience::Public) => "ticket:updated",
            _ => self.name(),
        }
    }

    /// The ticket as it is after this, if this carries one.
    pub fn ticket(&self) -> Option<&TicketSnapshot> {
        match self {
            Self::TicketCreated(c)
            | Self::TicketUpdated(c)
            | Self::TicketAssigned(c)
            | Self::TicketUnassigned(c)
            | Self::TicketEscalated(c) => Some(&c.ticket),
            _ => None,
        }
    }
}

/// All that is left of a ticket for those who may no longer know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RemovedTicket {
    /// Which.
    pub id: ConversationId,
    /// The version at which it left.
    pub version: i64,
}

/// A durable event.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// The organisation it happened in.
    pub org: OrgId,
    /// When (Postgres' clock, the start of its transaction).
    pub at: Timestamp,
    /// Who did it.
    pub by: By,
    /// The conversation it is about.
    pub conversation_id: Option<ConversationId>,
    /// Who hears of it.
    pub rooms: Vec<Room>,
    /// The trace it was made under (W3C `traceparent`).
    pub trace: Option<String>,
    /// What happened.
    #[serde(flatten)]
    pub fact: Fact,
}

/// A sign of life: nothing happened, it passes where events pass and shows that they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canary {
    /// When it got its place in the feed (Postgres' clock).
    #[serde(rename = "canary")]
    pub at: Timestamp,
}

/// What can stand at a place of the feed.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum Passing {
    /// Something happened.
    Event(Box<Event>),
    /// Nothing did.
    Canary(Canary),
}

impl Passing {
    /// Reads what was written as JSON. Nearly always it is an event.
    ///
    /// # Errors
    /// When it is neither; what an event lacks is told.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
            .map(|event| Self::Event(Box::new(event)))
            .or_else(|error| serde_json::from_str(text).map(Self::Canary).map_err(|_| error))
    }

    /// The event, if it is one.
    pub fn event(&self) -> Option<&Event> {
        match self {
            Self::Event(event) => Some(event),
            Self::Canary(_) => None,
        }
    }
}

/// The rooms of everybody who may know of a ticket that belongs so.
fn ticket_rooms(org: OrgId, id: ConversationId, place: &TicketPlace, audience: Audience) -> Vec<Room> {
    match audience {
        Audience::Staff => [Room::OrgStaff(org), Room::Team(place.team), Room::ConversationStaff(id)]
            .into_iter()
            .chain(place.assignee.map(Room::User))
            .collect(),
        Audience::Public => vec![Room::Customer(place.requester), Room::ConversationPublic(id)],
    }
}

/// The staff who may know of a ticket that belongs so: who hears of its clocks.
pub fn staff_rooms(org: OrgId, id: ConversationId, place: &TicketPlace) -> Vec<Room> {
    ticket_rooms(org, id, place, Audience::Staff)
}

/// Who hears of a message: everybody who may know of the ticket; notes stay with staff.
pub fn message_rooms(org: OrgId, id: ConversationId, place: &TicketPlace, kind: MessageKind) -> Vec<Room> {
    let mut rooms = ticket_rooms(org, id, place, Audience::Staff);
    if kind == MessageKind::Reply {
        rooms.extend(ticket_rooms(org, id, place, Audience::Public));
    }
    rooms
}

/// What a change of a ticket is called, worked out from what changed.
fn ticket_fact(after: TicketSnapshot, changed: Vec<Field>, created: bool) -> Fact {
    let assigned = after.assignee.is_some();
    let requeued = after.queue == QueueState::Waiting;
    let moved = changed.contains(&Field::Assignee);
    let escalated = changed.contains(&Field::EscalationLevel);
    let body = Box::new(TicketChanged { ticket: after, changed });
    match (created, moved) {
        (true, _) => Fact::TicketCreated(body),
        _ if escalated => Fact::TicketEscalated(body),
        (false, true) if assigned => Fact::TicketAssigned(body),
        (false, true) if requeued => Fact::TicketUnassigned(body),
        _ => Fact::TicketUpdated(body),
    }
}

/// The events of one change of a ticket, in order: first those who lost sight of it hear that it
/// left, then all who may know of it now get it whole.
///
/// `before` is `None` for a new ticket. Customers hear only of changes that they can see.
pub fn ticket_facts(
    org: OrgId,
    before: Option<&TicketPlace>,
    after: TicketSnapshot,
    changed: Vec<Field>,
) -> Vec<(Vec<Room>, Fact)> {
    let place = after.place();
    let gone = after.deleted_at.is_some();
    let staff_now = if gone { Vec::new() } else { ticket_rooms(org, after.id, &place, Audience::Staff) };
    let public_now = if gone { Vec::new() } else { ticket_rooms(org, after.id, &place, Audience::Public) };

    let mut lost = Vec::new();
    if let Some(before) = before {
        for audience in [Audience::Staff, Audience::Public] {
            lost.extend(ticket_rooms(org, after.id, before, audience));
        }
        lost.retain(|room| !staff_now.contains(room) && !public_now.contains(room));
    }

    let mut facts = Vec::new();
    if !lost.is_empty() {
        let ticket = RemovedTicket { id: after.id, version: after.version };
        facts.push((lost, Fact::TicketRemoved { ticket }));
    }
    let mut rooms = staff_now;
    if before.is_none() || changed.iter().any(|field| field.is_public()) {
        rooms.extend(public_now);
    }
    if !rooms.is_empty() {
        facts.push((rooms, ticket_fact(after, changed, before.is_none())));
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn rooms_travel_as_text() {
        let id = Uuid::from_u128(7);
        let rooms = [
            Room::OrgStaff(OrgId(id)),
            Room::Colleagues(OrgId(id)),
            Room::Team(TeamId(id)),
            Room::User(UserId(id)),
            Room::Customer(UserId(id)),
            Room::ConversationStaff(ConversationId(id)),
            Room::ConversationPublic(ConversationId(id)),
        ];
        for room in rooms {
            assert_eq!(room.to_string().parse(), Ok(room));
        }
        for text in ["", "team", "team:x", "conv:0:staff", "org:00000000-0000-0000-0000-000000000007", "x:y:z"] {
            assert!(text.parse::<Room>().is_err(), "{text}");
        }
    }

    #[test]
    fn events_and_canaries_travel_as_json() {
        let canary = Passing::Canary(Canary { at: "2026-03-02T09:00:00Z".parse().unwrap() });
        let event = Passing::Event(Box::new(Event {
            id: EventId(Uuid::from_u128(1)),
            org: OrgId(Uuid::from_u128(2)),
            at: "2026-03-02T09:00:00Z".parse().unwrap(),
            by: By::system("test"),
            conversation_id: None,
            rooms: Vec::new(),
            trace: None,
            fact: Fact::AccessChanged { user_id: UserId(Uuid::from_u128(3)) },
        }));
        for passing in [canary, event] {
            let text = serde_json::to_string(&passing).unwrap();
            assert_eq!(Passing::read(&text).unwrap(), passing, "{text}");
        }
        assert!(Passing::read("{}").is_err() && Passing::read(r#"{"canary": "soon"}"#).is_err());
    }

    #[test]
    fn a_note_stays_with_staff() {
        let place = TicketPlace {
            team: TeamId(Uuid::from_u128(1)),
            assignee: Some(UserId(Uuid::from_u128(2))),
            requester: UserId(Uuid::from_u128(3)),
        };
        let (org, id) = (OrgId(Uuid::from_u128(4)), ConversationId(Uuid::from_u128(5)));
        let rooms = message_rooms(org, id, &place, MessageKind::Note);
        assert!(rooms.iter().all(|room| room.audience() == Audience::Staff));
        let rooms = message_rooms(org, id, &place, MessageKind::Reply);
        assert!(rooms.contains(&Room::Customer(place.requester)));
    }
}
