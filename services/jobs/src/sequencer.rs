//! The sequencer: gives events their one order and tells them to the gateways.
//!
//! Any number may run; the lock of the feed's head lets one work at a time. What Redis does not take
//! is not lost: gateways read the feed from Postgres where the stream has a hole.

use std::fmt::Display;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use baton_app::feed::{self, BATCH, Placed, Sequenced};
use baton_app::{Error, SystemDb};
use baton_boot::loops::Report;
use baton_boot::tasks::chain;
use baton_boot::trace;
use baton_live::{Redis, stream};
use prometheus::{Gauge, IntCounter, IntGauge, register_gauge, register_int_counter, register_int_gauge};

/// How often a canary is asked for; that one passes every ten seconds is for all sequencers together to see to.
const CANARY_ASKED_EVERY: Duration = Duration::from_secs(1);
/// How far back a stream that Redis lost is filled again; gateways that need more read Postgres.
const REFILL: i64 = 10_000;

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
pub(crate) static PLACED: LazyLock<IntCounter> = LazyLock::new(|| {
    register_int_counter!("baton_feed_placed_total", "Events given a place in the feed by this process.")
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
pub(crate) static UNTOLD: LazyLock<IntCounter> = LazyLock::new(|| {
    register_int_counter!("baton_stream_untold_total", "Placed events that Redis did not take at first.")
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
pub(crate) static DEPTH: LazyLock<IntGauge> = LazyLock::new(|| {
    register_int_gauge!("baton_outbox_depth", "Events that wait for a place in the feed, counted up to 10000.")
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
pub(crate) static OLDEST: LazyLock<Gauge> = LazyLock::new(|| {
    register_gauge!("baton_outbox_oldest_seconds", "For how long the first event in the outbox waits for its place.")
        .expect("registered once")
});

/// When this process last asked for a canary. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Canaries(Arc<Mutex<Option<Instant>>>);

impl Canaries {
    /// Whether it is time to ask again.
    fn ask(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ask = last.is_none_or(|at| at.elapsed() >= CANARY_ASKED_EVERY);
        if ask {
            *last = Some(Instant::now());
        }
        ask
    }
}

/// Places the next events, and a canary when it is time, commits, and only then tells them: what was told is placed for
/// good.
pub(crate) async fn sequence_tick(db: SystemDb, redis: Redis, canaries: Canaries) -> Result<Report, Error> {
    let batch = trace::Batch::begin("place");
    let sequenced = if canaries.ask() { feed::sequence_with_canary(&db).await } else { feed::sequence(&db).await };
    let Sequenced::Placed(placed) = sequenced? else { return Ok(Report::default()) };
    let events = || placed.iter().filter_map(|placed| Some((placed.position, placed.passing.event()?)));
    let count = events().count() as u64;
    PLACED.inc_by(count);
    tell(&redis, &placed).await?;
    for (position, event) in events() {
        let attributes: [(_, &dyn Display); 2] = [("position", &position), ("event", &event.fact.name())];
        batch.was_for(event.trace.as_deref(), &attributes);
    }
    Ok(Report { processed: count, more: count == BATCH as u64 })
}

/// Adds placed events to the stream. Redis away is no failure: gateways see the hole and read
/// Postgres, and [`mend_tick`] fills the stream once it is back.
async fn tell(redis: &Redis, placed: &[Placed]) -> Result<(), Error> {
    if placed.is_empty() {
        return Ok(());
    }
    let count = placed.len() as u64;
    let entries = placed.iter().map(|placed| {
        let payload = serde_json::to_string(&placed.passing).map_err(|error| Error::Internal(error.to_string()))?;
        Ok((placed.position, payload))
    });
    let entries = entries.collect::<Result<Vec<_>, Error>>()?;
    if let Err(error) = stream::append(redis, &entries).await {
        UNTOLD.inc_by(count);
        tracing::warn!(
            error = chain(&error),
            count,
            "the stream did not take events; gateways read them from Postgres"
        );
    }
    Ok(())
}

/// Compares the stream's tip with the feed's head and adds what is missing at its end.
pub(crate) async fn mend_tick(db: SystemDb, redis: Redis) -> Result<Report, Error> {
    let Ok(tip) = stream::tip(&redis).await else { return Ok(Report::default()) };
    let head = feed::head(&db).await?;
    let after = tip.unwrap_or(0).max(head - REFILL);
    if after >= head {
        return Ok(Report::default());
    }
    let missing = feed::range(&db, after, BATCH).await?;
    let count = missing.len() as u64;
    tell(&redis, &missing).await?;
    Ok(Report { processed: count, more: count == BATCH as u64 })
}
