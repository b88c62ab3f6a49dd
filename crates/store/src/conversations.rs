//! Conversations, their messages and read marks.

use baton_domain::conversation::{Audience, Counters, Message, MessageKind, ReadMark};
use baton_domain::event::Event;
use baton_domain::id::{ConversationId, EventId, MessageId, OrgId, UserId};
use baton_domain::user::{Person, Role};
use diesel::Queryable;
use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use crate::Tx;
use crate::error::Result;
use crate::events::Row as EventRow;
use crate::statement::{sql, statement, template};

/// A conversation's own row, locked.
#[derive(Debug, Clone, Queryable)]
pub struct Locked {
    /// Number of messages.
    pub seq: i64,
    /// Number of replies.
    pub public_seq: i64,
    /// Start of the last reply.
    pub preview: String,
    /// When the last message came.
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub last_message_at: Timestamp,
    /// When the last reply came.
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub last_reply_at: Timestamp,
}

impl Locked {
    /// How far it has come.
    pub fn counters(&self) -> Counters {
        Counters { seq: self.seq, public_seq: self.public_seq }
    }
}

statement! {
    /// Takes the lock of a conversation and of the ticket that it is.
    Lock { id: ConversationId } -> (sql::BigInt, sql::BigInt, sql::Text, sql::Timestamptz, sql::Timestamptz)
    "select last_seq, last_public_seq, preview, last_message_at, last_reply_at from conversations where id = "
    [id: sql::Uuid] " for no key update"
}

/// Takes the lock of a conversation, and so of its ticket. What else is to be read under the lock must
/// be read by a later statement: this one saw its rows before it waited.
pub async fn lock(tx: &Tx, id: ConversationId) -> Result<Option<Locked>> {
    tx.row(Lock { id }).await
}

statement! {
    /// Takes the locks of several conversations, in id order.
    LockMany { ids: Vec<ConversationId> } -> (sql::Uuid)
    "select id from conversations where id = any(" [ids: sql::Array<sql::Uuid>] ") order by id for no key update"
}

/// Takes the locks of several conversations in the one order that cannot deadlock.
pub async fn lock_many(tx: &Tx, ids: Vec<ConversationId>) -> Result<()> {
    let _: Vec<(ConversationId,)> = tx.rows(LockMany { ids }).await?;
    Ok(())
}

statement! {
    /// Takes the locks of those of several conversations that nobody holds.
    LockFree { ids: Vec<ConversationId> } -> (sql::Uuid)
    "select id from conversations where id = any(" [ids: sql::Array<sql::Uuid>]
    ") order by id for no key update skip locked"
}

/// Takes the locks of several conversations, passing over those that somebody holds: how a worker claims. What else is to be read under the locks must be read by a later statement.
pub async fn lock_free(tx: &Tx, ids: Vec<ConversationId>) -> Result<Vec<ConversationId>> {
    let rows: Vec<(ConversationId,)> = tx.rows(LockFree { ids }).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

statement! {
    /// A new conversation.
    Insert { id: ConversationId, at: jiff_diesel::Timestamp } -> ()
    "insert into conversations (org_id, id, kind, last_message_at, last_reply_at) values (baton_org(), "
    [id: sql::Uuid] ", 'ticket', " [at: sql::Timestamptz] ", " [at: sql::Timestamptz] ")"
}

/// Makes the conversation of a new ticket.
pub async fn insert(tx: &Tx, id: ConversationId) -> Result<()> {
    tx.execute(Insert { id, at: tx.now().to_diesel() }).await.map(drop)
}

#[derive(Debug, Queryable)]
struct MessageRow {
    id: MessageId,
    conversation_id: ConversationId,
    seq: i64,
    public_seq: i64,
    kind: MessageKind,
    body: String,
    author_id: UserId,
    author_name: String,
    author_role: Role,
    client_id: Option<String>,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    created_at: Timestamp,
}

impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        Self {
            id: row.id,
            conversation_id: row.conversation_id,
            counters: Counters { seq: row.seq, public_seq: row.public_seq },
            kind: row.kind,
            body: row.body,
            author: Person { id: row.author_id, name: row.author_name, email: None, role: row.author_role },
            client_id: row.client_id,
            created_at: row.created_at,
        }
    }
}

macro_rules! message_query {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? } $($rest:tt)+) => {
        statement! {
            $(#[$meta])*
            $name { $($field: $type),* } -> (
                sql::Uuid, sql::Uuid, sql::BigInt, sql::BigInt, sql::Text, sql::Text, sql::Uuid, sql::Text, sql::Text,
                sql::Nullable<sql::Text>, sql::Timestamptz
            )
            "select m.id, m.conversation_id, m.seq, m.public_seq, m.kind, m.body, m.author_id, u.name, u.role,
                m.client_id, m.created_at
             from messages m join users u on u.org_id = m.org_id and u.id = m.author_id "
            $($rest)+
        }
    };
}

message_query! {
    /// The message that an author already sent under a client id.
    BySender { conversation: ConversationId, author: UserId, client_id: String }
    "where m.conversation_id = " [conversation: sql::Uuid] " and m.author_id = " [author: sql::Uuid]
    " and m.client_id = " [client_id: sql::Text]
}

/// The message that `author` already sent as `client_id`.
pub async fn by_client_id(
    tx: &Tx,
    conversation: ConversationId,
    author: UserId,
    client_id: Option<&str>,
) -> Result<Option<Message>> {
    let Some(client_id) = client_id else { return Ok(None) };
    let row: Option<MessageRow> = tx.row(BySender { conversation, author, client_id: client_id.to_owned() }).await?;
    Ok(row.map(Into::into))
}

message_query! {
    /// Messages after a staff `seq`, oldest first.
    StaffAfter { conversation: ConversationId, after: i64, limit: i64 }
    "where m.conversation_id = " [conversation: sql::Uuid] " and m.seq > " [after: sql::BigInt]
    " order by m.seq limit " [limit: sql::BigInt]
}

message_query! {
    /// Messages before a staff `seq`, newest first.
    StaffBefore { conversation: ConversationId, before: i64, limit: i64 }
    "where m.conversation_id = " [conversation: sql::Uuid] " and m.seq < " [before: sql::BigInt]
    " order by m.seq desc limit " [limit: sql::BigInt]
}

message_query! {
    /// Replies after a public `seq`, oldest first.
    PublicAfter { conversation: ConversationId, after: i64, limit: i64 }
    "where m.conversation_id = " [conversation: sql::Uuid] " and m.kind = 'reply' and m.public_seq > "
    [after: sql::BigInt] " order by m.public_seq limit " [limit: sql::BigInt]
}

message_query! {
    /// Replies before a public `seq`, newest first.
    PublicBefore { conversation: ConversationId, before: i64, limit: i64 }
    "where m.conversation_id = " [conversation: sql::Uuid] " and m.kind = 'reply' and m.public_seq < "
    [before: sql::BigInt] " order by m.public_seq desc limit " [limit: sql::BigInt]
}

/// Which part of a conversation to read, in the `seq` of the reader's audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Messages with a higher `seq`, oldest first.
    After(i64),
    /// Messages with a lower `seq`, the nearest ones.
    Before(i64),
    /// The newest ones.
    Latest,
}

/// Up to `limit` messages as `audience` sees them, oldest first whichever way the page was cut.
pub async fn messages(
    tx: &Tx,
    conversation: ConversationId,
    audience: Audience,
    page: Page,
    limit: i64,
) -> Result<Vec<Message>> {
    let before = match page {
        Page::Before(seq) => seq,
        Page::After(_) | Page::Latest => i64::MAX,
    };
    let mut rows: Vec<MessageRow> = match (audience, page) {
        (Audience::Staff, Page::After(after)) => tx.rows(StaffAfter { conversation, after, limit }).await?,
        (Audience::Public, Page::After(after)) => tx.rows(PublicAfter { conversation, after, limit }).await?,
        (Audience::Staff, _) => tx.rows(StaffBefore { conversation, before, limit }).await?,
        (Audience::Public, _) => tx.rows(PublicBefore { conversation, before, limit }).await?,
    };
    if !matches!(page, Page::After(_)) {
        rows.reverse();
    }
    Ok(rows.into_iter().map(Into::into).collect())
}

statement! {
    /// Stores a message with all that moves with it, in one statement: counters, the author's read
    /// mark (but for a note, not the part that customers see), the ticket's times, the event and its place in the outbox. The outbox row's ordinal is
    /// drawn here, under the conversation's lock.
    SaveMessage {
        conversation: ConversationId, seq: i64, public_seq: i64, preview: String, message_at: jiff_diesel::Timestamp,
        reply_at: jiff_diesel::Timestamp, id: MessageId, kind: MessageKind, body: String, author: UserId,
        client_id: Option<String>, updated_at: jiff_diesel::Timestamp, public_updated_at: Option<jiff_diesel::Timestamp>,
        waiting_since: Option<jiff_diesel::Timestamp>, event: EventId, event_type: String, rooms: Vec<String>,
        by: serde_json::Value, data: serde_json::Value, trace: Option<String>, org: OrgId,
    } -> ()
    "with c as (update conversations set last_seq = " [seq: sql::BigInt] ", last_public_seq = "
    [public_seq: sql::BigInt] ", preview = " [preview: sql::Text] ", last_message_at = " [message_at: sql::Timestamptz]
    ", last_reply_at = " [reply_at: sql::Timestamptz] " where id = " [conversation: sql::Uuid] "),
     m as (insert into messages
        (org_id, conversation_id, seq, public_seq, id, kind, body, author_id, client_id, created_at) values ("
    [org: sql::Uuid] ", " [conversation: sql::Uuid] ", " [seq: sql::BigInt] ", " [public_seq: sql::BigInt] ", "
    [id: sql::Uuid] ", " [kind: sql::Text] ", " [body: sql::Text] ", " [author: sql::Uuid] ", "
    [client_id: sql::Nullable<sql::Text>] ", " [message_at: sql::Timestamptz] ")),
     r as (insert into read_marks as mine (org_id, conversation_id, user_id, seq, public_seq) values ("
    [org: sql::Uuid] ", " [conversation: sql::Uuid] ", " [author: sql::Uuid] ", " [seq: sql::BigInt] ", case "
    [kind: sql::Text] " when 'note' then 0 else " [public_seq: sql::BigInt] " end)
        on conflict (org_id, conversation_id, user_id)
        do update set seq = excluded.seq, public_seq = greatest(mine.public_seq, excluded.public_seq)),
     t as (update tickets set updated_at = " [updated_at: sql::Timestamptz] ", public_updated_at = coalesce("
    [public_updated_at: sql::Nullable<sql::Timestamptz>] ", public_updated_at), waiting_since = "
    [waiting_since: sql::Nullable<sql::Timestamptz>] " where id = " [conversation: sql::Uuid] "),
     e as (insert into events (org_id, id, type, at, conversation_id, rooms, by, data, trace) values ("
    [org: sql::Uuid] ", " [event: sql::Uuid] ", " [event_type: sql::Text] ", " [message_at: sql::Timestamptz] ", "
    [conversation: sql::Uuid] ", " [rooms: sql::Array<sql::Text>] ", " [by: sql::Jsonb] ", " [data: sql::Jsonb] ", "
    [trace: sql::Nullable<sql::Text>] "))
     insert into outbox (org_id, event_id) values (" [org: sql::Uuid] ", " [event: sql::Uuid] ")"
}

/// A message to store, with what it does to conversation and ticket.
#[derive(Debug)]
pub struct NewMessage<'a> {
    /// The message.
    pub message: &'a Message,
    /// Start of the last reply, after it.
    pub preview: &'a str,
    /// When the last reply came, after it.
    pub last_reply_at: Timestamp,
    /// The oldest customer message nobody has answered, after it.
    pub waiting_since: Option<Timestamp>,
    /// Its `message:created`.
    pub event: &'a Event,
}

impl NewMessage<'_> {
    fn statement(&self) -> SaveMessage {
        let (message, event) = (self.message, EventRow::of(self.event));
        let at = message.created_at.to_diesel();
        SaveMessage {
            conversation: message.conversation_id,
            seq: message.counters.seq,
            public_seq: message.counters.public_seq,
            preview: self.preview.to_owned(),
            message_at: at,
            reply_at: self.last_reply_at.to_diesel(),
            id: message.id,
            kind: message.kind,
            body: message.body.clone(),
            author: message.author.id,
            client_id: message.client_id.clone(),
            updated_at: at,
            public_updated_at: (message.kind == MessageKind::Reply).then_some(at),
            waiting_since: self.waiting_since.map(ToDiesel::to_diesel),
            event: event.id,
            event_type: event.event_type,
            rooms: event.rooms,
            by: event.by,
            data: event.data,
            trace: event.trace,
            org: self.event.org,
        }
    }
}

/// Stores a message in an open transaction.
pub async fn save_message(tx: &Tx, new: &NewMessage<'_>) -> Result<()> {
    tx.execute(new.statement()).await.map(drop)
}

/// Stores a message and commits, in one flight: the hot path.
pub async fn save_message_and_commit(tx: Tx, new: &NewMessage<'_>) -> Result<()> {
    #[cfg(feature = "planted")]
    if baton_domain::planted::is_planted(baton_domain::planted::Bug::AckBeforeCommit) {
        tx.commit_later(new.statement());
        return Ok(());
    }
    tx.commit_with(new.statement()).await.map(drop)
}

statement! {
    /// Where a staff or customer `seq` stands for both audiences.
    Mark { conversation: ConversationId, seq: i64 } -> (sql::BigInt, sql::BigInt)
    "select seq, public_seq from messages where conversation_id = " [conversation: sql::Uuid] " and seq = "
    [seq: sql::BigInt]
}

statement! {
    /// Where the last message before or at a public `seq` stands for both audiences.
    PublicMark { conversation: ConversationId, seq: i64 } -> (sql::BigInt, sql::BigInt)
    "select seq, public_seq from messages where kind = 'reply' and conversation_id = " [conversation: sql::Uuid]
    " and public_seq = " [seq: sql::BigInt]
}

/// What `seq` of `audience` is for both audiences; `None` if there is no such message.
pub async fn mark_at(tx: &Tx, conversation: ConversationId, audience: Audience, seq: i64) -> Result<Option<Counters>> {
    let found: Option<(i64, i64)> = match audience {
        Audience::Staff => tx.row(Mark { conversation, seq }).await?,
        Audience::Public => tx.row(PublicMark { conversation, seq }).await?,
    };
    Ok(found.map(|(seq, public_seq)| Counters { seq, public_seq }))
}

statement! {
    /// Moves a person's read mark forward; says nothing when it was there already.
    MoveMark { conversation: ConversationId, user: UserId, seq: i64, public_seq: i64 } -> (sql::BigInt)
    "insert into read_marks as r (org_id, conversation_id, user_id, seq, public_seq) values (baton_org(), "
    [conversation: sql::Uuid] ", " [user: sql::Uuid] ", " [seq: sql::BigInt] ", " [public_seq: sql::BigInt]
    ") on conflict (org_id, conversation_id, user_id) do update
        set seq = greatest(r.seq, excluded.seq), public_seq = greatest(r.public_seq, excluded.public_seq)
        where r.seq < excluded.seq or r.public_seq < excluded.public_seq returning seq"
}

/// Moves a person's read mark forward; `false` when it was there already.
pub async fn move_mark(tx: &Tx, conversation: ConversationId, user: UserId, to: Counters) -> Result<bool> {
    let moved: Option<(i64,)> = tx.row(MoveMark { conversation, user, seq: to.seq, public_seq: to.public_seq }).await?;
    Ok(moved.is_some())
}

#[derive(Debug, Queryable)]
struct MarkRow {
    user: UserId,
    role: Role,
    seq: i64,
    public_seq: i64,
}

impl From<MarkRow> for ReadMark {
    fn from(row: MarkRow) -> Self {
        let counters = Counters { seq: row.seq, public_seq: row.public_seq };
        Self { user: row.user, role: row.role, counters }
    }
}

statement! {
    /// The read marks of a conversation.
    Marks { conversation: ConversationId } -> (sql::Uuid, sql::Text, sql::BigInt, sql::BigInt)
    "select r.user_id, u.role, r.seq, r.public_seq from read_marks r
        join users u on u.org_id = r.org_id and u.id = r.user_id
     where r.conversation_id = " [conversation: sql::Uuid] " order by r.user_id"
}

/// How far everybody has read a conversation, in id order.
pub async fn marks(tx: &Tx, conversation: ConversationId) -> Result<Vec<ReadMark>> {
    let rows: Vec<MarkRow> = tx.rows(Marks { conversation }).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The statements of one posted message, values as `${field}`, for a comparison with pgbench.
#[derive(Debug, Clone)]
pub struct StatementsOfAPost {
    /// Names the organisation, reads the clock.
    pub scope: String,
    /// Locks the conversation.
    pub lock: String,
    /// Reads the ticket.
    pub load: String,
    /// Looks for the same message sent before.
    pub by_sender: String,
    /// Stores everything.
    pub save: String,
}

/// What [`save_message_and_commit`] and the reads before it send.
pub fn statements_of_a_post() -> StatementsOfAPost {
    StatementsOfAPost {
        scope: template::<crate::db::EnterScope>(),
        lock: template::<Lock>(),
        load: template::<crate::tickets::Load>(),
        by_sender: template::<BySender>(),
        save: template::<SaveMessage>(),
    }
}
