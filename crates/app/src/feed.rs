//! The feed: giving events their place, and reading them from it.

use baton_domain::access::Actor;
use baton_domain::event::{Event, Room};
use baton_store::{Db, SystemDb, SystemTx, feed, schedules};
use jiff::SignedDuration;

use crate::error::Result;
use crate::schedules::latest;
use crate::workers::{Backlog, COUNTED};

pub use baton_store::feed::{BATCH, Placed};

/// Most of an organisation's events that a client may catch up on; beyond, it reloads.
pub const RESUME_BOUND: i64 = 10_000;
/// Most events of one resume page.
pub const RESUME_PAGE: i64 = 500;

/// How often a canary passes.
const CANARY_EVERY: SignedDuration = SignedDuration::from_secs(10);

/// What one turn of the sequencer did.
#[derive(Debug)]
pub enum Sequenced {
    /// Another sequencer holds the head.
    Standby,
    /// These got their places; a full [`BATCH`] says there may be more.
    Placed(Vec<Placed>),
}

/// Gives places to the next events of the outbox, if nobody else is at it.
pub async fn sequence(db: &SystemDb) -> Result<Sequenced> {
    let Some(tx) = at_the_head(db).await? else { return Ok(Sequenced::Standby) };
    let placed = feed::place(&tx).await?;
    tx.commit().await?;
    Ok(Sequenced::Placed(placed))
}

/// Gives places as [`sequence`] does, and behind them one to a canary, if one is due: every 10 s, however many
/// sequencers there are.
pub async fn sequence_with_canary(db: &SystemDb) -> Result<Sequenced> {
    let Some(tx) = at_the_head(db).await? else { return Ok(Sequenced::Standby) };
    let mut placed = feed::place(&tx).await?;
    if schedules::tick(&tx, "canary", latest(tx.now(), CANARY_EVERY)).await? {
        placed.push(feed::place_canary(&tx).await?);
    }
    tx.commit().await?;
    Ok(Sequenced::Placed(placed))
}

/// A transaction that holds the feed's head; `None` when another sequencer does.
async fn at_the_head(db: &SystemDb) -> Result<Option<SystemTx>> {
    let tx = db.checkout("sequence").await?;
    let ((), head) = futures::try_join!(tx.start(), feed::lock_head(&tx))?;
    if head.is_none() {
        tx.commit().await?;
        return Ok(None);
    }
    Ok(Some(tx))
}

/// The last place given.
pub async fn head(db: &SystemDb) -> Result<i64> {
    let tx = db.begin("feed_head").await?;
    let head = feed::system_head(&tx).await?;
    tx.commit().await?;
    Ok(head)
}

/// Up to `limit` events of all organisations and canaries after a place, in order: for one who saw a hole in the
/// stream, or has no stream.
pub async fn range(db: &SystemDb, after: i64, limit: i64) -> Result<Vec<Placed>> {
    let tx = db.begin("feed_range").await?;
    let placed = feed::range(&tx, after, limit).await?;
    tx.commit().await?;
    Ok(placed)
}

/// The events that wait for a place.
pub async fn outbox(db: &SystemDb) -> Result<Backlog> {
    let tx = db.begin("outbox_backlog").await?;
    let waiting = feed::outbox_backlog(&tx, COUNTED).await?;
    let backlog = Backlog::of(waiting, tx.now());
    tx.commit().await?;
    Ok(backlog)
}

/// How far behind the feed one is who stands at a place, in seconds: as long ago as the next place was given; 0 at the
/// end.
pub async fn lag_seconds(db: &SystemDb, position: i64) -> Result<f64> {
    let tx = db.begin("feed_lag").await?;
    let next = feed::given_after(&tx, position).await?;
    let lag = next.map_or(0.0, |at| tx.now().duration_since(at).as_secs_f64().max(0.0));
    tx.commit().await?;
    Ok(lag)
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
    let mut events = feed::for_rooms(&tx, after, upto, &rooms, RESUME_PAGE + 1).await?;
    tx.commit().await?;
    let more = events.len() as i64 > RESUME_PAGE;
    events.truncate(RESUME_PAGE as usize);
    let upto = if more { events.last().map_or(after, |(position, _)| *position) } else { upto };
    Ok(Some(Page { events, upto, more }))
}
