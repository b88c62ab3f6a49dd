//! The rule of a rate limit, for times in µs on any clock. `limits.lua` is the same in Redis.

use std::time::Duration;

use super::{Quota, Verdict};

/// What became of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spent {
    pub(super) allowed: bool,
    pub(super) remaining: u32,
    /// µs.
    pub(super) reset_after: u64,
    /// µs; 0 when allowed.
    pub(super) retry_after: u64,
}

impl Spent {
    pub(super) fn verdict(self, quota: &Quota) -> Verdict {
        Verdict {
            allowed: self.allowed,
            limit: burst(quota),
            remaining: self.remaining,
            reset_after: Duration::from_micros(self.reset_after),
            retry_after: (!self.allowed).then(|| Duration::from_micros(self.retry_after)),
        }
    }
}

/// How many may be spent at once.
pub(super) fn burst(quota: &Quota) -> u32 {
    quota.burst.max(1)
}

/// The µs in which one comes back.
pub(super) fn interval(quota: &Quota) -> u64 {
    u64::try_from(quota.per.as_micros()).unwrap_or(u64::MAX).checked_div(burst(quota).into()).unwrap_or(1).max(1)
}

/// Spends one at `now`, when everything spent before is back at `full_at`. Gives the new such time and the outcome.
pub(super) fn spend(full_at: u64, now: u64, quota: &Quota) -> (u64, Spent) {
    let interval = interval(quota);
    let window = interval.saturating_mul(burst(quota).into());
    let full_at = full_at.max(now).min(now.saturating_add(window));
    let after = full_at.saturating_add(interval);
    let wait = after.saturating_sub(now.saturating_add(window));
    if wait > 0 {
        let refused = Spent { allowed: false, remaining: 0, reset_after: full_at - now, retry_after: wait };
        return (full_at, refused);
    }
    let left = now.saturating_add(window).saturating_sub(after).checked_div(interval).unwrap_or_default();
    let remaining = u32::try_from(left).unwrap_or(u32::MAX);
    (after, Spent { allowed: true, remaining, reset_after: after - now, retry_after: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Quota = Quota { name: "test", per: Duration::from_secs(10), burst: 5 };

    #[test]
    fn a_burst_then_one_by_one() {
        let (mut full_at, now) = (0, 1_000_000_000);
        for left in (0..5).rev() {
            let (next, spent) = spend(full_at, now, &QUOTA);
            assert!(spent.allowed);
            assert_eq!(spent.remaining, left);
            full_at = next;
        }
        let (same, spent) = spend(full_at, now, &QUOTA);
        assert_eq!((spent.allowed, spent.retry_after, spent.reset_after), (false, 2_000_000, 10_000_000));
        assert_eq!(same, full_at);
        assert!(!spend(full_at, now + 1_999_999, &QUOTA).1.allowed);
        assert!(spend(full_at, now + 2_000_000, &QUOTA).1.allowed);
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out_for_longer_than_a_window() {
        let (_, spent) = spend(u64::MAX / 2, 1_000, &QUOTA);
        assert!(!spent.allowed);
        assert_eq!(spent.retry_after, 2_000_000);
    }

    #[test]
    fn odd_quotas_still_limit() {
        let quota = Quota { name: "test", per: Duration::ZERO, burst: 0 };
        assert_eq!((interval(&quota), burst(&quota)), (1, 1));
        assert!(spend(0, 1_000, &quota).1.allowed);
    }
}
