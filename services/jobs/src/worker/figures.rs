//! What a worker counts.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use baton_domain::jobs::JobState;
use baton_domain::worker::LoopFigures;
use jiff::Timestamp;
use prometheus::{
    HistogramVec, IntCounter, IntGaugeVec, register_histogram_vec, register_int_counter, register_int_gauge_vec,
};

use super::source::POLL;

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
pub(super) static SECONDS: LazyLock<HistogramVec> = LazyLock::new(|| {
    register_histogram_vec!(
        "baton_job_seconds",
        "Time of an attempt, by kind of job and by what became of it: done, retry, dead or lost.",
        &["kind", "outcome"],
        vec![0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0]
    )
    .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
pub(super) static DEAD: LazyLock<IntCounter> = LazyLock::new(|| {
    register_int_counter!("baton_jobs_dead_total", "Jobs that died in this process' hands or under its eyes.")
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static DEPTH: LazyLock<IntGaugeVec> = LazyLock::new(|| {
    register_int_gauge_vec!("baton_jobs", "Jobs of all organisations that are ready, running or dead.", &["state"])
        .expect("registered once")
});

/// Has every metric shown from the start.
pub fn force_metrics() {
    LazyLock::force(&SECONDS);
    LazyLock::force(&DEAD);
    show_depths(&[]);
}

/// Shows how many jobs of all organisations are in each state; what is not named has none.
pub fn show_depths(depths: &[(JobState, i64)]) {
    for state in JobState::ALL.iter().filter(|state| **state != JobState::Done) {
        let depth = depths.iter().find(|(of, _)| of == state).map_or(0, |(_, depth)| *depth);
        DEPTH.with_label_values(&[state.as_str()]).set(depth);
    }
}

/// A worker's own figures.
#[derive(Debug, Default)]
pub(super) struct Figures {
    processed: AtomicU64,
    errors: AtomicU64,
    last_at: Mutex<Option<Timestamp>>,
}

impl Figures {
    /// Counts an attempt.
    pub(super) fn ran(&self, well: bool) {
        let counter = if well { &self.processed } else { &self.errors };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that due jobs were looked for.
    pub(super) fn looked(&self) {
        #[expect(clippy::disallowed_methods, reason = "for people's eyes: nothing is decided by it")]
        let now = Timestamp::now();
        *self.last_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    pub(super) fn snapshot(&self) -> LoopFigures {
        LoopFigures {
            name: "run_jobs",
            processed: self.processed.load(Ordering::Relaxed),
            errors: self.errors.load(Ordering::Relaxed),
            interval_ms: millis(POLL),
            last_tick_at: *self.last_at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
