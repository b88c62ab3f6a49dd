//! What this service counts, on the default registry. Labels come from the code, never from data.

use std::sync::LazyLock;

use prometheus::{IntCounter, IntCounterVec, IntGauge, Opts};

/// Sockets that are signed in.
pub(crate) static SOCKETS: LazyLock<IntGauge> =
    LazyLock::new(|| gauge("baton_gateway_sockets", "Sockets that are signed in"));

/// The place in the feed up to which sockets were told.
pub(crate) static POSITION: LazyLock<IntGauge> =
    LazyLock::new(|| gauge("baton_gateway_feed_position", "Place in the feed up to which sockets were told"));

/// How old the last event was when it was told. Clocks of two machines take part: good for a graph.
pub(crate) static LAG: LazyLock<IntGauge> = LazyLock::new(|| {
    gauge("baton_gateway_feed_lag_milliseconds", "Age of the last event when sockets were told of it")
});

/// Events read from the feed, by where they came from.
pub(crate) static EVENTS: LazyLock<IntCounterVec> =
    LazyLock::new(|| counters("baton_gateway_events_total", "Events read from the feed", &["source"]));

/// Events put into sockets' buffers.
pub(crate) static DELIVERIES: LazyLock<IntCounter> =
    LazyLock::new(|| counter("baton_gateway_deliveries_total", "Events put into sockets' buffers"));

/// Sockets cut because their buffer was full.
pub(crate) static SLOW_CUT: LazyLock<IntCounter> = LazyLock::new(|| {
    counter("baton_gateway_slow_readers_cut_total", "Sockets cut because they did not read what they were sent")
});

/// Pages of missed events, by where they were read.
pub(crate) static RESUMES: LazyLock<IntCounterVec> =
    LazyLock::new(|| counters("baton_gateway_resume_pages_total", "Pages of missed events given", &["source"]));

/// Clients told to fetch their state again.
pub(crate) static RESYNCS: LazyLock<IntCounter> =
    LazyLock::new(|| counter("baton_gateway_resyncs_total", "Clients told to fetch their state again"));

/// Connection attempts, by outcome.
pub(crate) static CONNECTS: LazyLock<IntCounterVec> =
    LazyLock::new(|| counters("baton_gateway_connects_total", "Sockets that asked to sign in", &["outcome"]));

/// Acknowledged requests of sockets.
pub(crate) static ACKS: LazyLock<IntCounterVec> =
    LazyLock::new(|| counters("baton_gateway_acks_total", "Requests of sockets answered", &["event", "outcome"]));

/// Rooms taken back from sockets whose owner lost sight of a conversation.
pub(crate) static REVOKED: LazyLock<IntCounter> =
    LazyLock::new(|| counter("baton_gateway_rooms_revoked_total", "Conversations taken back from sockets"));

#[expect(clippy::expect_used, reason = "names are constants of this file; a test touches each")]
fn registered<C: prometheus::core::Collector + Clone + 'static>(made: prometheus::Result<C>) -> C {
    let collector = made.expect("a valid metric name");
    prometheus::register(Box::new(collector.clone())).expect("a metric registered once");
    collector
}

fn gauge(name: &str, help: &str) -> IntGauge {
    registered(IntGauge::new(name, help))
}

fn counter(name: &str, help: &str) -> IntCounter {
    registered(IntCounter::new(name, help))
}

fn counters(name: &str, help: &str, labels: &[&str]) -> IntCounterVec {
    registered(IntCounterVec::new(Opts::new(name, help), labels))
}

/// Registers every metric, so that each shows in a scrape before it first counts.
pub(crate) fn register() {
    for gauge in [&SOCKETS, &POSITION, &LAG] {
        LazyLock::force(gauge);
    }
    for counter in [&DELIVERIES, &SLOW_CUT, &RESYNCS, &REVOKED] {
        LazyLock::force(counter);
    }
    for counters in [&EVENTS, &RESUMES, &CONNECTS, &ACKS] {
        LazyLock::force(counters);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_metric_registers() {
        super::register();
    }
}
