//! What is counted of pools of connections: how many are in use, how many transactions wait for one, and for how long.

use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;
use std::time::Instant;

use prometheus::{
    HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, register_histogram_vec, register_int_counter_vec,
    register_int_gauge_vec,
};

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static TIMEOUTS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    register_int_counter_vec!("baton_pool_timeouts_total", "Times no connection came free in time.", &["pool"])
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static LIMIT: LazyLock<IntGaugeVec> = LazyLock::new(|| {
    register_int_gauge_vec!("baton_pool_limit", "Connections to Postgres there may be.", &["pool"])
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static IN_USE: LazyLock<IntGaugeVec> = LazyLock::new(|| {
    register_int_gauge_vec!("baton_pool_in_use", "Connections to Postgres that transactions have.", &["pool"])
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static WAITING: LazyLock<IntGaugeVec> = LazyLock::new(|| {
    register_int_gauge_vec!("baton_pool_waiting", "Transactions that wait for a connection.", &["pool"])
        .expect("registered once")
});

#[expect(clippy::expect_used, reason = "a metric registered twice is a defect that must show at start")]
static WAIT_SECONDS: LazyLock<HistogramVec> = LazyLock::new(|| {
    register_histogram_vec!(
        "baton_pool_wait_seconds",
        "Time from the wish for a connection to having it.",
        &["pool"],
        vec![0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5]
    )
    .expect("registered once")
});

/// Counts a pool that was made, of at most `size` connections.
pub(crate) fn made(pool: &'static str, size: u32) {
    LIMIT.with_label_values(&[pool]).add(size.into());
    TIMEOUTS.with_label_values(&[pool]).inc_by(0);
    IN_USE.with_label_values(&[pool]).add(0);
    WAITING.with_label_values(&[pool]).add(0);
    WAIT_SECONDS.with_label_values(&[pool]);
}

/// Counts a wish for a connection that was not fulfilled in time.
pub(crate) fn timed_out(pool: &'static str) {
    TIMEOUTS.with_label_values(&[pool]).inc();
}

/// Waits for a connection of a pool.
pub(crate) async fn lend<C, E>(
    pool: &'static str,
    get: impl Future<Output = std::result::Result<C, E>>,
) -> std::result::Result<Lent<C>, E> {
    let (waits, since) = (Counted::up(&WAITING, pool), Instant::now());
    let connection = get.await;
    drop(waits);
    WAIT_SECONDS.with_label_values(&[pool]).observe(since.elapsed().as_secs_f64());
    Ok(Lent { connection: connection?, _in_use: Counted::up(&IN_USE, pool) })
}

/// A connection that somebody has.
pub(crate) struct Lent<C> {
    connection: C,
    _in_use: Counted,
}

impl<C> Deref for Lent<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.connection
    }
}

impl<C> DerefMut for Lent<C> {
    fn deref_mut(&mut self) -> &mut C {
        &mut self.connection
    }
}

/// One more, until it is dropped.
struct Counted(IntGauge);

impl Counted {
    fn up(gauge: &IntGaugeVec, pool: &'static str) -> Self {
        let gauge = gauge.with_label_values(&[pool]);
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};

    #[tokio::test]
    async fn whoever_waits_or_has_one_counts_until_they_do_not() {
        made("test", 3);
        let counts = || (WAITING.with_label_values(&["test"]).get(), IN_USE.with_label_values(&["test"]).get());
        let mut waiting = Box::pin(lend("test", pending::<Result<(), ()>>()));
        assert!(futures::poll!(&mut waiting).is_pending());
        let lent = lend("test", ready(Ok::<_, ()>(7))).await.unwrap_or_else(|()| panic!("there is one"));
        assert_eq!((*lent, counts()), (7, (1, 1)));
        drop((waiting, lent));
        assert!(lend("test", ready(Err::<(), _>("none"))).await.is_err());
        assert_eq!(counts(), (0, 0));
    }
}
