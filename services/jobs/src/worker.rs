//! The worker: apalis' loop over our own job rows.
//!
//! A worker claims as many jobs as it has slots free, so nothing waits in its hands. While it runs them it renews their
//! leases; one that falls silent loses them ([`reap_tick`]) and nobody notices but the clock. Two lanes run side by
//! side: jobs of good standing, many at once, and suspects, one at a time.

mod figures;
mod source;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use apalis_core::error::WorkerError;
use apalis_core::worker::builder::WorkerBuilder;
use baton_app::jobs::{self, Claimed, Ending, Lane};
use baton_app::{SystemDb, new_id};
use baton_boot::loops::Report;
use baton_boot::tasks::{chain, spawn};
use baton_boot::{BoxError, trace};
use baton_domain::id::{JobId, WorkerId};
use baton_domain::jobs::{Fault, Next};
use baton_domain::worker::LoopFigures;
use futures::future::BoxFuture;
use tokio::sync::{Notify, OwnedSemaphorePermit};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

pub use figures::{force_metrics, show_depths};

use figures::{DEAD, Figures, SECONDS};
use source::Source;

/// Jobs of good standing that run at once.
const ORDINARY_SLOTS: usize = 16;
/// How often leases are renewed: four times in one.
pub const RENEW_EVERY: Duration = Duration::from_millis(2_500);
/// How long an attempt may take: less than a process has to end, so that draining loses no attempt.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(25);

/// Runs an attempt. It ends the job itself, in the transaction of its effect where there is one, and says how that
/// went.
pub type Handler = Arc<dyn Fn(Claimed) -> BoxFuture<'static, Result<Ending, Fault>> + Send + Sync>;

/// What wakes the lanes of a worker.
#[derive(Debug, Clone, Default)]
pub struct Wakes {
    /// Of jobs of good standing.
    pub ordinary: Arc<Notify>,
    /// Of suspects.
    pub suspect: Arc<Notify>,
}

/// One start of a worker. Clones are the same.
#[derive(Clone)]
pub struct Worker(Arc<Desk>);

struct Desk {
    db: SystemDb,
    /// Names this start: another one's leases are not its own.
    id: WorkerId,
    handler: Handler,
    attempt_limit: Duration,
    running: Mutex<HashSet<JobId>>,
    figures: Figures,
}

impl Worker {
    /// A worker that has jobs done by `handler`.
    pub fn new(db: SystemDb, handler: Handler) -> Self {
        Self::with_limit(db, handler, ATTEMPT_LIMIT)
    }

    /// A worker whose attempts may take `attempt_limit`.
    pub fn with_limit(db: SystemDb, handler: Handler, attempt_limit: Duration) -> Self {
        let figures = Figures::default();
        Self(Arc::new(Desk { db, id: new_id(), handler, attempt_limit, running: Mutex::default(), figures }))
    }

    /// Claims and runs jobs until `shutdown`; then claims no more and returns when what runs has ended.
    ///
    /// # Errors
    /// When apalis gives up, which nothing here makes it do.
    pub async fn run(&self, wakes: Wakes, shutdown: CancellationToken) -> Result<(), BoxError> {
        let lane = |lane, slots, wake| {
            let source = Source::new(Arc::clone(&self.0), lane, slots, wake, shutdown.clone());
            run_lane(Arc::clone(&self.0), lane, source, shutdown.clone())
        };
        let ordinary = lane(Lane::Ordinary, ORDINARY_SLOTS, wakes.ordinary);
        let suspects = lane(Lane::Suspect, 1, wakes.suspect);
        futures::try_join!(ordinary, suspects)?;
        Ok(())
    }

    /// Renews the leases of what it runs.
    ///
    /// # Errors
    /// When Postgres does not answer; the leases hold for a while.
    pub async fn renew(&self) -> Result<Report, baton_app::Error> {
        let running: Vec<JobId> = self.0.running().iter().copied().collect();
        if running.is_empty() {
            return Ok(Report::default());
        }
        let held = jobs::renew(&self.0.db, self.0.id, running).await?;
        Ok(Report { processed: held as u64, more: false })
    }

    /// What it has done, for `GET /workers`.
    pub fn figures(&self) -> LoopFigures {
        self.0.figures.snapshot()
    }
}

async fn run_lane(desk: Arc<Desk>, lane: Lane, source: Source, shutdown: CancellationToken) -> Result<(), WorkerError> {
    // The name carries the process' start: no two are alike.
    let name = format!("jobs-{lane:?}-{}", desk.id);
    let perform = move |held: Held| {
        let desk = Arc::clone(&desk);
        async move { desk.perform(held).await }
    };
    let told = async move {
        shutdown.cancelled().await;
        Ok::<(), WorkerError>(())
    };
    WorkerBuilder::new(name.as_str()).backend(source).build(perform).run_until(told).await
}

/// A claimed job in its slot.
struct Held {
    job: Claimed,
    _slot: OwnedSemaphorePermit,
}

impl Desk {
    fn running(&self) -> std::sync::MutexGuard<'_, HashSet<JobId>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One attempt, from the claim to its end. What goes wrong in it is its own.
    async fn perform(&self, held: Held) {
        let job = &held.job;
        let started = Instant::now();
        let outcome = match self.attempt(job).await {
            Ok(Ending::Counted) => "done",
            Ok(Ending::Lost) => self.lost(job),
            Err(fault) => self.failed(job, &fault).await,
        };
        self.figures.ran(outcome == "done");
        SECONDS.with_label_values(&[job.kind.as_str(), outcome]).observe(started.elapsed().as_secs_f64());
        // From here on its lease, if it still has one, runs out.
        self.running().remove(&job.id);
    }

    /// Has the handler run in a task of its own: its panic is an attempt's end, not the worker's.
    async fn attempt(&self, job: &Claimed) -> Result<Ending, Fault> {
        let span = tracing::info_span!("job", id = %job.id, kind = %job.kind, attempt = job.attempts);
        if let Some(traceparent) = &job.trace {
            trace::continue_trace(&span, traceparent);
        }
        let mut task = spawn("job", (self.handler)(job.clone()).instrument(span));
        match tokio::time::timeout(self.attempt_limit, &mut task).await {
            Ok(Ok(ended)) => ended,
            Ok(Err(_told_already)) => Err(Fault::Passing("the attempt panicked".to_owned())),
            Err(_elapsed) => {
                task.abort();
                let _cancelled = task.await;
                Err(Fault::Passing(format!("the attempt took longer than {} s", self.attempt_limit.as_secs_f32())))
            }
        }
    }

    async fn failed(&self, job: &Claimed, fault: &Fault) -> &'static str {
        match jobs::fail(&self.db, job, fault).await {
            Ok(Some(Next::Again(at))) => {
                tracing::warn!(job = %job.id, kind = %job.kind, attempt = job.attempts, error = %fault, %at,
                    "an attempt failed; it is tried again");
                "retry"
            }
            Ok(Some(Next::Dead)) => {
                DEAD.inc();
                tracing::error!(job = %job.id, kind = %job.kind, attempt = job.attempts, error = %fault,
                    "a job is dead");
                "dead"
            }
            Ok(None) => self.lost(job),
            Err(error) => {
                tracing::error!(job = %job.id, kind = %job.kind, %fault, error = chain(&error),
                    "a failed attempt could not be noted; its lease runs out");
                "lost"
            }
        }
    }

    fn lost(&self, job: &Claimed) -> &'static str {
        tracing::warn!(job = %job.id, kind = %job.kind, attempt = job.attempts,
            "an attempt outlived its lease; what it did in the database does not count");
        "lost"
    }
}

/// Takes jobs from workers that fell silent.
pub(crate) async fn reap_tick(db: &SystemDb) -> Result<Report, baton_app::Error> {
    let reaped = jobs::reap(db).await?;
    if reaped.again + reaped.dead > 0 {
        tracing::warn!(again = reaped.again, dead = reaped.dead, "a worker fell silent; its jobs were taken from it");
    }
    DEAD.inc_by(reaped.dead as u64);
    Ok(Report { processed: (reaped.again + reaped.dead) as u64, more: reaped.more })
}
