//! Supervised loops: what a process does again and again, woken or by the clock, through errors and panics.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use baton_domain::worker::LoopFigures;
use futures::FutureExt;
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::metrics::{ERRORS, PROCESSED, SECONDS, TICKS, show_loop};
use crate::process::BoxError;
use crate::tasks::{chain, spawn};

/// The pause after a first failure; it doubles with each further one.
const FIRST_BACKOFF: Duration = Duration::from_millis(100);
/// The longest pause after failures.
const LONGEST_BACKOFF: Duration = Duration::from_secs(5);

/// What a loop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoopSpec {
    /// Its name in logs, metrics and `GET /workers`: one of a few in the code.
    pub name: &'static str,
    /// The longest time between the end of a tick and the next.
    pub interval: Duration,
    /// At most how much is added to the interval at random, so that replicas do not tick together.
    pub jitter: Duration,
}

/// What a tick did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// How much it got done.
    pub processed: u64,
    /// Whether there is more: the next tick follows at once.
    pub more: bool,
}

/// The figures of a loop while it runs.
#[derive(Debug)]
pub struct LoopStats {
    name: &'static str,
    processed: AtomicU64,
    errors: AtomicU64,
    interval_ms: AtomicU64,
    last_tick_at: Mutex<Option<Timestamp>>,
}

impl LoopStats {
    fn new(spec: &LoopSpec) -> Self {
        Self {
            name: spec.name,
            processed: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            interval_ms: AtomicU64::new(millis(spec.interval)),
            last_tick_at: Mutex::new(None),
        }
    }

    /// The figures now.
    pub fn snapshot(&self) -> LoopFigures {
        LoopFigures {
            name: self.name,
            processed: self.processed.load(Ordering::Relaxed),
            errors: self.errors.load(Ordering::Relaxed),
            interval_ms: self.interval_ms.load(Ordering::Relaxed),
            last_tick_at: *self.last_tick_at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    fn ticked(&self, took: Duration) {
        TICKS.with_label_values(&[self.name]).inc();
        SECONDS.with_label_values(&[self.name]).observe(took.as_secs_f64());
        #[expect(clippy::disallowed_methods, reason = "for people's eyes: nothing is decided by it")]
        let now = Timestamp::now();
        *self.last_tick_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    fn processed(&self, report: Report) {
        self.processed.fetch_add(report.processed, Ordering::Relaxed);
        PROCESSED.with_label_values(&[self.name]).inc_by(report.processed);
    }

    fn failed(&self) {
        self.errors.fetch_add(1, Ordering::Relaxed);
        ERRORS.with_label_values(&[self.name]).inc();
    }
}

/// A loop that runs.
#[derive(Debug)]
pub struct RunningLoop {
    stats: Arc<LoopStats>,
    task: JoinHandle<()>,
}

impl RunningLoop {
    /// Its figures, to be kept and read at any time.
    pub fn stats(&self) -> Arc<LoopStats> {
        Arc::clone(&self.stats)
    }

    /// Waits until the loop has ended: after shutdown, when its last tick is done.
    pub async fn join(self) {
        // The loop itself does not panic, ticks are tasks of their own; if it did, that is told already.
        let _ = self.task.await;
    }
}

/// Runs `tick` now and then again: at once while it reports more, when `wake` is notified, and else after the
/// interval, until `shutdown`. A tick that runs then is waited for.
///
/// Wakes during a tick make one more tick, however many they are. A tick that fails or panics is logged, counted
/// and repeated after a pause of 0.1 s that doubles up to 5 s; wakes do not shorten the pause, or each commit would
/// knock on a database that is down. What a tick holds must be right after a panic, too: locks in Postgres are.
pub fn every<F, Fut, E>(spec: LoopSpec, wake: Arc<Notify>, shutdown: CancellationToken, tick: F) -> RunningLoop
where
    F: FnMut() -> Fut + Send + 'static,
    Fut: Future<Output = Result<Report, E>> + Send + 'static,
    E: Into<BoxError> + Send + 'static,
{
    show_loop(spec.name);
    let stats = Arc::new(LoopStats::new(&spec));
    let run = Loop { spec, wake, shutdown, stats: Arc::clone(&stats), failures: 0 }.run(tick);
    RunningLoop { stats, task: spawn(spec.name, run) }
}

struct Loop {
    spec: LoopSpec,
    wake: Arc<Notify>,
    shutdown: CancellationToken,
    stats: Arc<LoopStats>,
    failures: u32,
}

impl Loop {
    async fn run<F, Fut, E>(mut self, mut tick: F)
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Report, E>> + Send + 'static,
        E: Into<BoxError> + Send + 'static,
    {
        while !self.shutdown.is_cancelled() {
            // What woke until now is seen by this tick.
            let _ = self.wake.notified().now_or_never();
            let started = Instant::now();
            // A task of its own: its panic ends the tick, not the loop.
            let outcome = spawn(self.spec.name, tick()).await;
            self.stats.ticked(started.elapsed());
            let more = self.note(outcome.map(|result| result.map_err(Into::into)));
            if !more {
                self.rest().await;
            }
        }
    }

    /// Counts what became of a tick; gives whether the next follows at once.
    fn note(&mut self, outcome: Result<Result<Report, BoxError>, JoinError>) -> bool {
        match outcome {
            Ok(Ok(report)) => {
                self.failures = 0;
                self.stats.processed(report);
                return report.more;
            }
            Ok(Err(error)) => {
                tracing::error!(loop_name = self.spec.name, error = chain(&*error), "a tick failed");
            }
            // Told by the task itself.
            Err(_panicked) => {}
        }
        self.failures = self.failures.saturating_add(1);
        self.stats.failed();
        false
    }

    async fn rest(&self) {
        let pause = self.pause();
        self.stats.interval_ms.store(millis(pause), Ordering::Relaxed);
        let woken = async {
            match self.failures {
                0 => self.wake.notified().await,
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.shutdown.cancelled() => {}
            () = woken => {}
            () = tokio::time::sleep(pause) => {}
        }
    }

    fn pause(&self) -> Duration {
        match self.failures {
            0 => self.spec.interval + self.spec.jitter.mul_f64(rand::random_range(0.0..=1.0)),
            n => FIRST_BACKOFF.saturating_mul(1 << n.saturating_sub(1).min(16)).min(LONGEST_BACKOFF),
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
