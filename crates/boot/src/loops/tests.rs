use super::*;

use std::io;
use std::sync::atomic::AtomicUsize;

const NEVER: Duration = Duration::from_secs(3600);

/// A loop under test: counts its ticks and does what `tick` says for each number of tick, from 1 on.
struct Rig {
    wake: Arc<Notify>,
    shutdown: CancellationToken,
    ticks: Arc<AtomicUsize>,
    running: RunningLoop,
}

impl Rig {
    fn start(
        interval: Duration,
        tick: impl Fn(usize) -> Result<Report, io::Error> + Send + Sync + Clone + 'static,
    ) -> Self {
        let spec = LoopSpec { name: "test", interval, jitter: Duration::ZERO };
        let (wake, shutdown, ticks) =
            (Arc::new(Notify::new()), CancellationToken::new(), Arc::new(AtomicUsize::new(0)));
        let counter = Arc::clone(&ticks);
        let running = every(spec, Arc::clone(&wake), shutdown.clone(), move || {
            let (counter, tick) = (Arc::clone(&counter), tick.clone());
            async move { tick(counter.fetch_add(1, Ordering::SeqCst) + 1) }
        });
        Self { wake, shutdown, ticks, running }
    }

    fn ticks(&self) -> usize {
        self.ticks.load(Ordering::SeqCst)
    }

    /// Waits, in the test's own time, until there were `n` ticks and the loop rests.
    async fn ticked(&self, n: usize) {
        for _ in 0..100_000 {
            if self.ticks() >= n {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(self.ticks(), n);
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        assert_eq!(self.ticks(), n, "a tick too many");
    }
}

fn done(processed: u64, more: bool) -> Result<Report, io::Error> {
    Ok(Report { processed, more })
}

#[tokio::test(start_paused = true)]
async fn more_is_fetched_at_once_and_counted() {
    let rig = Rig::start(NEVER, |n| done(10, n < 5));
    rig.ticked(5).await;
    let figures = rig.running.stats().snapshot();
    assert_eq!((figures.processed, figures.errors), (50, 0));
    assert_eq!(figures.interval_ms, 3_600_000);
    assert!(figures.last_tick_at.is_some());
}

#[tokio::test(start_paused = true)]
async fn ticks_by_the_clock() {
    let rig = Rig::start(Duration::from_secs(10), |_| done(0, false));
    let started = tokio::time::Instant::now();
    rig.ticked(4).await;
    assert!(started.elapsed() >= Duration::from_secs(30) && started.elapsed() < Duration::from_secs(31));
}

#[tokio::test(start_paused = true)]
async fn wakes_coalesce() {
    let rig = Rig::start(NEVER, |_| done(0, false));
    rig.ticked(1).await;
    for _ in 0..100 {
        rig.wake.notify_one();
    }
    rig.ticked(2).await;
    rig.wake.notify_one();
    rig.ticked(3).await;
}

#[tokio::test(start_paused = true)]
async fn errors_back_off_up_to_five_seconds_whatever_wakes() {
    let rig = Rig::start(NEVER, |n| if n <= 9 { Err(io::Error::other("down")) } else { done(1, false) });
    let started = tokio::time::Instant::now();
    rig.wake.notify_one();
    rig.ticked(9).await;
    // 0.1 + 0.2 + … + 3.2 + 5 + 5
    let took = started.elapsed();
    assert!(took >= Duration::from_millis(16_300) && took < Duration::from_millis(16_400), "{took:?}");
    assert_eq!(rig.running.stats().snapshot().interval_ms, 5_000);
    // The tenth works, and saw what woke before.
    rig.ticked(10).await;
    let figures = rig.running.stats().snapshot();
    assert_eq!((figures.errors, figures.processed, figures.interval_ms), (9, 1, 3_600_000));
}

#[tokio::test(start_paused = true)]
async fn a_panic_ends_a_tick_not_the_loop() {
    let rig = Rig::start(NEVER, |n| if n == 1 { panic!("oh") } else { done(1, false) });
    rig.ticked(2).await;
    let figures = rig.running.stats().snapshot();
    assert_eq!((figures.errors, figures.processed), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn shutdown_ends_a_rest_and_a_run_of_more() {
    for more in [false, true] {
        let rig = Rig::start(NEVER, move |_| done(1, more));
        while rig.ticks() < 1 {
            tokio::task::yield_now().await;
        }
        rig.shutdown.cancel();
        tokio::time::timeout(Duration::from_secs(1), rig.running.join()).await.expect("ends at once");
    }
}
