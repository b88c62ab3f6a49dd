//! The sequencer: gives events their one order and tells them to the gateways.
//!
//! Any number may run; the lock of the feed's head lets one work at a time. What Redis does not take
//! is not lost: gateways read the feed from Postgres where the stream has a hole.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use baton_app::feed::{self, BATCH, Placed, Sequenced};
use baton_app::{Error, SystemDb};
use baton_boot::loops::Report;
use baton_boot::tasks::chain;
use baton_live::{Redis, stream};
use prometheus::{IntCounter, IntGauge, register_int_counter, register_int_gauge};

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
    register_int_gauge!("baton_outbox_depth", "Events that wait for a place in the feed.").expect("registered once")
});

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
    async fn tell(&self, placed: Vec<Placed>) -> Result<bool, Error> {
        let entries = placed.into_iter().map(|placed| {
            let payload = serde_json::to_string(&placed.event).map_err(|error| Error::Internal(error.to_string()))?;
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

/// Places the next events, commits, and only then tells them: what was told is placed for good.
pub(crate) async fn sequence_tick(db: SystemDb, stream: Stream) -> Result<Report, Error> {
    let Sequenced::Placed(placed) = feed::sequence(&db).await? else { return Ok(Report::default()) };
    let count = placed.len() as u64;
    PLACED.inc_by(count);
    if count > 0 && (stream.is_away() || !stream.tell(placed).await?) {
        UNTOLD.inc_by(count);
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
    if !stream.tell(missing).await? {
        return Ok(Report::default());
    }
    Ok(Report { processed: count, more: count == BATCH as u64 })
}
