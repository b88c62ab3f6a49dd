//! Whether a process can be given work: what `/readyz` answers.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;

/// How long a check may take.
const CHECKED_WITHIN: Duration = Duration::from_secs(2);
/// How long its answer stands, so that probes cannot load the database.
const STANDS_FOR: Duration = Duration::from_secs(1);

type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// Whether this process is ready. Clones are the same.
///
/// A process starts out not ready, becomes it through [`Readiness::set_check`], and stops being it for good when
/// it drains.
#[derive(Clone)]
pub struct Readiness(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    /// Held while a check runs: those who ask meanwhile get the same answer.
    last: tokio::sync::Mutex<Option<(Instant, Result<(), String>)>>,
}

#[derive(Default)]
struct State {
    check: Option<Check>,
    reason: Option<String>,
    draining: bool,
}

impl Readiness {
    pub(crate) fn new() -> Self {
        let state = State { reason: Some("starting".to_owned()), ..State::default() };
        Self(Arc::new(Inner { state: Mutex::new(state), last: tokio::sync::Mutex::default() }))
    }

    /// The process has started and is ready whenever `check` says so (Postgres answers, its migrations are known).
    /// The check is given 2 s; its answer stands for 1 s. An error is the reason, in words.
    pub fn set_check<F, Fut>(&self, check: F)
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.change(|state| {
            state.check = Some(Arc::new(move || Box::pin(check())));
            state.reason = None;
        });
    }

    /// Not ready, whatever the check says, until [`Readiness::ready`].
    pub fn not_ready(&self, reason: impl Into<String>) {
        self.change(|state| state.reason = Some(reason.into()));
    }

    /// Takes back [`Readiness::not_ready`]. A service without a check calls it when it has started.
    pub fn ready(&self) {
        self.change(|state| state.reason = None);
    }

    /// Not ready any more: the process is about to end.
    pub(crate) fn drain(&self) {
        self.change(|state| state.draining = true);
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether the process is ready now.
    ///
    /// # Errors
    /// The reason why not, in words.
    pub async fn state(&self) -> Result<(), String> {
        let check = {
            let state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
            if state.draining {
                return Err("draining".to_owned());
            }
            if let Some(reason) = &state.reason {
                return Err(reason.clone());
            }
            state.check.clone()
        };
        match check {
            Some(check) => self.checked(&check).await,
            None => Ok(()),
        }
    }

    async fn checked(&self, check: &Check) -> Result<(), String> {
        let mut last = self.0.last.lock().await;
        if let Some((at, answer)) = &*last
            && at.elapsed() < STANDS_FOR
        {
            return answer.clone();
        }
        let late = || Err(format!("no answer within {CHECKED_WITHIN:?}"));
        let answer = tokio::time::timeout(CHECKED_WITHIN, check()).await.unwrap_or_else(|_| late());
        *last = Some((Instant::now(), answer.clone()));
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn starts_checks_and_drains() {
        let readiness = Readiness::new();
        assert_eq!(readiness.state().await, Err("starting".to_owned()));
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        readiness.set_check(move || {
            counter.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        });
        let answers = futures::future::join_all((0..50).map(|_| readiness.state())).await;
        assert!(answers.iter().all(Result::is_ok));
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        readiness.not_ready("warming");
        assert_eq!(readiness.state().await, Err("warming".to_owned()));
        readiness.ready();
        assert_eq!(readiness.state().await, Ok(()));
        readiness.drain();
        readiness.ready();
        assert_eq!(readiness.state().await, Err("draining".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_check_that_hangs_is_no() {
        let readiness = Readiness::new();
        readiness.set_check(std::future::pending);
        assert!(readiness.state().await.is_err());
    }
}
