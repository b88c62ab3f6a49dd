//! Events: what happened, kept for ever, and the outbox from which the sequencer takes them.

use std::collections::HashMap;

use baton_domain::event::{Event, Fact};
use baton_domain::id::{ConversationId, EventId, OrgId};
use baton_domain::wake::Wake;
use diesel::Queryable;
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use serde_json::Value;

use crate::Tx;
use crate::error::{Error, Result};
use crate::statement::{sql, statement};

/// An event as its columns.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: EventId,
    pub(crate) event_type: String,
    pub(crate) rooms: Vec<String>,
    pub(crate) by: Value,
    pub(crate) data: Value,
    pub(crate) trace: Option<String>,
}

impl Row {
    pub(crate) fn of(event: &Event) -> Self {
        Self {
            id: event.id,
            event_type: event.fact.name().to_owned(),
            rooms: event.rooms.iter().map(ToString::to_string).collect(),
            by: serde_json::to_value(&event.by).unwrap_or(Value::Null),
            data: data_of(&event.fact),
            trace: event.trace.clone(),
        }
    }
}

/// A fact without its tag, which has a column of its own.
fn data_of(fact: &Fact) -> Value {
    match serde_json::to_value(fact) {
        Ok(Value::Object(mut tagged)) => tagged.remove("data").unwrap_or(Value::Null),
        _ => Value::Null,
    }
}

/// An event as it is read back.
#[derive(Debug, Queryable)]
pub(crate) struct Stored {
    org: OrgId,
    id: EventId,
    event_type: String,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    at: Timestamp,
    conversation_id: Option<ConversationId>,
    rooms: Vec<String>,
    by: Value,
    data: Value,
    trace: Option<String>,
}

impl Stored {
    pub(crate) fn into_event(self) -> Result<Event> {
        let broken =
            |what: &dyn std::fmt::Display| Error::Internal(format!("event {} cannot be read: {what}", self.id));
        let fact = serde_json::json!({ "type": self.event_type, "data": self.data });
        Ok(Event {
            id: self.id,
            org: self.org,
            at: self.at,
            by: serde_json::from_value(self.by.clone()).map_err(|e| broken(&e))?,
            conversation_id: self.conversation_id,
            rooms: self
                .rooms
                .iter()
                .map(|r| r.parse())
                .collect::<std::result::Result<_, _>>()
                .map_err(|e| broken(&e))?,
            trace: self.trace.clone(),
            fact: serde_json::from_value(fact).map_err(|e| broken(&e))?,
        })
    }
}

statement! {
    /// Events and their places in the outbox, which are drawn in this order.
    Insert {
        ids: Vec<EventId>, types: Vec<String>, conversations: Vec<Option<ConversationId>>, rooms: Vec<String>,
        by: Vec<Value>, data: Vec<Value>, traces: Vec<Option<String>>, at: jiff_diesel::Timestamp,
    } -> ()
    "with given as (
        select * from unnest(" [ids: sql::Array<sql::Uuid>] ", " [types: sql::Array<sql::Text>] ", "
    [conversations: sql::Array<sql::Nullable<sql::Uuid>>] ", " [rooms: sql::Array<sql::Text>] ", "
    [by: sql::Array<sql::Jsonb>] ", " [data: sql::Array<sql::Jsonb>] ", "
    [traces: sql::Array<sql::Nullable<sql::Text>>] ") with ordinality
            as g (id, type, conversation_id, rooms, by, data, trace, nth)),
     e as (insert into events (org_id, id, type, at, conversation_id, rooms, by, data, trace)
        select baton_org(), id, type, " [at: sql::Timestamptz] ", conversation_id, string_to_array(rooms, ' '), by, data,
            trace
        from given)
     insert into outbox (org_id, event_id) select baton_org(), id from given order by nth"
}

impl Insert {
    fn of(tx: &Tx, events: &[Event]) -> Self {
        let rows: Vec<Row> = events.iter().map(Row::of).collect();
        Self {
            ids: rows.iter().map(|r| r.id).collect(),
            types: rows.iter().map(|r| r.event_type.clone()).collect(),
            conversations: events.iter().map(|e| e.conversation_id).collect(),
            rooms: rows.iter().map(|r| r.rooms.join(" ")).collect(),
            by: rows.iter().map(|r| r.by.clone()).collect(),
            traces: rows.iter().map(|r| r.trace.clone()).collect(),
            data: rows.into_iter().map(|r| r.data).collect(),
            at: tx.now().to_diesel(),
        }
    }
}

/// Records events in their order and wakes the sequencer. The conversation of each must be locked: the
/// order of the outbox is the order of the locks.
pub async fn record(tx: &Tx, events: &[Event]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    tx.wake(Wake::Outbox);
    tx.execute(Insert::of(tx, events)).await.map(drop)
}

/// Records events as [`record`] does and commits, in one flight.
pub async fn record_and_commit(tx: Tx, events: &[Event]) -> Result<()> {
    if events.is_empty() {
        return tx.commit().await;
    }
    tx.wake(Wake::Outbox);
    let insert = Insert::of(&tx, events);
    tx.commit_with(insert).await.map(drop)
}

statement! {
    /// A conversation's events after one of them.
    OfConversation { conversation: ConversationId, after: EventId, limit: i64 } -> (
        sql::Uuid, sql::Uuid, sql::Text, sql::Timestamptz, sql::Nullable<sql::Uuid>, sql::Array<sql::Text>, sql::Jsonb,
        sql::Jsonb, sql::Nullable<sql::Text>
    )
    "select org_id, id, type, at, conversation_id, rooms, by, data, trace from events
     where conversation_id = " [conversation: sql::Uuid] " and id > " [after: sql::Uuid] "
        and (type like 'ticket:%' or type like 'sla:%') order by id limit " [limit: sql::BigInt]
}

/// What happened to a ticket, oldest first, after the event `after`.
pub async fn timeline(tx: &Tx, conversation: ConversationId, after: Option<EventId>, limit: i64) -> Result<Vec<Event>> {
    let after = after.unwrap_or(EventId(uuid::Uuid::nil()));
    let rows: Vec<Stored> = tx.rows(OfConversation { conversation, after, limit }).await?;
    rows.into_iter().map(Stored::into_event).collect()
}

statement! {
    /// The traces of the last things that happened to some tickets.
    LastTraces { conversations: Vec<ConversationId> } -> (sql::Uuid, sql::Text)
    "select c.id, last.trace from unnest(" [conversations: sql::Array<sql::Uuid>] ") as c (id)
     cross join lateral (select trace from events
        where conversation_id = c.id and (type like 'ticket:%' or type like 'sla:%')
        order by id desc limit 1) last
     where last.trace is not null"
}

/// Under which trace the last thing happened to each of some tickets; those without one are left out.
pub async fn last_traces(tx: &Tx, conversations: Vec<ConversationId>) -> Result<HashMap<ConversationId, String>> {
    let rows: Vec<(ConversationId, String)> = tx.rows(LastTraces { conversations }).await?;
    Ok(rows.into_iter().collect())
}
