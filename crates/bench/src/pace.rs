//! When things are to be done, and when they were due: an open loop whose latencies count from the schedule, so that
//! a stall is felt by everything that was due while it lasted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Something to do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Due {
    /// Which, from 0.
    pub(crate) index: u64,
    /// When.
    pub(crate) at: Instant,
}

/// `rate` things a second for `length`, dealt out to `hands` in turn. A thread of its own sleeps to the microsecond;
/// the runtime's timers round up to milliseconds.
pub(crate) fn paced(rate: f64, length: Duration, hands: usize) -> Vec<UnboundedReceiver<Due>> {
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..hands).map(|_| unbounded_channel()).unzip();
    let start = Instant::now() + Duration::from_millis(50);
    std::thread::spawn(move || {
        let total = (rate * length.as_secs_f64()) as u64;
        for (index, sender) in (0..total).zip(senders.iter().cycle()) {
            let at = start + Duration::from_secs_f64(index as f64 / rate);
            std::thread::sleep(at.saturating_duration_since(Instant::now()));
            if sender.send(Due { index, at }).is_err() {
                return;
            }
        }
    });
    receivers
}

/// When each thing began, by its index; read by whoever sees it arrive.
#[derive(Debug, Clone)]
pub(crate) struct Stamps {
    epoch: Instant,
    at: Arc<[AtomicU64]>,
}

impl Stamps {
    /// For so many things.
    pub(crate) fn for_at_most(count: usize) -> Self {
        let epoch = Instant::now().checked_sub(Duration::from_secs(1)).unwrap_or_else(Instant::now);
        Self { epoch, at: (0..count).map(|_| AtomicU64::new(0)).collect() }
    }

    /// Notes when one began.
    pub(crate) fn begin(&self, index: u64, at: Instant) {
        let nanos = u64::try_from(at.saturating_duration_since(self.epoch).as_nanos()).unwrap_or_default();
        if let Some(slot) = self.slot(index) {
            slot.store(nanos, Ordering::Release);
        }
    }

    /// How long it took until `at`; nothing for what is not measured.
    pub(crate) fn until(&self, index: u64, at: Instant) -> Option<Duration> {
        let nanos = self.slot(index)?.load(Ordering::Acquire);
        let began = self.epoch + Duration::from_nanos(nanos);
        (nanos > 0).then(|| at.saturating_duration_since(began))
    }

    fn slot(&self, index: u64) -> Option<&AtomicU64> {
        self.at.get(usize::try_from(index).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_count_from_the_beginning() {
        let stamps = Stamps::for_at_most(2);
        let now = Instant::now();
        stamps.begin(1, now);
        assert_eq!(stamps.until(1, now + Duration::from_millis(3)), Some(Duration::from_millis(3)));
        assert_eq!((stamps.until(0, now), stamps.until(9, now)), (None, None));
    }

    #[tokio::test]
    async fn things_are_due_in_turn() {
        let mut hands = paced(1_000.0, Duration::from_millis(10), 2);
        let mut found = Vec::new();
        for _ in 0..5 {
            found.push(hands[1].recv().await.unwrap().index);
        }
        assert_eq!(found, [1, 3, 5, 7, 9]);
        assert!(hands[1].recv().await.is_none());
    }
}
