//! What this crate counts, on the default registry. Labels come from the code, never from data.

use std::sync::LazyLock;

use prometheus::{HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts};

/// Entries that Redis took into the stream.
pub(crate) static APPENDED: LazyLock<IntCounter> =
    LazyLock::new(|| counter("baton_stream_appended_total", "Entries added to the event stream"));

/// Entries that Redis refused because the stream is already at or past their position.
pub(crate) static REFUSED: LazyLock<IntCounter> =
    LazyLock::new(|| counter("baton_stream_refused_total", "Entries the event stream refused as repeated or late"));

/// Dedicated connections made, the first of each included, by what they are for.
pub(crate) static CONNECTS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    counters("baton_redis_connects_total", "Dedicated Redis connections made, the first included", "purpose")
});

/// How long Redis took to answer, with asking again, by `ok` and `failed`; blocked reads are left out.
pub(crate) static SECONDS: LazyLock<HistogramVec> = LazyLock::new(seconds);

/// Rate limits decided in the process because Redis was away, by quota.
pub(crate) static LIMIT_FALLBACKS: LazyLock<IntCounterVec> =
    LazyLock::new(|| counters("baton_limit_fallbacks_total", "Rate limits decided without Redis", "quota"));

#[expect(clippy::expect_used, reason = "names are constants of this file; a test touches each")]
fn counter(name: &str, help: &str) -> IntCounter {
    let counter = IntCounter::new(name, help).expect("a valid metric name");
    prometheus::register(Box::new(counter.clone())).expect("a metric registered once");
    counter
}

#[expect(clippy::expect_used, reason = "names are constants of this file; a test touches each")]
fn counters(name: &str, help: &str, label: &str) -> IntCounterVec {
    let counters = IntCounterVec::new(Opts::new(name, help), &[label]).expect("a valid metric name");
    prometheus::register(Box::new(counters.clone())).expect("a metric registered once");
    counters
}

#[expect(clippy::expect_used, reason = "names are constants of this file; a test touches each")]
fn seconds() -> HistogramVec {
    let buckets = vec![0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];
    let opts = HistogramOpts::new("baton_redis_seconds", "Time from a question to Redis to its answer");
    let seconds = HistogramVec::new(opts.buckets(buckets), &["outcome"]).expect("a valid metric name");
    prometheus::register(Box::new(seconds.clone())).expect("a metric registered once");
    seconds
}

/// Shows from the start how Redis answers.
pub(crate) fn show() {
    for outcome in ["ok", "failed"] {
        SECONDS.with_label_values(&[outcome]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_registers() {
        show();
        APPENDED.inc_by(0);
        REFUSED.inc_by(0);
        CONNECTS.with_label_values(&["test"]).inc_by(0);
        LIMIT_FALLBACKS.with_label_values(&["test"]).inc_by(0);
    }
}
