//! Messages and read marks.

use baton_domain::conversation::{Audience, MessageKind};
use baton_domain::id::{ConversationId, MessageId, UserId};
use baton_domain::ticket::Status;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::given::unless_absent;
use crate::list::Limit;
use crate::users::Person;
use crate::words;

/// A message as one audience sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// Which.
    #[schema(value_type = uuid::Uuid)]
    pub id: MessageId,
    /// Its conversation.
    #[schema(value_type = uuid::Uuid)]
    pub conversation_id: ConversationId,
    /// Its number in the conversation as the reader sees it: 1, 2, 3 … without gaps.
    pub seq: i64,
    /// Who sees it.
    #[schema(value_type = words::MessageKind)]
    pub kind: MessageKind,
    /// Its text.
    pub body: String,
    /// Who wrote it.
    pub author: Person,
    /// The sender's own name for it.
    pub client_id: Option<String>,
    /// Its files; none for now.
    #[schema(value_type = Vec<Object>)]
    pub attachments: [(); 0],
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl Message {
    /// `message` as `audience` sees it; `None` for a note, of which customers know nothing.
    pub fn of(message: baton_domain::conversation::Message, audience: Audience) -> Option<Self> {
        if audience == Audience::Public && message.kind == MessageKind::Note {
            return None;
        }
        // An author's address is nobody's business beside a message, staff's neither.
        let author = Person::of(message.author, Audience::Public);
        Some(Self {
            id: message.id,
            conversation_id: message.conversation_id,
            seq: message.counters.of(audience),
            kind: message.kind,
            body: message.body,
            author,
            client_id: message.client_id,
            attachments: [],
            created_at: message.created_at,
        })
    }
}

/// A message to send.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// Its text.
    #[schema(min_length = 1, max_length = 20000)]
    pub body: String,
    /// Who is to see it; `reply` if left out.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::MessageKind>)]
    pub kind: Option<MessageKind>,
    /// The sender's own name for it: sent again with the same one, it is stored once.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 64)]
    pub client_id: Option<String>,
    /// What to do with the ticket in the same step: "send and resolve". Staff only.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    pub then: Option<Then>,
}

/// What follows a message.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// The status to move the ticket to.
    #[schema(value_type = words::Status)]
    pub status: Status,
}

/// A message that is kept while the database is away, and not stored yet: send it again under the same `client_id`, and
/// none that comes after it, until it is stored or refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pending {
    /// Always true.
    pub pending: bool,
    /// The sender's name for it.
    pub client_id: String,
}

/// Up to where one has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadUpTo {
    /// The last message's `seq`.
    #[schema(minimum = 0)]
    pub seq: i64,
}

/// How far somebody has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadBy {
    /// Who.
    #[schema(value_type = uuid::Uuid)]
    pub user_id: UserId,
    /// The last message that they have read, as the reader counts.
    pub seq: i64,
}

impl ReadBy {
    /// `mark` as `reader`, who belongs to `audience`, may know it.
    pub fn of(mark: &baton_domain::conversation::ReadMark, reader: UserId, audience: Audience) -> Option<Self> {
        mark.seen_by(reader, audience).map(|seq| Self { user_id: mark.user, seq })
    }
}

/// A read mark after it moved; it never moves back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadMark {
    /// The conversation.
    #[schema(value_type = uuid::Uuid)]
    pub conversation_id: ConversationId,
    /// Up to where it is read.
    pub read_seq: i64,
}

/// Which messages to list: after one, before one, or the last ones.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct MessagesQuery {
    /// Those after this `seq`, the oldest first.
    #[param(minimum = 0)]
    pub after_seq: Option<i64>,
    /// Those before this `seq`: the nearest ones.
    #[param(minimum = 0)]
    pub before_seq: Option<i64>,
    /// Most rows.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Limit,
}

/// Messages in `seq` order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Messages {
    /// The messages, the oldest first.
    pub items: Vec<Message>,
    /// `null`: messages are paged by `after_seq` and `before_seq`.
    pub next_cursor: Option<String>,
    /// Whether there are more in the direction that was asked for.
    pub more: bool,
    /// The number of messages in the conversation, as the reader sees it.
    pub last_seq: i64,
    /// Up to where people have read: everybody for staff, staff and oneself for customers.
    pub read_marks: Vec<ReadBy>,
}
