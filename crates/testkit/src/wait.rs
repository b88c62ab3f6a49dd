//! Waiting for a state, with a bound. Never a bare sleep.

use std::time::{Duration, Instant};

/// Asks `state` again and again until it answers `Some`, at most for `bound`; then the test fails and
/// names `what` it waited for.
pub async fn wait_for<T, Fut>(what: &str, bound: Duration, mut state: impl FnMut() -> Fut) -> T
where
    Fut: Future<Output = Option<T>>,
{
    let started = Instant::now();
    loop {
        if let Some(reached) = state().await {
            return reached;
        }
        if started.elapsed() > bound {
            panic!("waited {bound:?} in vain for {what}");
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
