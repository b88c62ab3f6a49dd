//! The service-level worker. Any number of them may run, and any may die at any moment: a ticket's lock decides which
//! one acts, and what is not committed did not happen.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use baton_app::sla::{self, Advanced};
use baton_app::{Error, SystemDb, workers};
use baton_boot::loops::{LoopSpec, Report, every};
use baton_boot::wakes::WakePump;
use baton_boot::{BoxError, ExposeSecret, Process, Service};
use futures::{StreamExt, TryStreamExt};
use prometheus::{
    Gauge, Histogram, IntCounterVec, IntGauge, register_gauge, register_histogram, register_int_counter_vec,
    register_int_gauge,
};
use tokio::sync::Notify;

/// What the process is called, and where its probes are by default.
pub const SERVICE: Service =
    Service { name: "sla", default_operations: Some(SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9183)) };

/// Transactions of one process at once.
const AT_ONCE: usize = 4;

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static FIRED: LazyLock<IntCounterVec> = LazyLock::new(|| {
    register_int_counter_vec!("baton_sla_fired_total", "Warnings and breaches told by this process.", &["kind"])
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static LATENESS: LazyLock<Histogram> = LazyLock::new(|| {
    register_histogram!(
        "baton_sla_lateness_seconds",
        "Time from when a warning or breach was due to the transaction that told it.",
        vec![0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 600.0]
    )
    .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static BACKLOG: LazyLock<IntGauge> = LazyLock::new(|| {
    register_int_gauge!("baton_sla_due_backlog", "Warnings and breaches that are due and not told yet, up to 10000.")
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static OLDEST: LazyLock<Gauge> = LazyLock::new(|| {
    register_gauge!(
        "baton_sla_oldest_due_seconds",
        "For how long the oldest warning or breach that is not told is due."
    )
    .expect("registered once")
});

/// Runs until shutdown.
pub async fn run(process: Process) -> Result<(), BoxError> {
    for kind in ["warning", "breach"] {
        FIRED.with_label_values(&[kind]).inc_by(0);
    }
    LazyLock::force(&LATENESS);
    LazyLock::force(&BACKLOG);
    LazyLock::force(&OLDEST);
    let db = connect(&process, WakePump::start(process.redis()?)).await?;
    let check = db.clone();
    process.readiness.set_check(move || {
        let db = check.clone();
        async move { db.check().await.map_err(|error| error.to_string()) }
    });

    let (never, shutdown) = (Arc::new(Notify::new()), process.shutdown.clone());
    let advance = {
        let db = db.clone();
        // Nothing wakes it: what is due is due by the clock. The look is one probe of an index.
        every(
            LoopSpec { name: "advance", interval: Duration::from_millis(100), jitter: Duration::from_millis(20) },
            Arc::clone(&never),
            shutdown.clone(),
            move || advance_tick(db.clone()),
        )
    };
    let loops = [advance.stats()];
    let report = Arc::new(workers::reporter("baton-sla", loops.len()));
    let reporting = every(
        LoopSpec { name: "report", interval: Duration::from_secs(5), jitter: Duration::ZERO },
        never,
        shutdown,
        move || {
            let loops: Vec<_> = loops.iter().map(|stats| stats.snapshot()).collect();
            let (db, report) = (db.clone(), Arc::clone(&report));
            async move {
                let backlog = sla::backlog(&db).await?;
                BACKLOG.set(backlog.waiting);
                OLDEST.set(backlog.oldest_seconds);
                let reports = report.fill(&backlog.figures("clocks_due", "clocks_oldest_seconds"), loops.into_iter());
                workers::report(&db, &reports).await.map(|()| Report::default())
            }
        },
    );
    for running in [advance, reporting] {
        running.join().await;
    }
    Ok(())
}

async fn connect(process: &Process, sink: baton_app::Sink) -> Result<SystemDb, BoxError> {
    let database = &process.settings.database;
    let mut options = baton_app::Options::new(database.system_url.expose_secret());
    options.pool_size = database.pool_size;
    options.statement_timeout = database.statement_timeout();
    Ok(SystemDb::connect(options, sink).await?)
}

/// Does what is due, of every organisation; again at once while there was something.
async fn advance_tick(db: SystemDb) -> Result<Report, Error> {
    let due = sla::due(&db).await?;
    let processed = futures::stream::iter(due)
        .map(|(org, tickets)| sla::advance(&db, org, tickets))
        .buffer_unordered(AT_ONCE)
        .try_fold(0, |sum, advanced| async move { Ok(sum + count(&advanced)) })
        .await?;
    Ok(Report { processed, more: processed > 0 })
}

fn count(advanced: &Advanced) -> u64 {
    let (warned, breached) = (advanced.warned as u64, advanced.breached as u64);
    FIRED.with_label_values(&["warning"]).inc_by(warned);
    FIRED.with_label_values(&["breach"]).inc_by(breached);
    advanced.late.iter().for_each(|late| LATENESS.observe(late.as_secs_f64()));
    warned + breached
}
