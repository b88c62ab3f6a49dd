//! What people were told, and what of it they have read.

use baton_domain::id::{NotificationId, TicketId, UserId};
use baton_domain::notification::{Notification, NotificationKind, TicketName};
use diesel::Queryable;
use jiff::Timestamp;
use jiff_diesel::{NullableTimestamp, ToDiesel};
use serde_json::Value;

use crate::Tx;
use crate::error::{Error, Result};
use crate::statement::{sql, statement};

statement! {
    /// New notifications.
    Insert {
        users: Vec<UserId>, ids: Vec<NotificationId>, kinds: Vec<NotificationKind>, tickets: Vec<TicketId>,
        numbers: Vec<i64>, subjects: Vec<String>, clocks: Vec<Option<Value>>, by: Vec<Value>, at: jiff_diesel::Timestamp,
    } -> ()
    "insert into notifications (org_id, user_id, id, kind, ticket_id, ticket_number, subject, clock, by, created_at)
     select baton_org(), user_id, id, kind, ticket_id, number, subject, clock, by, " [at: sql::Timestamptz]
    " from unnest(" [users: sql::Array<sql::Uuid>] ", " [ids: sql::Array<sql::Uuid>] ", "
    [kinds: sql::Array<sql::Text>] ", " [tickets: sql::Array<sql::Uuid>] ", " [numbers: sql::Array<sql::BigInt>] ", "
    [subjects: sql::Array<sql::Text>] ", " [clocks: sql::Array<sql::Nullable<sql::Jsonb>>] ", "
    [by: sql::Array<sql::Jsonb>] ") as n (user_id, id, kind, ticket_id, number, subject, clock, by)"
}

/// Stores new notifications, each with the person it is for.
pub async fn insert(tx: &Tx, told: &[(UserId, Notification)]) -> Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    let json = |value: std::result::Result<Value, serde_json::Error>| value.unwrap_or(Value::Null);
    let each = || told.iter().map(|(_, notification)| notification);
    let insert = Insert {
        users: told.iter().map(|(user, _)| *user).collect(),
        ids: each().map(|n| n.id).collect(),
        kinds: each().map(|n| n.kind).collect(),
        tickets: each().map(|n| n.ticket.id).collect(),
        numbers: each().map(|n| n.ticket.number).collect(),
        subjects: each().map(|n| n.ticket.subject.clone()).collect(),
        clocks: each().map(|n| n.clock.map(|clock| json(serde_json::to_value(clock)))).collect(),
        by: each().map(|n| json(serde_json::to_value(&n.by))).collect(),
        at: tx.now().to_diesel(),
    };
    tx.execute(insert).await.map(drop)
}

#[derive(Debug, Queryable)]
struct Row {
    id: NotificationId,
    kind: NotificationKind,
    ticket: TicketId,
    number: i64,
    subject: String,
    clock: Option<Value>,
    by: Value,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    created_at: Timestamp,
    #[diesel(deserialize_as = NullableTimestamp)]
    read_at: Option<Timestamp>,
}

impl Row {
    fn into_notification(self) -> Result<Notification> {
        let broken = |e| Error::Internal(format!("notification {} cannot be read: {e}", self.id));
        Ok(Notification {
            id: self.id,
            kind: self.kind,
            ticket: TicketName { id: self.ticket, number: self.number, subject: self.subject },
            clock: self.clock.map(serde_json::from_value).transpose().map_err(broken)?,
            by: serde_json::from_value(self.by).map_err(broken)?,
            created_at: self.created_at,
            read_at: self.read_at,
        })
    }
}

statement! {
    /// A person's notifications, the newest first.
    OfUser { user: UserId, before: Option<NotificationId>, limit: i64 } -> (
        sql::Uuid, sql::Text, sql::Uuid, sql::BigInt, sql::Text, sql::Nullable<sql::Jsonb>, sql::Jsonb, sql::Timestamptz,
        sql::Nullable<sql::Timestamptz>
    )
    "select id, kind, ticket_id, ticket_number, subject, clock, by, created_at, read_at from notifications
     where user_id = " [user: sql::Uuid] " and id < coalesce(" [before: sql::Nullable<sql::Uuid>]
    ", 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) order by id desc limit " [limit: sql::BigInt]
}

/// A person's notifications before one of them, the newest first.
pub async fn of_user(tx: &Tx, user: UserId, before: Option<NotificationId>, limit: i64) -> Result<Vec<Notification>> {
    let rows: Vec<Row> = tx.rows(OfUser { user, before, limit }).await?;
    rows.into_iter().map(Row::into_notification).collect()
}

statement! {
    /// How many a person has not read.
    Unread { user: UserId } -> (sql::BigInt)
    "select count(*) from notifications where user_id = " [user: sql::Uuid] " and read_at is null"
}

/// How many notifications a person has not read.
pub async fn unread(tx: &Tx, user: UserId) -> Result<i64> {
    let (count,): (i64,) = tx.only(Unread { user }).await?;
    Ok(count)
}

statement! {
    /// Marks unread ones as read: those named, or all up to one.
    MarkRead { user: UserId, ids: Vec<NotificationId>, up_to: Option<NotificationId>, at: jiff_diesel::Timestamp } ->
        (sql::Uuid)
    "update notifications set read_at = " [at: sql::Timestamptz] " where user_id = " [user: sql::Uuid]
    " and read_at is null and (id = any(" [ids: sql::Array<sql::Uuid>] ") or id <= "
    [up_to: sql::Nullable<sql::Uuid>] ") returning id"
}

/// Marks a person's unread notifications as read: those of `ids`, and all up to and with `up_to`. Gives those it
/// marked.
pub async fn mark_read(
    tx: &Tx,
    user: UserId,
    ids: Vec<NotificationId>,
    up_to: Option<NotificationId>,
) -> Result<Vec<NotificationId>> {
    let rows: Vec<(NotificationId,)> = tx.rows(MarkRead { user, ids, up_to, at: tx.now().to_diesel() }).await?;
    let mut marked: Vec<_> = rows.into_iter().map(|(id,)| id).collect();
    marked.sort();
    Ok(marked)
}
