//! Rate limits within the process, for while Redis is away.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::Quota;
use super::gcra::{self, Spent};

/// How many subjects are remembered at once (a few hundred bytes each).
const REMEMBERED: usize = 10_000;

/// What was spent in this process.
#[derive(Debug)]
pub(super) struct Local {
    started: Instant,
    /// By quota and subject: when all is back, µs after `started`.
    spent: Mutex<HashMap<(&'static str, String), u64>>,
}

impl Local {
    pub(super) fn new(started: Instant) -> Self {
        Self { started, spent: Mutex::default() }
    }

    pub(super) fn spend(&self, quota: &Quota, subject: &str) -> Spent {
        let now = u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX);
        let key = (quota.name, subject.to_owned());
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.len() >= REMEMBERED && !spent.contains_key(&key) {
            make_room(&mut spent, now);
        }
        let full_at = spent.entry(key).or_default();
        let (next, outcome) = gcra::spend(*full_at, now, quota);
        *full_at = next;
        outcome
    }
}

/// Forgets who has everything back anyway, else everybody: a flood of made-up subjects may cost a fresh burst to
/// each, but neither memory nor a search per request.
fn make_room(spent: &mut HashMap<(&'static str, String), u64>, now: u64) {
    spent.retain(|_, full_at| *full_at > now);
    if spent.len() >= REMEMBERED / 2 {
        spent.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn memory_is_bounded() {
        let local = Local::new(Instant::now());
        let quota = Quota { name: "test", per: Duration::from_secs(3600), burst: 1 };
        for subject in 0..3 * REMEMBERED {
            assert!(local.spend(&quota, &subject.to_string()).allowed);
        }
        assert!(local.spent.lock().unwrap().len() <= REMEMBERED);
        let last = (3 * REMEMBERED - 1).to_string();
        assert!(!local.spend(&quota, &last).allowed);
    }
}
