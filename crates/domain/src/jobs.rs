//! Jobs: how often they are tried, when again, and when no more.

use jiff::{SignedDuration, Timestamp};

use crate::id::JobId;
use crate::text_enum::text_enum;

text_enum! {
    /// How a job stands.
    JobState {
        /// Waits for its time.
        Ready = "ready",
        /// A worker is at it, under a lease.
        Running = "running",
        /// It has had its effect.
        Done = "done",
        /// It will not be tried again unless somebody asks for it.
        Dead = "dead",
    }
}

text_enum! {
    /// What a job does.
    JobKind {
        /// Writes to a member of staff.
        Mail = "mail",
    }
}

impl JobKind {
    /// How often it is tried at most. Mail: for about five hours, longer than most servers are away.
    pub const fn max_attempts(self) -> i32 {
        match self {
            Self::Mail => 16,
        }
    }
}

/// How long a claim holds without being renewed. A dead worker's jobs are free after it.
pub const LEASE: SignedDuration = SignedDuration::from_secs(10);

/// The pause after the first failed attempt; it doubles with each further one.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(2);
/// The longest pause, but for the spread.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// Why an attempt had no effect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It may go well another time.
    #[error("{0}")]
    Passing(String),
    /// It will not, however often it is tried.
    #[error("{0}")]
    Lasting(String),
}

/// What becomes of a job whose attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It is tried again then.
    Again(Timestamp),
    /// It is not.
    Dead,
}

/// What becomes of job `id` when its attempt number `attempts` of `max_attempts` has failed by `fault` at `now`.
///
/// The pause doubles from 2 s up to an hour, and each job adds up to a quarter of its own: what failed together,
/// because a server was away, does not come back together.
pub fn after(fault: &Fault, id: JobId, attempts: i32, max_attempts: i32, now: Timestamp) -> Next {
    if matches!(fault, Fault::Lasting(_)) || attempts >= max_attempts {
        return Next::Dead;
    }
    let doublings = attempts.saturating_sub(1).clamp(0, 16);
    let pause = (FIRST_PAUSE * (1 << doublings)).min(LONGEST_PAUSE);
    // The end of a UUIDv7 is random.
    let [.., share] = id.0.into_bytes();
    let spread = pause / 4 * i32::from(share) / 256;
    Next::Again(now + pause + spread)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(n: u128) -> JobId {
        JobId(uuid::Uuid::from_u128(n))
    }

    fn pause(attempts: i32, n: u128) -> SignedDuration {
        let fault = Fault::Passing("away".to_owned());
        match after(&fault, id(n), attempts, 100, Timestamp::UNIX_EPOCH) {
            Next::Again(at) => at.duration_since(Timestamp::UNIX_EPOCH),
            Next::Dead => panic!("dead at attempt {attempts}"),
        }
    }

    #[rstest::rstest]
    #[case(1, 2)]
    #[case(2, 4)]
    #[case(6, 64)]
    #[case(11, 2048)]
    #[case(12, 3600)]
    #[case(99, 3600)]
    fn pauses_double_up_to_an_hour(#[case] attempts: i32, #[case] secs: i64) {
        assert_eq!(pause(attempts, 0), SignedDuration::from_secs(secs));
    }

    #[test]
    fn the_last_attempt_is_the_last() {
        let passing = Fault::Passing("away".to_owned());
        assert!(matches!(after(&passing, id(0), 15, 16, Timestamp::UNIX_EPOCH), Next::Again(_)));
        assert_eq!(after(&passing, id(0), 16, 16, Timestamp::UNIX_EPOCH), Next::Dead);
        assert_eq!(after(&Fault::Lasting("no".to_owned()), id(0), 1, 16, Timestamp::UNIX_EPOCH), Next::Dead);
    }

    proptest! {
        #[test]
        fn a_pause_is_spread_by_less_than_a_quarter(attempts in 1..200i32, n: u128) {
            let (own, least) = (pause(attempts.min(99), n), pause(attempts.min(99), 0));
            prop_assert!(own >= least && own < least + least / 4);
        }
    }
}
