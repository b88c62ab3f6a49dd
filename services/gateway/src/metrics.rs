//! What this service counts, on the default registry. Labels come from the code, never from data.

use std::sync::LazyLock;

use prometheus::{Gauge, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts};

use crate::requests::Kind;

/// For what should take milliseconds and may take seconds.
const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// For what comes from afar: a canary is told of even after a night.
const AGES: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 600.0];

/// Sockets that are signed in.
pub(crate) static SOCKETS: LazyLock<IntGauge> =
    LazyLock::new(|| gauge("baton_gateway_sockets", "Sockets that are signed in"));

/// The place in the feed up to which sockets were told.
pub(crate) static POSITION: LazyLock<IntGauge> =
    LazyLock::new(|| gauge("baton_gateway_feed_position", "Place in the feed up to which sockets were told"));

/// How far the gateway is behind the feed, by Postgres' clock alone; looked at every few seconds.
pub(crate) static LAG: LazyLock<Gauge> = LazyLock::new(|| {
    registered(Gauge::new("baton_gateway_feed_lag_seconds", "For how long what sockets were not told of has its place"))
});

/// How old events were when they were told. Clocks of two machines take part: good for a graph.
pub(crate) static AGE: LazyLock<Histogram> =
    LazyLock::new(|| histogram("baton_gateway_event_age_seconds", "Age of an event when sockets were told of it"));

/// How old canaries were when they were told. Clocks of two machines take part.
pub(crate) static CANARY: LazyLock<Histogram> =
    LazyLock::new(|| histogram("baton_canary_seconds", "Age of a canary when sockets were told of it"));

/// When the last canary was taken by Postgres.
pub(crate) static CANARY_LAST: LazyLock<Gauge> = LazyLock::new(|| {
    let help = "When Postgres took the last canary that sockets were told of, in seconds since 1970";
    registered(Gauge::new("baton_canary_last_timestamp_seconds", help))
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

/// How long requests of sockets took to answer.
pub(crate) static ACK_SECONDS: LazyLock<HistogramVec> = LazyLock::new(|| {
    let opts = HistogramOpts::new("baton_gateway_ack_seconds", "Time from a socket's request's turn to its answer");
    registered(HistogramVec::new(opts.buckets(BUCKETS.to_vec()), &["event"]))
});

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

fn histogram(name: &str, help: &str) -> Histogram {
    registered(Histogram::with_opts(HistogramOpts::new(name, help).buckets(AGES.to_vec())))
}

fn counter(name: &str, help: &str) -> IntCounter {
    registered(IntCounter::new(name, help))
}

fn counters(name: &str, help: &str, labels: &[&str]) -> IntCounterVec {
    registered(IntCounterVec::new(Opts::new(name, help), labels))
}

/// Registers every metric, so that each shows in a scrape before it first counts.
pub(crate) fn register() {
    for gauge in [&SOCKETS, &POSITION] {
        LazyLock::force(gauge);
    }
    for gauge in [&LAG, &CANARY_LAST] {
        LazyLock::force(gauge);
    }
    for histogram in [&AGE, &CANARY] {
        LazyLock::force(histogram);
    }
    for counter in [&DELIVERIES, &SLOW_CUT, &RESYNCS, &REVOKED] {
        LazyLock::force(counter);
    }
    for (counters, labels) in [
        (&EVENTS, ["stream", "postgres"].as_slice()),
        (&RESUMES, ["hall", "postgres"].as_slice()),
        (&CONNECTS, ["ok"].as_slice()),
    ] {
        labels.iter().for_each(|label| counters.with_label_values(&[label]).inc_by(0));
    }
    for kind in Kind::ALL {
        ACKS.with_label_values(&[kind.name(), "ok"]).inc_by(0);
        ACK_SECONDS.with_label_values(&[kind.name()]);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_metric_registers() {
        super::register();
    }
}
