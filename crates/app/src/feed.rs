//! The feed: giving events their place, and reading them from it.

use baton_domain::access::Actor;
use baton_domain::event::{Event, Room};
use baton_store::feed;
use baton_store::{Db, SystemDb};

use crate::error::Result;

pub use baton_store::feed::{BATCH, Placed};

/// Most of an organisation's events that a client may catch up on; beyond, it reloads.
pub const RESUME_BOUND: i64 = 10_000;
/// Most events of one resume page.
pub const RESUME_PAGE: i64 = 500;

/// What one turn of the sequencer did.
#[derive(Debug)]
pub enum Sequenced {
    /// Another sequencer holds the head.
    Standby,
    /// These events got their places; a full [`BATCH`] says there may be more.
    Placed(Vec<Placed>),
}

/// Gives places to the next events of the outbox, if nobody else is at it.
pub async fn sequence(db: &SystemDb) -> Result<Sequenced> {
    let tx = db.checkout("sequence").await?;
    let ((), head) = futures::try_join!(tx.start(), feed::lock_head(&tx))?;
    if head.is_none() {
        tx.commit().await?;
        return Ok(Sequenced::Standby);
    }
    let placed = feed::place(&tx).await?;
    tx.commit().await?;
    Ok(Sequenced::Placed(placed))
}

/// The last place given.
pub async fn head(db: &SystemDb) -> Result<i64> {
    let tx = db.begin("feed_head").await?;
    let head = feed::system_head(&tx).await?;
    tx.commit().await?;
    Ok(head)
}

/// Up to `limit` events of all organisations after a place, in order: for one who saw a hole in the
/// stream, or has no stream.
pub async fn range(db: &SystemDb, after: i64, limit: i64) -> Result<Vec<Placed>> {
    let tx = db.begin("feed_range").await?;
    let placed = feed::range(&tx, after, limit).await?;
    tx.commit().await?;
    Ok(placed)
}

/// How many events wait for a place.
pub async fn outbox_depth(db: &SystemDb) -> Result<i64> {
    let tx = db.begin("outbox_depth").await?;
    let depth = feed::outbox_depth(&tx).await?;
    tx.commit().await?;
    Ok(depth)
}

/// The oldest place that is kept; `None` when the feed is empty.
pub async fn oldest(db: &SystemDb) -> Result<Option<i64>> {
    let tx = db.begin("feed_oldest").await?;
    let oldest = feed::oldest(&tx).await?;
    tx.commit().await?;
    Ok(oldest)
}

/// A part of what somebody missed.
#[derive(Debug)]
pub struct Page {
    /// The events their rooms heard, in order.
    pub events: Vec<(i64, Event)>,
    /// The place up to which nothing is missing now.
    pub upto: i64,
    /// Whether there is more before the bound that was asked for.
    pub more: bool,
}

/// What `actor`'s standing rooms heard in `(after, upto]`, a page at a time. `None` when it is too
/// much ([`RESUME_BOUND`]): reload instead.
pub async fn missed(db: &Db, actor: &Actor, after: i64, upto: i64) -> Result<Option<Page>> {
    let rooms = Room::standing(actor);
    let tx = db.begin("missed", actor.org).await?;
    if feed::count_between(&tx, after, upto, RESUME_BOUND + 1).await? > RESUME_BOUND {
        tx.commit().await?;
        return Ok(None);
    }
    let placed = feed::for_rooms(&tx, after, upto, &rooms, RESUME_PAGE + 1).await?;
    tx.commit().await?;
    let more = placed.len() as i64 > RESUME_PAGE;
    let events: Vec<_> =
        placed.into_iter().take(RESUME_PAGE as usize).map(|placed| (placed.position, placed.event)).collect();
    let upto = if more { events.last().map_or(after, |(position, _)| *position) } else { upto };
    Ok(Some(Page { events, upto, more }))
}
