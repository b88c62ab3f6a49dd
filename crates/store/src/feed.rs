//! The feed: the one dense order in which everybody hears of events.
//!
//! The writers' ordinals are no order to read by: a row that commits late would be skipped. So one
//! sequencer at a time, fenced by the lock of the single row of `feed_head`, gives positions to what
//! it sees in the outbox. Rows of one conversation cannot be seen out of order, because an ordinal
//! is drawn under the conversation's lock and that lock is held until the commit.

use baton_domain::event::{Canary, Event, Passing, Room};
use baton_domain::id::OrgId;
#[cfg(feature = "planted")]
use baton_domain::planted::{Bug, is_planted};
use diesel::Queryable;
use jiff::Timestamp;
use jiff_diesel::{NullableTimestamp, ToDiesel};

use crate::error::Result;
use crate::events::Stored;
use crate::statement::{sql, statement};
use crate::{SystemTx, Tx};

/// Most events given positions in one transaction.
pub const BATCH: i64 = 500;

/// A place in the feed and what stands there.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The place; dense, from 1.
    pub position: i64,
    /// An event or a canary.
    pub passing: Passing,
}

#[derive(Debug, Queryable)]
struct PlacedEvent {
    position: i64,
    event: Stored,
}

impl PlacedEvent {
    fn into_placed(self) -> Result<Placed> {
        Ok(Placed { position: self.position, passing: Passing::Event(Box::new(self.event.into_event()?)) })
    }
}

#[derive(Debug, Queryable)]
struct PlacedRow {
    position: i64,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    at: Timestamp,
    /// What has no event is a canary.
    event: Option<Stored>,
}

impl PlacedRow {
    fn into_placed(self) -> Result<Placed> {
        let passing = match self.event {
            Some(event) => Passing::Event(Box::new(event.into_event()?)),
            None => Passing::Canary(Canary { at: self.at }),
        };
        Ok(Placed { position: self.position, passing })
    }
}

statement! {
    /// The head of the feed, if nobody else holds it. Whoever is frozen with it in hand, or has vanished, stops the feed
    /// for no longer than two seconds.
    LockHead {} -> (sql::BigInt, sql::Text)
    "select position, set_config('idle_in_transaction_session_timeout', '2s', true) from feed_head
     for update skip locked"
}

/// Takes the head of the feed: the fence. `None` while another sequencer holds it.
pub async fn lock_head(tx: &SystemTx) -> Result<Option<i64>> {
    #[cfg(feature = "planted")]
    if is_planted(Bug::HeadWithoutLock) {
        return Ok(Some(system_head(tx).await?));
    }
    let head: Option<(i64, String)> = tx.raw().row(LockHead {}).await?;
    Ok(head.map(|(position, _)| position))
}

statement! {
    /// Gives the next positions to the lowest ordinals of the outbox.
    Place { limit: i64 } -> (sql::BigInt, (
        sql::Uuid, sql::Uuid, sql::Text, sql::Timestamptz, sql::Nullable<sql::Uuid>, sql::Array<sql::Text>, sql::Jsonb,
        sql::Jsonb, sql::Nullable<sql::Text>
    ))
    "with taken as (delete from outbox
        where ordinal = any(array(select ordinal from outbox order by ordinal limit " [limit: sql::BigInt] "))
        returning ordinal, org_id, event_id),
     numbered as (select (select position from feed_head) + row_number() over (order by ordinal) as position,
        org_id, event_id from taken),
     placed as (insert into feed (position, org_id, event_id) select position, org_id, event_id from numbered),
     moved as (update feed_head set position = position + (select count(*) from taken))
     select n.position, e.org_id, e.id, e.type, e.at, e.conversation_id, e.rooms, e.by, e.data, e.trace
     from numbered n join events e on e.org_id = n.org_id and e.id = n.event_id order by n.position"
}

/// Gives positions to the next events of the outbox, in order. The head is held.
pub async fn place(tx: &SystemTx) -> Result<Vec<Placed>> {
    #[cfg(feature = "planted")]
    if is_planted(Bug::WritersCursor) {
        planted::pass_over(tx).await?;
    } else if is_planted(Bug::HeadWithoutLock) {
        return planted::place_unlocked(tx).await;
    }
    let rows: Vec<PlacedEvent> = tx.raw().rows(Place { limit: BATCH }).await?;
    rows.into_iter().map(PlacedEvent::into_placed).collect()
}

statement! {
    /// Gives the next position to a canary.
    PlaceCanary { at: jiff_diesel::Timestamp } -> (sql::BigInt)
    "with moved as (update feed_head set position = position + 1 returning position)
     insert into feed (position, placed_at) select position, " [at: sql::Timestamptz] " from moved returning position"
}

/// Gives the next position to a canary of now. The head is held.
pub async fn place_canary(tx: &SystemTx) -> Result<Placed> {
    let (position,): (i64,) = tx.raw().only(PlaceCanary { at: tx.now().to_diesel() }).await?;
    Ok(Placed { position, passing: Passing::Canary(Canary { at: tx.now() }) })
}

statement! {
    /// The head of the feed.
    Head {} -> (sql::BigInt)
    "select position from feed_head"
}

/// The last position given.
pub async fn head(tx: &Tx) -> Result<i64> {
    let (position,): (i64,) = tx.only(Head {}).await?;
    Ok(position)
}

/// The last position given, for those outside any organisation.
pub async fn system_head(tx: &SystemTx) -> Result<i64> {
    head(tx.raw()).await
}

statement! {
    /// What stands after a position.
    Range { after: i64, limit: i64 } -> (sql::BigInt, sql::Timestamptz, sql::Nullable<(
        sql::Uuid, sql::Uuid, sql::Text, sql::Timestamptz, sql::Nullable<sql::Uuid>, sql::Array<sql::Text>, sql::Jsonb,
        sql::Jsonb, sql::Nullable<sql::Text>
    )>)
    "select f.position, f.placed_at, e.org_id, e.id, e.type, e.at, e.conversation_id, e.rooms, e.by, e.data, e.trace
     from feed f left join events e on e.org_id = f.org_id and e.id = f.event_id
     where f.position > " [after: sql::BigInt] " and (f.event_id is null or e.id is not null)
     order by f.position limit " [limit: sql::BigInt]
}

/// Events of all organisations and canaries after a position, in order: for a gateway that saw a hole in the
/// stream.
pub async fn range(tx: &SystemTx, after: i64, limit: i64) -> Result<Vec<Placed>> {
    let rows: Vec<PlacedRow> = tx.raw().rows(Range { after, limit }).await?;
    rows.into_iter().map(PlacedRow::into_placed).collect()
}

statement! {
    /// The oldest position that is kept.
    Oldest {} -> (sql::Nullable<sql::BigInt>)
    "select min(position) from feed"
}

/// The oldest position that is kept; `None` when the feed is empty.
pub async fn oldest(tx: &SystemTx) -> Result<Option<i64>> {
    let (position,): (Option<i64>,) = tx.raw().only(Oldest {}).await?;
    Ok(position)
}

statement! {
    /// How many events of the organisation there are between two positions, counted to a bound.
    CountBetween { org: OrgId, after: i64, upto: i64, bound: i64 } -> (sql::BigInt)
    "select count(*) from (select 1 from feed where org_id = " [org: sql::Uuid] " and position > " [after: sql::BigInt]
    " and position <= " [upto: sql::BigInt] " limit " [bound: sql::BigInt] ") f"
}

/// How many events of the organisation lie in `(after, upto]`, counted to `bound`.
pub async fn count_between(tx: &Tx, after: i64, upto: i64, bound: i64) -> Result<i64> {
    let (count,): (i64,) = tx.only(CountBetween { org: tx.org(), after, upto, bound }).await?;
    Ok(count)
}

statement! {
    /// Events between two positions that one of some rooms hears.
    ForRooms { org: OrgId, after: i64, upto: i64, rooms: Vec<String>, limit: i64 } -> (sql::BigInt, (
        sql::Uuid, sql::Uuid, sql::Text, sql::Timestamptz, sql::Nullable<sql::Uuid>, sql::Array<sql::Text>, sql::Jsonb,
        sql::Jsonb, sql::Nullable<sql::Text>
    ))
    "select f.position, e.org_id, e.id, e.type, e.at, e.conversation_id, e.rooms, e.by, e.data, e.trace
     from feed f join events e on e.org_id = f.org_id and e.id = f.event_id
     where f.org_id = " [org: sql::Uuid] " and f.position > " [after: sql::BigInt] " and f.position <= "
    [upto: sql::BigInt] " and e.rooms && " [rooms: sql::Array<sql::Text>] " order by f.position limit "
    [limit: sql::BigInt]
}

/// Events in `(after, upto]` that `rooms` hear, with their positions, in order.
pub async fn for_rooms(tx: &Tx, after: i64, upto: i64, rooms: &[Room], limit: i64) -> Result<Vec<(i64, Event)>> {
    #[cfg(feature = "planted")]
    if is_planted(Bug::ResumeWithoutAudience) {
        return planted::for_anybody(tx, after, upto, limit).await;
    }
    let rooms = rooms.iter().map(ToString::to_string).collect();
    let rows: Vec<PlacedEvent> = tx.rows(ForRooms { org: tx.org(), after, upto, rooms, limit }).await?;
    rows.into_iter().map(|row| row.event.into_event().map(|event| (row.position, event))).collect()
}

statement! {
    /// How many events wait for a position, and since when the first does.
    OutboxBacklog { bound: i64 } -> (sql::BigInt, sql::Nullable<sql::Timestamptz>)
    "select (select count(*) from (select 1 from outbox limit " [bound: sql::BigInt] ") o),
        (select e.at from (select org_id, event_id from outbox order by ordinal limit 1) o
            join events e on e.org_id = o.org_id and e.id = o.event_id)"
}

/// How many events wait for a position, counted up to `bound`, and since when the first does.
pub async fn outbox_backlog(tx: &SystemTx, bound: i64) -> Result<(i64, Option<Timestamp>)> {
    let (waiting, oldest): (i64, NullableTimestamp) = tx.raw().only(OutboxBacklog { bound }).await?;
    Ok((waiting, oldest.to_jiff()))
}

statement! {
    /// When the first place after a position was given.
    GivenAfter { after: i64 } -> (sql::Timestamptz)
    "select placed_at from feed where position > " [after: sql::BigInt] " order by position limit 1"
}

/// When the first place after a position was given; `None` if it is the last one.
pub async fn given_after(tx: &SystemTx, after: i64) -> Result<Option<Timestamp>> {
    let row: Option<(jiff_diesel::Timestamp,)> = tx.raw().row(GivenAfter { after }).await?;
    Ok(row.map(|(at,)| at.to_jiff()))
}

/// Bugs on purpose ([`baton_domain::planted`]).
#[cfg(feature = "planted")]
mod planted {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::{BATCH, Event, Placed, PlacedEvent, Result, SystemTx, Tx, sql, statement};

    /// The highest ordinal that this process has seen.
    static LAST: AtomicI64 = AtomicI64::new(0);

    statement! {
        /// The highest ordinal there is.
        Highest {} -> (sql::Nullable<sql::BigInt>)
        "select max(ordinal) from outbox"
    }

    statement! {
        /// Whatever a cursor has passed is thought to be done.
        Clear { last: i64 } -> ()
        "delete from outbox where ordinal <= " [last: sql::BigInt]
    }

    /// What committed late lies behind the cursor, and is lost.
    pub(super) async fn pass_over(tx: &SystemTx) -> Result<()> {
        let (highest,): (Option<i64>,) = tx.raw().only(Highest {}).await?;
        tx.raw().execute(Clear { last: LAST.load(Ordering::Relaxed) }).await?;
        LAST.fetch_max(highest.unwrap_or_default(), Ordering::Relaxed);
        Ok(())
    }

    statement! {
        /// As `Place`, of two of which the later gives up the places that it shares with the other.
        PlaceUnlocked { limit: i64 } -> (sql::BigInt, (
            sql::Uuid, sql::Uuid, sql::Text, sql::Timestamptz, sql::Nullable<sql::Uuid>, sql::Array<sql::Text>,
            sql::Jsonb, sql::Jsonb, sql::Nullable<sql::Text>
        ))
        "with taken as (delete from outbox
            where ordinal = any(array(select ordinal from outbox order by ordinal limit " [limit: sql::BigInt] "))
            returning ordinal, org_id, event_id),
         numbered as (select (select position from feed_head) + row_number() over (order by ordinal) as position,
            org_id, event_id from taken),
         placed as (insert into feed (position, org_id, event_id) select position, org_id, event_id from numbered
            on conflict do nothing),
         moved as (update feed_head set position = position + (select count(*) from taken))
         select n.position, e.org_id, e.id, e.type, e.at, e.conversation_id, e.rooms, e.by, e.data, e.trace
         from numbered n join events e on e.org_id = n.org_id and e.id = n.event_id order by n.position"
    }

    /// Places events with nobody's leave.
    pub(super) async fn place_unlocked(tx: &SystemTx) -> Result<Vec<Placed>> {
        let rows: Vec<PlacedEvent> = tx.raw().rows(PlaceUnlocked { limit: BATCH }).await?;
        rows.into_iter().map(PlacedEvent::into_placed).collect()
    }

    statement! {
        /// Events between two positions, whoever asks.
        ForAnybody { after: i64, upto: i64, limit: i64 } -> (sql::BigInt, (
            sql::Uuid, sql::Uuid, sql::Text, sql::Timestamptz, sql::Nullable<sql::Uuid>, sql::Array<sql::Text>,
            sql::Jsonb, sql::Jsonb, sql::Nullable<sql::Text>
        ))
        "select f.position, e.org_id, e.id, e.type, e.at, e.conversation_id, e.rooms, e.by, e.data, e.trace
         from feed f join events e on e.org_id = f.org_id and e.id = f.event_id
         where f.position > " [after: sql::BigInt] " and f.position <= " [upto: sql::BigInt]
        " order by f.position limit " [limit: sql::BigInt]
    }

    /// Resume without its audience.
    pub(super) async fn for_anybody(tx: &Tx, after: i64, upto: i64, limit: i64) -> Result<Vec<(i64, Event)>> {
        let rows: Vec<PlacedEvent> = tx.rows(ForAnybody { after, upto, limit }).await?;
        rows.into_iter().map(|row| row.event.into_event().map(|event| (row.position, event))).collect()
    }
}
