//! What happens after a commit: the sequencer gives events their order ([`sequencer`]), workers do the outside work
//! that transactions asked for ([`worker`], [`mail`]), what came while Postgres was away is stored ([`intake`]), and what is
//! over is taken away ([`retention`]).
//!
//! Any number of these processes may run, and any may die at any moment.

pub mod letter;
pub mod mail;
pub mod worker;

mod intake;
mod retention;
mod sequencer;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use baton_app::{Db, Error, Options, Sink, SystemDb, feed, jobs, workers};
use baton_boot::loops::{LoopSpec, LoopStats, Report, RunningLoop, every};
use baton_boot::wakes::{WakeBoard, WakePump};
use baton_boot::{BoxError, ExposeSecret, Process, SecretString, Service};
use baton_live::Redis;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::mail::Mailer;
use crate::sequencer::{Canaries, Stream};
use crate::worker::{Wakes, Worker};

/// What the process is called, and where its probes are by default.
pub const SERVICE: Service = Service {
    name: "jobs",
    default_operations: Some(SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9184)),
};

/// Runs until shutdown.
pub async fn run(process: Process) -> Result<(), BoxError> {
    LazyLock::force(&sequencer::PLACED);
    LazyLock::force(&sequencer::UNTOLD);
    LazyLock::force(&sequencer::DEPTH);
    LazyLock::force(&sequencer::OLDEST);
    intake::register();
    worker::force_metrics();
    let mailer = Arc::new(Mailer::new(process.settings.require_mail()?)?);
    let redis = process.redis()?;
    let sink = WakePump::start(redis.clone());
    let posts = Db::connect(options(&process, &process.settings.database.url, POSTS), Arc::clone(&sink)).await?;
    let db = connect(&process, sink).await?;
    let board = WakeBoard::start(&redis, process.shutdown.clone());
    let check = db.clone();
    process.readiness.set_check(move || {
        let db = check.clone();
        async move { db.check().await.map_err(|error| error.to_string()) }
    });

    let shutdown = process.shutdown.clone();
    let worker = Worker::new(db.clone(), mail::handler(db.clone(), mailer));
    let loops = Loops { db: &db, stream: Stream::new(redis.clone()), board: &board, shutdown: &shutdown };
    let mut running = loops.of_feed();
    running.push(loops.of_intake(posts, redis));
    running.extend(loops.of_jobs(&worker));
    let stats: Vec<Arc<LoopStats>> = running.iter().map(RunningLoop::stats).collect();
    running.push(loops.reporting(stats, worker.clone()));

    let wakes = Wakes { ordinary: board.jobs(), suspect: board.jobs() };
    worker.run(wakes, shutdown).await?;
    for running in running {
        running.join().await;
    }
    Ok(())
}

/// Connections for what came while Postgres was away.
const POSTS: u32 = 1;

async fn connect(process: &Process, sink: Sink) -> Result<SystemDb, BoxError> {
    let database = &process.settings.database;
    Ok(SystemDb::connect(options(process, &database.system_url, database.pool_size), sink).await?)
}

fn options(process: &Process, url: &SecretString, pool_size: u32) -> Options {
    let statement_timeout = process.settings.database.statement_timeout();
    Options { pool_size, statement_timeout, ..Options::new(url.expose_secret()) }
}

/// What the loops of this process share.
struct Loops<'a> {
    db: &'a SystemDb,
    stream: Stream,
    board: &'a WakeBoard,
    shutdown: &'a CancellationToken,
}

impl Loops<'_> {
    fn of_feed(&self) -> Vec<RunningLoop> {
        let (db, stream, canaries) = (self.db.clone(), self.stream.clone(), Canaries::default());
        let sequence = every(
            // The interval is the poll that stands behind the wakes: with Redis away it is all there is.
            LoopSpec { name: "sequence", interval: Duration::from_millis(100), jitter: Duration::from_millis(20) },
            self.board.outbox(),
            self.shutdown.clone(),
            move || sequencer::sequence_tick(db.clone(), stream.clone(), canaries.clone()),
        );
        let (db, stream) = (self.db.clone(), self.stream.clone());
        let mend =
            self.timed("mend_stream", sequencer::MEND_EVERY, move || sequencer::mend_tick(db.clone(), stream.clone()));
        vec![sequence, mend]
    }

    fn of_intake(&self, db: Db, redis: Redis) -> RunningLoop {
        self.timed("intake", Duration::from_millis(500), move || intake::tick(db.clone(), redis.clone()))
    }

    fn of_jobs(&self, worker: &Worker) -> Vec<RunningLoop> {
        let renewing = worker.clone();
        let renew = self.timed("renew_jobs", worker::RENEW_EVERY, move || {
            let worker = renewing.clone();
            async move { worker.renew().await }
        });
        let db = self.db.clone();
        let reap = self.timed("reap_jobs", Duration::from_secs(1), move || {
            let db = db.clone();
            async move { worker::reap_tick(&db).await }
        });
        let db = self.db.clone();
        let retain = self.timed("retention", Duration::from_secs(10), move || {
            let db = db.clone();
            async move { retention::tick(&db).await }
        });
        vec![renew, reap, retain]
    }

    /// The sequencer is the first of `stats`: the outbox is its backlog.
    fn reporting(&self, stats: Vec<Arc<LoopStats>>, worker: Worker) -> RunningLoop {
        let report = Arc::new(workers::reporter("baton-jobs", stats.len() + 1));
        let db = self.db.clone();
        self.timed("report", Duration::from_secs(5), move || {
            let loops: Vec<_> = stats.iter().map(|stats| stats.snapshot()).chain([worker.figures()]).collect();
            let (db, report) = (db.clone(), Arc::clone(&report));
            async move {
                let outbox = feed::outbox(&db).await?;
                sequencer::DEPTH.set(outbox.waiting);
                sequencer::OLDEST.set(outbox.oldest_seconds);
                worker::show_depths(&jobs::depths(&db).await?);
                let figures = outbox.figures("outbox_waiting", "outbox_oldest_seconds");
                let reports = report.fill(&figures, loops.into_iter());
                workers::report(&db, &reports).await.map(|()| Report::default())
            }
        })
    }

    /// A loop that only the clock wakes.
    fn timed<F, Fut>(&self, name: &'static str, interval: Duration, tick: F) -> RunningLoop
    where
        F: FnMut() -> Fut + Send + 'static,
        Fut: Future<Output = Result<Report, Error>> + Send + 'static,
    {
        let spec = LoopSpec { name, interval, jitter: interval / 10 };
        every(spec, Arc::new(Notify::new()), self.shutdown.clone(), tick)
    }
}
