//! The queue-assignment worker. Any number of them may run, and any may die at any moment: a queue's
//! lock decides which one hands out, and what is not committed did not happen.

use std::collections::HashSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use baton_app::routing::{self, Assigned};
use baton_app::{Error, SystemDb, presence, workers};
use baton_boot::loops::{LoopSpec, Report, every};
use baton_boot::wakes::{Look, QueueWatch, WakeBoard, WakePump};
use baton_boot::{BoxError, ExposeSecret, Process, Service, trace};
use baton_domain::id::{OrgId, TeamId};
use futures::{StreamExt, TryStreamExt};
use prometheus::{
    Gauge, Histogram, IntCounter, IntGauge, register_gauge, register_histogram, register_int_counter,
    register_int_gauge,
};
use tokio::sync::Notify;

/// What the process is called, and where its probes are by default.
pub const SERVICE: Service = Service {
    name: "assigner",
    default_operations: Some(SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9182)),
};

/// Queues that one process hands out from at once.
const QUEUES_AT_ONCE: usize = 4;

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static ASSIGNED: LazyLock<IntCounter> = LazyLock::new(|| {
    register_int_counter!("baton_routing_assigned_total", "Tickets handed out by this process.")
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static SWEEP_FOUND: LazyLock<IntCounter> = LazyLock::new(|| {
    register_int_counter!(
        "baton_routing_sweep_found_total",
        "Tickets that the sweep handed out, which no wake had told of: stays 0."
    )
    .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static RETURNED: LazyLock<IntCounter> = LazyLock::new(|| {
    register_int_counter!("baton_routing_returned_total", "Tickets taken back from people who were gone.")
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static LATENCY: LazyLock<Histogram> = LazyLock::new(|| {
    register_histogram!(
        "baton_routing_assign_seconds",
        "Time from when a ticket could be handed out to the transaction that did so.",
        vec![0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 600.0, 3_600.0]
    )
    .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static WAITING: LazyLock<IntGauge> = LazyLock::new(|| {
    register_int_gauge!("baton_queue_waiting", "Tickets that wait in the queues of all organisations, up to 10000.")
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static OLDEST: LazyLock<Gauge> = LazyLock::new(|| {
    register_gauge!("baton_queue_oldest_seconds", "For how long the oldest of the waiting tickets has waited.")
        .expect("registered once")
});

/// Runs until shutdown.
pub async fn run(process: Process) -> Result<(), BoxError> {
    LazyLock::force(&ASSIGNED);
    LazyLock::force(&SWEEP_FOUND);
    LazyLock::force(&RETURNED);
    LazyLock::force(&LATENCY);
    LazyLock::force(&WAITING);
    LazyLock::force(&OLDEST);
    let redis = process.redis()?;
    let db = connect(&process, WakePump::start(redis.clone())).await?;
    let board = WakeBoard::start(&redis, process.shutdown.clone());
    let check = db.clone();
    process.readiness.set_check(move || {
        let db = check.clone();
        async move { db.check().await.map_err(|error| error.to_string()) }
    });

    let queues = Arc::new(board.queues());
    let (never, shutdown) = (Arc::new(Notify::new()), process.shutdown.clone());
    let assign = {
        let (db, queues) = (db.clone(), Arc::clone(&queues));
        every(
            LoopSpec { name: "assign", interval: Duration::from_secs(10), jitter: Duration::ZERO },
            queues.notify(),
            shutdown.clone(),
            move || assign_tick(db.clone(), Arc::clone(&queues)),
        )
    };
    let sweep = {
        let db = db.clone();
        every(
            LoopSpec { name: "sweep", interval: Duration::from_secs(2), jitter: Duration::from_secs(1) },
            Arc::clone(&never),
            shutdown.clone(),
            move || sweep_tick(db.clone()),
        )
    };
    let absence = {
        let db = db.clone();
        every(
            LoopSpec { name: "absence", interval: Duration::from_secs(3), jitter: Duration::from_secs(1) },
            Arc::clone(&never),
            shutdown.clone(),
            move || absence_tick(db.clone()),
        )
    };
    let loops = [assign.stats(), sweep.stats(), absence.stats()];
    let report = Arc::new(workers::reporter("baton-assigner", loops.len()));
    let reporting = every(
        LoopSpec { name: "report", interval: Duration::from_secs(5), jitter: Duration::ZERO },
        never,
        shutdown,
        move || {
            let loops: Vec<_> = loops.iter().map(|stats| stats.snapshot()).collect();
            let (db, report) = (db.clone(), Arc::clone(&report));
            async move {
                let backlog = routing::backlog(&db).await?;
                WAITING.set(backlog.waiting);
                OLDEST.set(backlog.oldest_seconds);
                let reports = report.fill(&backlog.figures("queue_waiting", "queue_oldest_seconds"), loops.into_iter());
                workers::report(&db, &reports).await.map(|()| Report::default())
            }
        },
    );
    for running in [assign, sweep, absence, reporting] {
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

/// Hands out from the queues that were named since the last tick, or from all after a gap.
async fn assign_tick(db: SystemDb, queues: Arc<QueueWatch>) -> Result<Report, Error> {
    let done = async {
        let named = match queues.take() {
            Look::At(named) => named,
            Look::Everything => routing::waiting_queues(&db).await?.into_iter().collect(),
        };
        assign_all(&db, named).await
    };
    // What was taken is looked at again if this failed: a wake is not lost to an error.
    done.await.inspect_err(|_| queues.look_at_everything()).map(|assigned| {
        ASSIGNED.inc_by(assigned);
        Report { processed: assigned, more: false }
    })
}

/// Hands out from every queue in which something waits. What it finds, a wake was lost for.
async fn sweep_tick(db: SystemDb) -> Result<Report, Error> {
    let waiting = routing::waiting_queues(&db).await?;
    let found = assign_all(&db, waiting.into_iter().collect()).await?;
    ASSIGNED.inc_by(found);
    SWEEP_FOUND.inc_by(found);
    Ok(Report { processed: found, more: false })
}

/// Takes unanswered tickets back from people who are gone beyond the grace.
async fn absence_tick(db: SystemDb) -> Result<Report, Error> {
    presence::reap_gateways(&db).await?;
    let returned = routing::return_from_absent(&db).await? as u64;
    RETURNED.inc_by(returned);
    Ok(Report { processed: returned, more: false })
}

async fn assign_all(db: &SystemDb, queues: HashSet<(OrgId, TeamId)>) -> Result<u64, Error> {
    futures::stream::iter(queues)
        .map(|(org, team)| assign_queue(db, org, team))
        .buffer_unordered(QUEUES_AT_ONCE)
        .try_fold(0, |sum, assigned| async move { Ok(sum + assigned) })
        .await
}

/// Batch after batch, until the queue is empty or nobody is free.
async fn assign_queue(db: &SystemDb, org: OrgId, team: TeamId) -> Result<u64, Error> {
    let mut sum = 0;
    loop {
        let batch = trace::Batch::begin("assign");
        let Assigned { tickets, waited, more } = routing::assign_waiting(db, org, team).await?;
        for waited in waited {
            LATENCY.observe(waited.time.as_secs_f64());
            batch.was_for(waited.trace.as_deref(), &[("ticket", &waited.ticket)]);
        }
        sum += tickets as u64;
        if !more {
            return Ok(sum);
        }
    }
}
