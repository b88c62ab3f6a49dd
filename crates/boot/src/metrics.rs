//! What this crate counts, on the default registry. Labels come from the code, never from data.

use std::sync::LazyLock;

use prometheus::core::Collector;
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts};

/// Ticks that ran, by loop.
pub(crate) static TICKS: LazyLock<IntCounterVec> =
    LazyLock::new(|| counters("baton_loop_ticks_total", "Ticks of a supervised loop", "loop"));

/// What ticks reported as processed, by loop.
pub(crate) static PROCESSED: LazyLock<IntCounterVec> =
    LazyLock::new(|| counters("baton_loop_processed_total", "What a supervised loop processed", "loop"));

/// Ticks that failed, by loop.
pub(crate) static ERRORS: LazyLock<IntCounterVec> =
    LazyLock::new(|| counters("baton_loop_errors_total", "Ticks of a supervised loop that failed", "loop"));

/// How long ticks took, by loop.
pub(crate) static SECONDS: LazyLock<HistogramVec> = LazyLock::new(seconds);

/// Tasks that panicked, by task.
pub(crate) static PANICS: LazyLock<IntCounterVec> =
    LazyLock::new(|| counters("baton_task_panics_total", "Tasks that panicked", "task"));

/// What became of wakes on their way out, by `published`, `full` (too many at once) and `away` (no Redis).
pub(crate) static WAKES: LazyLock<IntCounterVec> =
    LazyLock::new(|| counters("baton_wakes_total", "Wakes to other processes by what became of them", "outcome"));

/// Shows every metric whose labels are known from the start.
pub(crate) fn show() {
    for outcome in ["published", "full", "away"] {
        WAKES.with_label_values(&[outcome]).inc_by(0);
    }
}

/// Shows the metrics of a loop.
pub(crate) fn show_loop(name: &'static str) {
    for counters in [&TICKS, &PROCESSED, &ERRORS] {
        counters.with_label_values(&[name]).inc_by(0);
    }
    SECONDS.with_label_values(&[name]);
}

fn counters(name: &str, help: &str, label: &str) -> IntCounterVec {
    registered(IntCounterVec::new(Opts::new(name, help), &[label]))
}

fn seconds() -> HistogramVec {
    let buckets = vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
    let opts = HistogramOpts::new("baton_loop_seconds", "How long a tick of a supervised loop took");
    registered(HistogramVec::new(opts.buckets(buckets), &["loop"]))
}

#[expect(clippy::expect_used, reason = "names are constants of this file; a test touches each")]
fn registered<M: Collector + Clone + 'static>(metric: prometheus::Result<M>) -> M {
    let metric = metric.expect("a valid metric name");
    prometheus::register(Box::new(metric.clone())).expect("a metric registered once");
    metric
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_registers() {
        show();
        show_loop("test");
        PANICS.with_label_values(&["test"]).inc_by(0);
    }
}
