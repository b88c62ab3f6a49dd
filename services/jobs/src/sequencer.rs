//! The sequencer: gives events their one order and tells them to the gateways.
//!
//! Any number may run; the lock of the feed's head lets one work at a time. What Redis does not take
//! is not lost: gateways read the feed from Postgres where the stream has a hole.

use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};
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
/// How long Redis may keep the sequencer from the next events. One that is gone says so at once; one that hangs does not.
const TOLD_WITHIN: Duration = Duration::from_millis(250);
/// How often the stream is compared with the feed: what a Redis that is back has to wait for at most.
pub(crate) const MEND_EVERY: Duration = Duration::from_millis(500);

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

/// The stream, as far as this process knows how it is. Clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    redis: Redis,
    /// It did not take what it was last given. Until it does, only [`mend_tick`] tries: events do not wait for it.
    away: Arc<AtomicBool>,
}

impl Stream {
    pub(crate) fn new(redis: Redis) -> Self {
        Self { redis, away: Arc::default() }
    }

    fn is_away(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }

    fn lost(&self, error: &baton_live::Error) {
        if !self.away.swap(true, Ordering::Relaxed) {
            tracing::warn!(error = chain(error), "the stream is away; gateways read events from Postgres");
        }
    }

    fn found(&self) {
        if self.away.swap(false, Ordering::Relaxed) {
            tracing::info!("the stream takes events again");
        }
    }

    /// Adds placed events; whether it took them. That it does not is no failure: gateways see the hole and read
    /// Postgres, and [`mend_tick`] fills it.
    async fn tell(&self, placed: &[Placed]) -> Result<bool, Error> {
        let entries = placed.iter().map(|placed| {
            let payload = serde_json::to_string(&placed.passing).map_err(|error| Error::Internal(error.to_string()))?;
            Ok((placed.position, payload))
        });
        let entries = entries.collect::<Result<Vec<_>, Error>>()?;
        let told = tokio::time::timeout(TOLD_WITHIN, stream::append(&self.redis, &entries)).await;
        let told = told.unwrap_or(Err(baton_live::Error::Slow(TOLD_WITHIN)));
        match &told {
            Ok(_) => self.found(),
            Err(error) => self.lost(error),
        }
        Ok(told.is_ok())
    }
}

/// Places the next events, and a canary when it is time, commits, and only then tells them: what was told is placed for
/// good.
pub(crate) async fn sequence_tick(db: SystemDb, stream: Stream, canaries: Canaries) -> Result<Report, Error> {
    let batch = trace::Batch::begin("place");
    let sequenced = if canaries.ask() { feed::sequence_with_canary(&db).await } else { feed::sequence(&db).await };
    let Sequenced::Placed(placed) = sequenced? else { return Ok(Report::default()) };
    let events = || placed.iter().filter_map(|placed| Some((placed.position, placed.passing.event()?)));
    let count = events().count() as u64;
    PLACED.inc_by(count);
    if !placed.is_empty() && (stream.is_away() || !stream.tell(&placed).await?) {
        UNTOLD.inc_by(placed.len() as u64);
    }
    for (position, event) in events() {
        let attributes: [(_, &dyn Display); 2] = [("position", &position), ("event", &event.fact.name())];
        batch.was_for(event.trace.as_deref(), &attributes);
    }
    Ok(Report { processed: count, more: count == BATCH as u64 })
}

/// Compares the stream's tip with the feed's head and adds what is missing at its end.
pub(crate) async fn mend_tick(db: SystemDb, stream: Stream) -> Result<Report, Error> {
    let tip = match stream::tip(&stream.redis).await {
        Ok(tip) => tip,
        Err(error) => {
            stream.lost(&error);
            return Ok(Report::default());
        }
    };
    let head = feed::head(&db).await?;
    let after = tip.unwrap_or(0).max(head - REFILL);
    if after >= head {
        stream.found();
        return Ok(Report::default());
    }
    let missing = feed::range(&db, after, BATCH).await?;
    let count = missing.len() as u64;
    if !stream.tell(&missing).await? {
        return Ok(Report::default());
    }
    Ok(Report { processed: count, more: count == BATCH as u64 })
}
