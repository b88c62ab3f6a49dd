//! What is counted. Labels come from the routes, never from what clients send.

use std::sync::LazyLock;
use std::time::Instant;

use actix_web::http::{Method, StatusCode};
use prometheus::core::Collector;
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts};

static REQUESTS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    registered(IntCounterVec::new(
        Opts::new("http_requests_total", "Requests that were answered"),
        &["method", "route", "status"],
    ))
});

static SECONDS: LazyLock<HistogramVec> = LazyLock::new(|| {
    let buckets = vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
    let opts = HistogramOpts::new("http_request_seconds", "Time from a request's head to its answer's head");
    registered(HistogramVec::new(opts.buckets(buckets), &["method", "route"]))
});

static IN_FLIGHT: LazyLock<IntGauge> =
    LazyLock::new(|| registered(IntGauge::new("http_requests_in_flight", "Requests under way")));

#[expect(clippy::expect_used, reason = "names are constants of this file; a test touches each")]
fn registered<M: Collector + Clone + 'static>(metric: prometheus::Result<M>) -> M {
    let metric = metric.expect("a valid metric name");
    prometheus::register(Box::new(metric.clone())).expect("a metric registered once");
    metric
}

/// A request under way; gone when it is answered or its client is.
pub(crate) struct Under {
    since: Instant,
}

impl Under {
    pub(crate) fn way() -> Self {
        IN_FLIGHT.inc();
        Self { since: Instant::now() }
    }

    /// Counts the answer. `route` is the pattern that matched.
    pub(crate) fn answered(&self, method: &Method, route: Option<&str>, status: StatusCode) {
        let method = match method.as_str() {
            known @ ("GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" | "HEAD") => known,
            _ => "other",
        };
        let route = route.unwrap_or("none");
        REQUESTS.with_label_values(&[method, route, status.as_str()]).inc();
        SECONDS.with_label_values(&[method, route]).observe(self.since.elapsed().as_secs_f64());
    }
}

impl Drop for Under {
    fn drop(&mut self) {
        IN_FLIGHT.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_registers() {
        let before = IN_FLIGHT.get();
        let under = Under::way();
        under.answered(&Method::GET, None, StatusCode::OK);
        drop(under);
        assert_eq!(IN_FLIGHT.get(), before);
    }
}
