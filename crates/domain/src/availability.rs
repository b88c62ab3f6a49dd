//! Whether a person may be given work now: what they chose, and whether they are really here.

use jiff::{SignedDuration, Timestamp};

use crate::text_enum::text_enum;

/// How long after the last live connection, or after choosing `online`, a person still counts as
/// here: a reload or a change of network must not send their work away.
pub const GRACE: SignedDuration = SignedDuration::from_secs(60);

text_enum! {
    /// What a person chose; it persists until they choose otherwise.
    Availability {
        /// Takes new work.
        Online = "online",
        /// Keeps what they have, takes nothing new.
        Busy = "busy",
        /// Idle; takes nothing new.
        Away = "away",
        /// Not at work.
        Offline = "offline",
    }
}

/// What is known of a person's presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presence {
    /// What they chose.
    pub chosen: Availability,
    /// When they chose it.
    pub chosen_at: Option<Timestamp>,
    /// The latest moment at which a live connection of theirs was certain: now while one lives, its
    /// end (or its gateway's lease end) after that. `None`: never connected.
    pub connected_until: Option<Timestamp>,
}

impl Presence {
    /// Whether they are here: connected, or within [`GRACE`] of their last connection or choice.
    pub fn is_here(&self, now: Timestamp) -> bool {
        [self.chosen_at, self.connected_until].into_iter().flatten().max().is_some_and(|last| now < last + GRACE)
    }

    /// Whether they may be given work: chose `online` and are here.
    pub fn is_available(&self, now: Timestamp) -> bool {
        self.chosen == Availability::Online && self.is_here(now)
    }

    /// Whether they are gone for good, so that what waits for them must not wait longer: not here,
    /// or `offline` by choice for longer than the grace.
    pub fn is_gone(&self, now: Timestamp) -> bool {
        let left = self.chosen == Availability::Offline && self.chosen_at.is_none_or(|at| now >= at + GRACE);
        left || !self.is_here(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Availability::{Away, Busy, Offline, Online};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000 + second).unwrap()
    }

    #[rstest::rstest]
    #[case::connected(Online, None, Some(100), true, false)]
    #[case::within_grace_of_connection(Online, None, Some(41), true, false)]
    #[case::grace_is_over(Online, None, Some(40), false, true)]
    #[case::just_chose_without_a_socket(Online, Some(41), None, true, false)]
    #[case::never_here(Online, None, None, false, true)]
    #[case::busy_keeps(Busy, Some(0), Some(100), false, false)]
    #[case::away_keeps(Away, Some(0), Some(100), false, false)]
    #[case::away_and_gone(Away, Some(0), Some(10), false, true)]
    #[case::just_went_offline(Offline, Some(41), Some(100), false, false)]
    #[case::offline_though_connected(Offline, Some(40), Some(100), false, true)]
    #[case::offline_since_ever(Offline, None, Some(100), false, true)]
    fn presence(
        #[case] chosen: Availability,
        #[case] chosen_at: Option<i64>,
        #[case] connected_until: Option<i64>,
        #[case] available: bool,
        #[case] gone: bool,
    ) {
        let presence = Presence { chosen, chosen_at: chosen_at.map(at), connected_until: connected_until.map(at) };
        assert_eq!((presence.is_available(at(100)), presence.is_gone(at(100))), (available, gone));
    }
}
