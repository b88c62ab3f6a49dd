//! A rate limit of one socket, without Redis: a socket is only ever here.

use std::time::{Duration, Instant};

/// Allows `burst` at once, one more every `every`.
#[derive(Debug)]
pub(crate) struct Bucket {
    every: Duration,
    burst: u32,
    /// When all that was taken is back.
    full_at: Option<Instant>,
}

impl Bucket {
    pub(crate) const fn new(every: Duration, burst: u32) -> Self {
        Self { every, burst, full_at: None }
    }

    /// Takes one, or says how long until there is one.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let after = self.full_at.map_or(now, |at| at.max(now)) + self.every;
        let owed = after.duration_since(now);
        let most = self.every.saturating_mul(self.burst);
        if owed > most {
            return Err(owed - most);
        }
        self.full_at = Some(after);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_one_by_one() {
        let every = Duration::from_millis(20);
        let mut bucket = Bucket::new(every, 5);
        let start = Instant::now();
        for _ in 0..5 {
            assert_eq!(bucket.take(start), Ok(()));
        }
        assert_eq!(bucket.take(start), Err(every));
        assert_eq!(bucket.take(start + every), Ok(()));
        assert!(bucket.take(start + every).is_err());
        for _ in 0..5 {
            assert_eq!(bucket.take(start + every * 100), Ok(()));
        }
        assert!(bucket.take(start + every * 100).is_err());
    }
}
