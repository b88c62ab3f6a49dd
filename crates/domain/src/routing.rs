//! Who gets a waiting ticket, and why not the others.
//!
//! [`assign`] takes all it needs as values, so that a stored decision can be replayed and gives the
//! same answer.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};

use crate::availability::{Availability, Presence};
use crate::id::UserId;
use crate::text_enum::text_enum;
use crate::ticket::Channel;

/// Most tickets one tick takes from a queue, so that its locks are short.
pub const BATCH: i64 = 50;

text_enum! {
    /// How a team chooses among its eligible people.
    Policy {
        /// Most units free.
        MostFree = "most_free",
        /// Fewest units in use.
        FewestOpen = "fewest_open",
        /// Longest since their last assignment.
        LongestIdle = "longest_idle",
    }
}

text_enum! {
    /// Who of a team receives work.
    Receives {
        /// Members whose role in the team is leader.
        Leaders = "leaders",
        /// Every member.
        All = "all",
    }
}

text_enum! {
    /// A person's role in a team.
    MemberRole {
        /// Receives the team's conversations.
        Leader = "leader",
        /// Helps.
        Member = "member",
    }
}

text_enum! {
    /// What made a decision be taken.
    Trigger {
        /// The assigner found it waiting.
        Queue = "queue",
        /// A person gave it to someone.
        Manual = "manual",
        /// A person took it.
        Claim = "claim",
        /// Its promise broke, and a supervisor got it.
        Escalation = "escalation",
        /// Its assignee was gone, and it went back to the queue.
        Absence = "absence",
    }
}

text_enum! {
    /// Why a person could or could not be given a ticket.
    Reason {
        /// They could.
        Eligible = "eligible",
        /// They are a member who does not receive.
        NotReceiving = "not_receiving",
        /// Their account is disabled.
        Disabled = "disabled",
        /// They chose `busy`.
        Busy = "busy",
        /// They chose `away`.
        Away = "away",
        /// They chose `offline`.
        Offline = "offline",
        /// They chose `online` but have had no connection for longer than the grace.
        NotConnected = "not_connected",
        /// Their units are in use.
        NoUnitsFree = "no_units_free",
    }
}

/// Units of capacity that a ticket of a channel takes.
pub const fn units_of(channel: Channel) -> i32 {
    match channel {
        Channel::Portal | Channel::Widget | Channel::Email | Channel::Api | Channel::Manual => 1,
    }
}

/// A member of the team as the decision sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub user: UserId,
    /// Their role in the team.
    pub member_role: MemberRole,
    /// Whether their account is disabled.
    pub disabled: bool,
    /// Whether they are here.
    pub presence: Presence,
    /// Units in use.
    pub units_used: i32,
    /// Units they may carry.
    pub units_limit: i32,
    /// When they were last given a ticket.
    pub last_assigned_at: Option<Timestamp>,
}

impl Candidate {
    /// Units they could still take; never negative, though a hand assignment may exceed the limit.
    pub fn units_free(&self) -> i32 {
        (self.units_limit - self.units_used).max(0)
    }

    /// Whether they are at work for a team: they receive its tickets and are available, units free or not.
    pub fn serves(&self, receives: Receives, now: Timestamp) -> bool {
        let receives = receives == Receives::All || self.member_role == MemberRole::Leader;
        receives && !self.disabled && self.presence.is_available(now)
    }

    fn reason(&self, receives: Receives, units: i32, now: Timestamp) -> Reason {
        if self.disabled {
            return Reason::Disabled;
        }
        if receives == Receives::Leaders && self.member_role != MemberRole::Leader {
            return Reason::NotReceiving;
        }
        match self.presence.chosen {
            Availability::Busy => Reason::Busy,
            Availability::Away => Reason::Away,
            Availability::Offline => Reason::Offline,
            Availability::Online if !self.presence.is_available(now) => Reason::NotConnected,
            Availability::Online if self.units_free() < units => Reason::NoUnitsFree,
            Availability::Online => Reason::Eligible,
        }
    }
}

/// What a decision says of one person.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Verdict {
    /// Who.
    pub user_id: UserId,
    /// Whether they could be given the ticket.
    pub eligible: bool,
    /// Why, or why not.
    pub reason: Reason,
    /// Units they had free.
    pub units_free: i32,
    /// Their place among the eligible, 1 first.
    pub rank: Option<u32>,
}

/// Who gets the ticket, and everybody's verdict: the eligible by rank, then the others by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The first by rank; `None` when nobody could.
    pub chosen: Option<UserId>,
    /// One verdict for each candidate.
    pub candidates: Vec<Verdict>,
}

/// A team's rule as one decision uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// How to choose.
    pub policy: Policy,
    /// Among whom.
    pub receives: Receives,
}

/// Ranks the candidates for a ticket of `units`.
///
/// The policy's measure first; equals by longest since their last assignment (never first), then by
/// id, so that the order is total and a replay gives the same answer.
pub fn rank(rule: Rule, candidates: &[Candidate], units: i32, now: Timestamp) -> Decision {
    let mut eligible = Vec::new();
    let mut others = Vec::new();
    for candidate in candidates {
        let reason = candidate.reason(rule.receives, units, now);
        let list = if reason == Reason::Eligible { &mut eligible } else { &mut others };
        list.push((candidate, reason));
    }
    eligible.sort_by_key(|(c, _)| {
        let measure = match rule.policy {
            Policy::MostFree => Reverse(c.units_free()),
            Policy::FewestOpen => Reverse(-c.units_used),
            Policy::LongestIdle => Reverse(0),
        };
        (measure, c.last_assigned_at, c.user)
    });
    others.sort_by_key(|(c, _)| c.user);
    let chosen = eligible.first().map(|(c, _)| c.user);
    let verdict = |(c, reason): &(&Candidate, Reason), rank: Option<u32>| Verdict {
        user_id: c.user,
        eligible: rank.is_some(),
        reason: *reason,
        units_free: c.units_free(),
        rank,
    };
    let ranked = eligible.iter().zip(1u32..).map(|(entry, rank)| verdict(entry, Some(rank)));
    let unranked = others.iter().map(|entry| verdict(entry, None));
    Decision { chosen, candidates: ranked.chain(unranked).collect() }
}

/// Decides a batch of waiting tickets in queue order; each decision takes from the capacity that
/// the next one sees. `units` holds what each ticket takes. Ends with the batch or, since the order
/// must hold, before the first ticket that nobody can take.
pub fn assign(rule: Rule, mut candidates: Vec<Candidate>, units: &[i32], now: Timestamp) -> Vec<Decision> {
    let mut decisions = Vec::with_capacity(units.len());
    for units in units {
        let decision = rank(rule, &candidates, *units, now);
        let Some(chosen) = decision.chosen else { break };
        if let Some(candidate) = candidates.iter_mut().find(|c| c.user == chosen) {
            candidate.units_used += units;
            candidate.last_assigned_at = Some(now);
        }
        decisions.push(decision);
    }
    decisions
}

/// How far back assignments tell how fast a queue moves.
pub const PACE_WINDOW: SignedDuration = SignedDuration::from_hours(1);
/// Most assignments that are looked at for it.
pub const PACE_MOST: i64 = 50;
/// Fewer assignments tell nothing.
const PACE_FEWEST: i64 = 3;
/// A forecast is told in steps of so many seconds: it is not known better.
const FORECAST_STEP: i64 = 10;

/// What a forecast for a queue is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// How many assignments the team had lately: at most [`PACE_MOST`], within [`PACE_WINDOW`].
    pub assignments: i64,
    /// When the first of them was.
    pub first: Option<Timestamp>,
    /// Whether anybody is at work for the team ([`Candidate::serves`]).
    pub served: bool,
}

impl Outlook {
    /// The seconds after which the ticket at `position` (1: the next) is likely to be assigned.
    ///
    /// `position × (now − first) / assignments`, rounded up to ten seconds: the mean interval between the team's
    /// recent assignments, the interval that runs now included, for each ticket up to and including this one. `None`
    /// when there were fewer than three, or nobody is at work.
    pub fn expected_wait_seconds(&self, position: i64, now: Timestamp) -> Option<i64> {
        let first = self.first.filter(|_| self.served && self.assignments >= PACE_FEWEST)?;
        let millis = now.duration_since(first).as_millis().max(0) * i128::from(position);
        let step = i128::from(FORECAST_STEP) * 1_000 * i128::from(self.assignments);
        let steps = millis.checked_add(step - 1)?.checked_div(step)?;
        i64::try_from(steps).ok()?.checked_mul(FORECAST_STEP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const RULE: Rule = Rule { policy: Policy::MostFree, receives: Receives::Leaders };

    fn now() -> Timestamp {
        Timestamp::from_second(1_700_000_000).unwrap()
    }

    fn leader(id: u128, used: i32, limit: i32) -> Candidate {
        Candidate {
            user: UserId(Uuid::from_u128(id)),
            member_role: MemberRole::Leader,
            disabled: false,
            presence: Presence { chosen: Availability::Online, chosen_at: Some(now()), connected_until: Some(now()) },
            units_used: used,
            units_limit: limit,
            last_assigned_at: None,
        }
    }

    fn chosen(rule: Rule, candidates: &[Candidate]) -> Option<u128> {
        rank(rule, candidates, 1, now()).chosen.map(|u| u.0.as_u128())
    }

    #[test]
    fn most_free_wins_then_longest_idle_then_id() {
        assert_eq!(chosen(RULE, &[leader(1, 2, 5), leader(2, 1, 5)]), Some(2));
        let mut recent = leader(1, 1, 5);
        recent.last_assigned_at = Some(now());
        let mut earlier = leader(2, 1, 5);
        earlier.last_assigned_at = Some(now() - jiff::SignedDuration::from_secs(5));
        assert_eq!(chosen(RULE, &[recent.clone(), earlier.clone()]), Some(2));
        assert_eq!(chosen(RULE, &[recent, earlier, leader(3, 1, 5)]), Some(3), "never assigned comes first");
        assert_eq!(chosen(RULE, &[leader(2, 1, 5), leader(1, 1, 5)]), Some(1));
    }

    #[test]
    fn other_policies() {
        let fewest = Rule { policy: Policy::FewestOpen, ..RULE };
        assert_eq!(chosen(fewest, &[leader(1, 2, 50), leader(2, 1, 3)]), Some(2));
        let idle = Rule { policy: Policy::LongestIdle, ..RULE };
        let mut recent = leader(1, 0, 50);
        recent.last_assigned_at = Some(now());
        assert_eq!(chosen(idle, &[recent, leader(2, 4, 5)]), Some(2));
    }

    #[test]
    fn everybody_hears_why() {
        let mut people: Vec<_> = (1..=8).map(|id| leader(id, 0, 5)).collect();
        people[0].disabled = true;
        people[1].member_role = MemberRole::Member;
        people[2].presence.chosen = Availability::Busy;
        people[3].presence.chosen = Availability::Away;
        people[4].presence.chosen = Availability::Offline;
        people[5].presence = Presence { chosen: Availability::Online, chosen_at: None, connected_until: None };
        people[6].units_used = 5;
        let decision = rank(RULE, &people, 1, now());
        let reasons: Vec<_> = decision.candidates.iter().map(|v| (v.user_id.0.as_u128(), v.reason)).collect();
        assert_eq!(
            reasons,
            [
                (8, Reason::Eligible),
                (1, Reason::Disabled),
                (2, Reason::NotReceiving),
                (3, Reason::Busy),
                (4, Reason::Away),
                (5, Reason::Offline),
                (6, Reason::NotConnected),
                (7, Reason::NoUnitsFree),
            ]
        );
        assert_eq!(rank(Rule { receives: Receives::All, ..RULE }, &people, 1, now()).candidates.len(), 8);
    }

    #[test]
    fn a_batch_stops_where_nobody_is_free() {
        let decisions = assign(RULE, vec![leader(1, 4, 5), leader(2, 3, 5)], &[1, 1, 1, 1, 1], now());
        let order: Vec<_> = decisions.iter().filter_map(|d| d.chosen).map(|u| u.0.as_u128()).collect();
        assert_eq!(order, [2, 1, 2]);
    }

    #[rstest::rstest]
    #[case::one_a_minute(10, Some(600), true, 1, Some(60))]
    #[case::for_each_before_and_itself(10, Some(600), true, 7, Some(420))]
    #[case::rounded_up(3, Some(100), true, 1, Some(40))]
    #[case::a_batch_at_once_is_no_interval_of_nothing(3, Some(30), true, 2, Some(20))]
    #[case::just_now(5, Some(0), true, 3, Some(0))]
    #[case::too_few(2, Some(600), true, 1, None)]
    #[case::none_at_all(0, None, true, 1, None)]
    #[case::nobody_is_at_work(10, Some(600), false, 1, None)]
    #[case::absurdly_far(3, Some(3_600), true, i64::MAX, None)]
    fn forecasts(
        #[case] assignments: i64,
        #[case] first_seconds_ago: Option<i64>,
        #[case] served: bool,
        #[case] position: i64,
        #[case] seconds: Option<i64>,
    ) {
        let first = first_seconds_ago.map(|ago| now() - SignedDuration::from_secs(ago));
        let outlook = Outlook { assignments, first, served };
        assert_eq!(outlook.expected_wait_seconds(position, now()), seconds);
    }

    #[test]
    fn who_serves() {
        let serves = |change: fn(&mut Candidate), receives| {
            let mut person = leader(1, 5, 5);
            change(&mut person);
            person.serves(receives, now())
        };
        assert!(serves(|_| {}, Receives::Leaders), "units are another question");
        assert!(!serves(|person| person.member_role = MemberRole::Member, Receives::Leaders));
        assert!(serves(|person| person.member_role = MemberRole::Member, Receives::All));
        assert!(!serves(|person| person.disabled = true, Receives::All));
        assert!(!serves(|person| person.presence.chosen = Availability::Busy, Receives::All));
    }

    proptest! {
        #[test]
        fn never_beyond_the_limit_and_always_while_somebody_is_free(
            people in proptest::collection::vec((0i32..6, 0i32..6), 0..8),
            tickets in 0usize..40,
        ) {
            let candidates: Vec<_> =
                people.iter().zip(1u128..).map(|((used, limit), id)| leader(id, *used, *limit)).collect();
            let free: i32 = candidates.iter().map(Candidate::units_free).sum();
            let decisions = assign(RULE, candidates.clone(), &vec![1; tickets], now());
            prop_assert_eq!(decisions.len(), tickets.min(free as usize));
            for candidate in &candidates {
                let given = decisions.iter().filter(|d| d.chosen == Some(candidate.user)).count() as i32;
                prop_assert!(given <= candidate.units_free());
            }
        }

        #[test]
        fn the_order_of_the_candidates_does_not_matter(
            people in proptest::collection::vec((0i32..6, 0i32..6), 0..8),
        ) {
            let candidates: Vec<_> =
                people.iter().zip(1u128..).map(|((used, limit), id)| leader(id, *used, *limit)).collect();
            let mut reversed = candidates.clone();
            reversed.reverse();
            prop_assert_eq!(rank(RULE, &candidates, 1, now()), rank(RULE, &reversed, 1, now()));
        }
    }
}
