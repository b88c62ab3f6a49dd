//! What a socket and the gateway say to each other, besides events ([`crate::event`]).

use baton_domain::availability::Availability;
use baton_domain::conversation::MessageKind;
use baton_domain::id::{ConversationId, TeamId, TicketId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::conversations::Message;
use crate::event::Payload;
use crate::problem::Code;
use crate::users::Person;

/// Most messages that a join brings.
pub const JOIN_MESSAGES: i64 = 200;
/// Most events of one page of a resume.
pub const RESUME_EVENTS: i64 = 500;

/// What a client connects with.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connect {
    /// An access token.
    pub token: String,
    /// Where it stopped: live events are held until it has resumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

impl std::fmt::Debug for Connect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connect").field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

/// `conversation:join`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Which.
    pub conversation_id: ConversationId,
    /// The last message it has; what came after it is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_seq: Option<i64>,
}

/// `conversation:leave`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    /// Which.
    pub conversation_id: ConversationId,
}

/// `message:send`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// Where to.
    pub conversation_id: ConversationId,
    /// The sender's own name for it, by which a repeated send is recognised.
    pub client_id: String,
    /// Who is to see it.
    pub kind: MessageKind,
    /// Its text.
    pub body: String,
}

/// `typing`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typing {
    /// Where.
    pub conversation_id: ConversationId,
    /// Whether they are.
    pub typing: bool,
}

/// `read`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// Which.
    pub conversation_id: ConversationId,
    /// Up to where.
    pub seq: i64,
}

/// `resume`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// Where it stopped.
    pub cursor: String,
}

/// An acknowledgement: `{ok: true, …}` or `{ok: false, error}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Ack<T> {
    /// It was done.
    Done(Accepted<T>),
    /// It was not.
    Failed(Rejected),
}

/// The good half of an [`Ack`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Accepted<T> {
    ok: bool,
    #[serde(flatten)]
    body: T,
}

/// The bad half of an [`Ack`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejected {
    ok: bool,
    error: AckError,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct AckError {
    code: &'static str,
    detail: String,
}

impl<T> Ack<T> {
    /// It was done, and this is what came of it.
    pub fn done(body: T) -> Self {
        Self::Done(Accepted { ok: true, body })
    }

    /// It was not done.
    pub fn failed(code: Code, detail: impl Into<String>) -> Self {
        Self::Failed(Rejected { ok: false, error: AckError { code: code.as_str(), detail: detail.into() } })
    }
}

/// An acknowledgement with nothing to add: `{ok: true}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Nothing {}

/// What a join brings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Joined {
    /// The number of messages, as the reader sees it.
    pub last_seq: i64,
    /// What was missed, the oldest first; at most [`JOIN_MESSAGES`].
    pub messages: Vec<Message>,
    /// Whether there are more to ask for.
    pub more: bool,
}

/// What a send brings.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Sent {
    /// It is stored.
    Stored {
        /// As it was stored.
        message: Box<Message>,
    },
    /// It is kept while Postgres is away, and not yet stored: the client sends it again.
    Pending {
        /// Always true.
        pending: bool,
        /// The sender's name for it.
        client_id: String,
    },
}

/// A page of what was missed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Resumed {
    /// The events, in order; at most [`RESUME_EVENTS`].
    pub events: Vec<Payload>,
    /// Where this page ends.
    pub cursor: String,
    /// Whether to ask again.
    pub more: bool,
}

/// `ready`: the first thing a socket hears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// Where the feed is now.
    pub cursor: String,
    /// What time it is here.
    pub server_time: Timestamp,
    /// Whether pulses come: from now on their absence says something.
    pub pulse: bool,
}

/// `cursor`: for quiet clients, so that theirs does not grow too old.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CursorMoved {
    /// Where the feed is now.
    pub cursor: String,
}

/// `pulse`: a canary came all the way of an event, from Postgres to here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse {
    /// When Postgres took it.
    pub at: Timestamp,
}

/// `typing`: somebody types, or stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypingNotice {
    /// Where.
    pub conversation_id: ConversationId,
    /// Who, without address.
    pub user: Person,
    /// Whether they do.
    pub typing: bool,
}

/// `presence:changed`: a colleague came, left or chose otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceChanged {
    /// Who.
    pub user_id: UserId,
    /// What they chose.
    pub availability: Availability,
    /// Whether they chose `online` and are here, so that they may be given work.
    pub available: bool,
}

/// `queue:changed`, to staff: how a team's queue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueChanged {
    /// The team.
    pub team_id: TeamId,
    /// Tickets waiting.
    pub waiting: i64,
    /// How long the oldest has waited; `null` when nothing waits.
    pub oldest_waiting_seconds: Option<i64>,
}

/// `queue:changed`, to customers: where their ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingChanged {
    /// The ticket.
    pub ticket_id: TicketId,
    /// Its place, 1 first.
    pub position: i64,
    /// A forecast; `null` when there is none.
    pub expected_wait_seconds: Option<i64>,
}

/// `room:revoked`: the reader may no longer know of a conversation they had open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomRevoked {
    /// Which.
    pub conversation_id: ConversationId,
}

/// `server:draining`: this gateway goes away; come back to another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draining {
    /// When to come back, spread so that not all do at once.
    pub reconnect_after_ms: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn acknowledgements_say_ok_first() {
        let done = Ack::done(Nothing {});
        assert_eq!(serde_json::to_value(&done).unwrap(), json!({"ok": true}));
        let pending = Ack::done(Sent::Pending { pending: true, client_id: "c1".into() });
        assert_eq!(serde_json::to_value(&pending).unwrap(), json!({"ok": true, "pending": true, "client_id": "c1"}));
        let failed = Ack::<Nothing>::failed(Code::ResyncRequired, "too long away");
        let expected = json!({"ok": false, "error": {"code": "resync_required", "detail": "too long away"}});
        assert_eq!(serde_json::to_value(&failed).unwrap(), expected);
    }

    #[test]
    fn unknown_members_are_refused() {
        assert!(
            serde_json::from_value::<Typing>(json!({"conversation_id": uuid::Uuid::nil(), "typing": true, "x": 1}))
                .is_err()
        );
    }
}
