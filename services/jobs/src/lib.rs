//! The sequencer: gives events their one order and tells them to the gateways.
//!
//! Any number may run; the lock of the feed's head lets one work at a time. What Redis does not take
//! is not lost: gateways read the feed from Postgres where the stream has a hole.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use baton_app::feed::{self, BATCH, Placed, Sequenced};
use baton_app::{Error, SystemDb, workers};
use baton_boot::loops::{LoopSpec, Report, every};
use baton_boot::tasks::chain;
use baton_boot::wakes::{WakeBoard, WakePump};
use baton_boot::{BoxError, ExposeSecret, Process, Service};
use baton_live::{Redis, stream};
use prometheus::{IntCounter, IntGauge, register_int_counter, register_int_gauge};
use tokio::sync::Notify;

/// What the process is called, and where its probes are by default.
pub const SERVICE: Service = Service {
    name: "jobs",
    default_operations: Some(SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9184)),
};

/// How far back a stream that Redis lost is filled again; gateways that need more read Postgres.
const REFILL: i64 = 10_000;

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static PLACED: LazyLock<IntCounter> = LazyLock::new(|| {
    register_int_counter!("baton_feed_placed_total", "Events given a place in the feed by this process.")
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static UNTOLD: LazyLock<IntCounter> = LazyLock::new(|| {
    register_int_counter!("baton_stream_untold_total", "Placed events that Redis did not take at first.")
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static DEPTH: LazyLock<IntGauge> = LazyLock::new(|| {
    register_int_gauge!("baton_outbox_depth", "Events that wait for a place in the feed.").expect("registered once")
});

/// Runs until shutdown.
pub async fn run(process: Process) -> Result<(), BoxError> {
    LazyLock::force(&PLACED);
    LazyLock::force(&UNTOLD);
    let redis = process.redis()?;
    let db = connect(&process, WakePump::start(redis.clone())).await?;
    let board = WakeBoard::start(&redis, process.shutdown.clone());
    let check = db.clone();
    process.readiness.set_check(move || {
        let db = check.clone();
        async move { db.check().await.map_err(|error| error.to_string()) }
    });

    let (never, shutdown) = (Arc::new(Notify::new()), process.shutdown.clone());
    let sequence = {
        let (db, redis) = (db.clone(), redis.clone());
        // The interval is the poll that stands behind the wakes: with Redis away it is all there is.
        every(
            LoopSpec { name: "sequence", interval: Duration::from_millis(100), jitter: Duration::from_millis(20) },
            board.outbox(),
            shutdown.clone(),
            move || sequence_tick(db.clone(), redis.clone()),
        )
    };
    let mend = {
        let (db, redis) = (db.clone(), redis.clone());
        every(
            LoopSpec { name: "mend_stream", interval: Duration::from_secs(1), jitter: Duration::from_millis(200) },
            Arc::clone(&never),
            shutdown.clone(),
            move || mend_tick(db.clone(), redis.clone()),
        )
    };
    let loops = [sequence.stats(), mend.stats()];
    let report = workers::reporter("baton-jobs", loops.len());
    let reporting = every(
        LoopSpec { name: "report", interval: Duration::from_secs(5), jitter: Duration::ZERO },
        never,
        shutdown,
        move || {
            let reports = report.fill(loops.iter().map(|stats| stats.snapshot()));
            let db = db.clone();
            async move {
                DEPTH.set(feed::outbox_depth(&db).await?);
                workers::report(&db, &reports).await.map(|()| Report::default())
            }
        },
    );
    for running in [sequence, mend, reporting] {
        running.join().await;
    }
    Ok(())
}

async fn connect(process: &Process, sink: baton_app::Sink) -> Result<SystemDb, BoxError> {
    let database = &process.settings.database;
    let mut options = baton_app::Options::new(database.system_url.expose_secret());
    options.pool_size = 4;
    options.statement_timeout = database.statement_timeout();
    Ok(SystemDb::connect(options, sink).await?)
}

/// Places the next events, commits, and only then tells them: what was told is placed for good.
async fn sequence_tick(db: SystemDb, redis: Redis) -> Result<Report, Error> {
    let Sequenced::Placed(placed) = feed::sequence(&db).await? else { return Ok(Report::default()) };
    let count = placed.len() as u64;
    PLACED.inc_by(count);
    tell(&redis, placed).await?;
    Ok(Report { processed: count, more: count == BATCH as u64 })
}

/// Adds placed events to the stream. Redis away is no failure: gateways see the hole and read
/// Postgres, and [`mend_tick`] fills the stream once it is back.
async fn tell(redis: &Redis, placed: Vec<Placed>) -> Result<(), Error> {
    if placed.is_empty() {
        return Ok(());
    }
    let count = placed.len() as u64;
    let entries = placed.into_iter().map(|placed| {
        let payload = serde_json::to_string(&placed.event).map_err(|error| Error::Internal(error.to_string()))?;
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
async fn mend_tick(db: SystemDb, redis: Redis) -> Result<Report, Error> {
    let Ok(tip) = stream::tip(&redis).await else { return Ok(Report::default()) };
    let head = feed::head(&db).await?;
    let after = tip.unwrap_or(0).max(head - REFILL);
    if after >= head {
        return Ok(Report::default());
    }
    let missing = feed::range(&db, after, BATCH).await?;
    let count = missing.len() as u64;
    tell(&redis, missing).await?;
    Ok(Report { processed: count, more: count == BATCH as u64 })
}
