use super::*;
use crate::availability::{Availability, Presence};
use crate::id::{ClockId, PolicyId, TeamId, UserId};
use crate::routing::{Candidate, MemberRole};
use crate::ticket::{Channel, NewTicket, Priority};
use crate::user::Tier;
use jiff::SignedDuration;
use proptest::prelude::*;
use uuid::Uuid;

const HOUR: i64 = 3_600;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn timing(seconds: i64, lead: Option<i64>) -> Timing {
    Timing {
        policy_id: PolicyId(Uuid::from_u128(1)),
        policy_version: 1,
        policy_name: "Normal".into(),
        target_ms: seconds * 1_000,
        warn_lead_ms: lead.map(|lead| lead * 1_000),
    }
}

/// An hour, warning a quarter before its end.
fn clock() -> Clock {
    Clock::start(ClockId(Uuid::from_u128(1)), Metric::Resolution, timing(HOUR, Some(HOUR / 4)), at(0))
}

fn target(metric: Metric, priority: Option<Priority>, seconds: i64) -> Target {
    Target { metric, priority, tier: None, seconds }
}

fn policy(n: u128, tiers: &[Tier], targets: Vec<Target>) -> Policy {
    let rule = PolicyRule {
        tiers: tiers.to_vec(),
        priorities: Vec::new(),
        targets,
        warn_percent: Some(75),
        escalation: Vec::new(),
    };
    Policy { id: PolicyId(Uuid::from_u128(n)), version: 3, name: format!("P{n}"), position: 0, rule }
}

fn policies() -> Vec<Policy> {
    use Metric::{FirstResponse, Resolution};
    vec![
        policy(1, &[Tier::Vip], vec![target(FirstResponse, None, 600), target(Resolution, None, 2 * HOUR)]),
        policy(
            2,
            &[],
            vec![
                target(Resolution, Some(Priority::Urgent), HOUR),
                target(Resolution, None, 24 * HOUR),
                target(FirstResponse, None, HOUR),
            ],
        ),
    ]
}

fn ticket(tier: Tier) -> TicketState {
    TicketState::open(
        NewTicket {
            subject: "Printer".into(),
            priority: Priority::Normal,
            channel: Channel::Portal,
            tier,
            team: TeamId(Uuid::from_u128(1)),
            requester: UserId(Uuid::from_u128(1)),
            tags: vec![],
            custom_fields: serde_json::json!({}),
        },
        at(0),
    )
}

fn follow(
    clocks: &[Clock],
    before: Option<&TicketState>,
    after: &TicketState,
    answered: bool,
    second: i64,
) -> Vec<Clock> {
    let turn = Turn { before, after, answered, now: at(second) };
    let given = if turn.wants_policy(clocks) { policies() } else { Vec::new() };
    let mut id = clocks.len() as u128;
    turn.follow(clocks, &given, || {
        id += 1;
        ClockId(Uuid::from_u128(id))
    })
}

fn states(clocks: &[Clock]) -> Vec<(Metric, ClockState, i64)> {
    let seconds = |clock: &Clock| clock.due_at.duration_since(at(0)).as_secs();
    clocks.iter().map(|clock| (clock.metric, clock.state, seconds(clock))).collect()
}

#[test]
fn warns_once_then_breaks_at_its_due_time() {
    let mut clock = clock();
    assert_eq!(clock.fire_at, Some(at(2_700)));
    assert_eq!(clock.fire(at(2_699)), None, "never early");
    assert_eq!(clock.fire(at(2_702)), Some((Due::Warning, at(2_700))));
    assert_eq!((clock.warned_at, clock.fire_at), (Some(at(2_702)), Some(at(3_600))));
    assert_eq!(clock.fire(at(3_599)), None);
    assert_eq!(clock.fire(at(3_605)), Some((Due::Breach, at(3_600))));
    assert_eq!(
        (clock.state, clock.breached_at, clock.detected_at),
        (ClockState::Breached, Some(at(3_600)), Some(at(3_605)))
    );
    assert_eq!(clock.fire(at(99_999)), None, "once");
}

#[test]
fn a_worker_that_was_away_does_not_warn_of_what_is_past() {
    let mut clock = clock();
    assert_eq!(clock.fire(at(3_600)), Some((Due::Breach, at(2_700))));
    assert_eq!((clock.warned_at, clock.breached_at), (None, Some(at(3_600))));
}

#[rstest::rstest]
#[case::in_time(3_599, ClockState::Met, None)]
#[case::at_the_due_time(3_600, ClockState::Breached, Some(3_600))]
#[case::late(3_700, ClockState::Breached, Some(3_600))]
fn meeting(#[case] second: i64, #[case] state: ClockState, #[case] breached: Option<i64>) {
    let mut met = clock().meet(at(second));
    assert_eq!((met.state, met.met_at, met.breached_at), (state, Some(at(second)), breached.map(at)));
    assert!(!met.is_open());
    let told = met.fire(at(second));
    assert_eq!(told, breached.map(|due| (Due::Breach, at(due))), "a breach is told by the worker, and only by it");
    assert_eq!(met.fire(at(99_999)), None);
}

#[test]
fn what_is_broken_can_still_be_done() {
    let mut broken = clock();
    broken.fire(at(3_600));
    let done = broken.meet(at(4_000));
    assert_eq!((done.state, done.met_at, done.fire_at), (ClockState::Breached, Some(at(4_000)), None));
}

#[test]
fn a_pause_moves_the_due_time_by_its_length() {
    let paused = clock().pause(at(600));
    assert_eq!((paused.state, paused.fire_at, paused.due_at), (ClockState::Paused, None, at(3_600)));
    let again = paused.clone().pause(at(700));
    assert_eq!(again, paused, "it stands already");
    let running = again.resume(at(1_600));
    assert_eq!((running.due_at, running.paused_ms, running.fire_at), (at(4_600), 1_000_000, Some(at(3_700))));
    assert_eq!(running.clone().resume(at(1_700)), running);
    let met = running.pause(at(2_000)).meet(at(9_000));
    assert_eq!((met.state, met.paused_ms), (ClockState::Met, 8_000_000), "nothing breaks while it stands");
}

#[test]
fn an_overdue_clock_is_not_rescued() {
    for rescued in [clock().pause(at(3_600)), clock().retarget(Some(timing(9 * HOUR, None)), at(3_600))] {
        let mut rescued = rescued;
        assert_eq!(rescued, clock());
        assert_eq!(rescued.fire(at(3_601)).map(|(due, _)| due), Some(Due::Breach));
    }
    let gone = clock().cancel(at(3_600));
    assert_eq!((gone.state, gone.breached_at, gone.fire_at), (ClockState::Breached, Some(at(3_600)), None));
}

#[test]
fn another_promise_counts_from_the_same_start() {
    let paused_a_while = clock().pause(at(100)).resume(at(200));
    let shorter = paused_a_while.clone().retarget(Some(timing(HOUR / 2, None)), at(300));
    assert_eq!((shorter.started_at, shorter.due_at, shorter.fire_at), (at(0), at(1_900), Some(at(1_900))));
    let past = paused_a_while.retarget(Some(timing(60, Some(10))), at(300));
    assert_eq!((past.due_at, past.fire_at), (at(160), Some(at(300))), "the timer could not have fired before");
    let while_paused = clock().pause(at(100)).retarget(Some(timing(2 * HOUR, None)), at(200));
    assert_eq!((while_paused.state, while_paused.due_at), (ClockState::Paused, at(2 * HOUR)));
    assert_eq!(while_paused.resume(at(300)).due_at, at(2 * HOUR + 200));
    let nothing = clock().retarget(None, at(10));
    assert_eq!((nothing.state, nothing.fire_at), (ClockState::Cancelled, None));
}

#[test]
fn the_first_policy_that_fits_counts_and_the_first_target() {
    use Metric::{FirstResponse, Resolution};
    let due = |tier, priority, metric| {
        let policies = policies();
        let timing = first_match(&policies, tier, priority)?.timing(metric, tier, priority)?;
        Some((timing.policy_name, timing.target_ms / 1_000))
    };
    assert_eq!(due(Tier::Vip, Priority::Urgent, Resolution), Some(("P1".into(), 2 * HOUR)));
    assert_eq!(due(Tier::Normal, Priority::Urgent, Resolution), Some(("P2".into(), HOUR)));
    assert_eq!(due(Tier::Normal, Priority::Low, Resolution), Some(("P2".into(), 24 * HOUR)));
    assert_eq!(due(Tier::Normal, Priority::Low, FirstResponse), Some(("P2".into(), HOUR)));
    assert_eq!(first_match(&[], Tier::Vip, Priority::Low), None);
}

#[test]
fn the_life_of_a_tickets_clocks() {
    use ClockState::{Met, Paused, Running};
    use Metric::{FirstResponse, Resolution};
    let new = ticket(Tier::Normal);
    let clocks = follow(&[], None, &new, false, 0);
    assert_eq!(states(&clocks), [(FirstResponse, Running, HOUR), (Resolution, Running, 24 * HOUR)]);
    assert_eq!(next_due(&clocks), Some(at(HOUR)));

    let open = new.clone().with_status(Status::Open, at(10)).unwrap();
    let clocks = follow(&clocks, Some(&new), &open, false, 10);
    assert_eq!(clocks[0].state, Running, "a program's message answers nobody");
    let waiting = open.clone().with_status(Status::Waiting, at(100)).unwrap();
    let clocks = follow(&clocks, Some(&open), &waiting, false, 100);
    assert_eq!(states(&clocks), [(FirstResponse, Running, HOUR), (Resolution, Paused, 24 * HOUR)]);
    let clocks = follow(&clocks, Some(&waiting), &waiting, true, 110);
    assert_eq!((clocks[0].state, clocks[0].met_at), (Met, Some(at(110))));
    assert_eq!(next_due(&clocks), None, "a clock that stands presses nobody");

    let on_hold = waiting.clone().with_status(Status::OnHold, at(200)).unwrap();
    let clocks = follow(&clocks, Some(&waiting), &on_hold, false, 200);
    assert_eq!(states(&clocks)[1], (Resolution, Running, 24 * HOUR + 100), "on hold it runs");

    let resolved = on_hold.clone().with_status(Status::Resolved, at(300)).unwrap();
    let clocks = follow(&clocks, Some(&on_hold), &resolved, false, 300);
    assert_eq!(clocks[1].state, Met);

    let reopened = resolved.clone().with_status(Status::Open, at(900)).unwrap();
    let next = follow(&clocks, Some(&resolved), &reopened, false, 900);
    assert_eq!(next[..2], clocks[..], "the earlier keeps its verdict");
    assert_eq!(states(&next)[2..], [(Resolution, Running, 900 + 24 * HOUR)]);

    let urgent = TicketState { priority: Priority::Urgent, ..reopened.clone() };
    let next = follow(&next, Some(&reopened), &urgent, false, 1_000);
    assert_eq!(states(&next)[2], (Resolution, Running, 900 + HOUR));
    let vip = TicketState { tier: Tier::Vip, ..urgent.clone() };
    let next = follow(&next, Some(&urgent), &vip, false, 1_100);
    assert_eq!((states(&next)[2].2, next[2].policy_name.as_str()), (900 + 2 * HOUR, "P1"));

    let gone = vip.clone().deleted(at(1_200));
    let next = follow(&next, Some(&vip), &gone, false, 1_200);
    assert_eq!(next[2].state, ClockState::Cancelled);
    assert!(next.iter().all(|clock| clock.fire_at.is_none()));
}

#[test]
fn resolving_without_a_word_ends_the_first_response_too() {
    let new = ticket(Tier::Vip);
    let clocks = follow(&[], None, &new, false, 0);
    let resolved = new.clone().with_status(Status::Resolved, at(700)).unwrap();
    let clocks = follow(&clocks, Some(&new), &resolved, false, 700);
    let ended: Vec<_> = clocks.iter().map(|clock| (clock.state, clock.met_at)).collect();
    assert_eq!(ended, [(ClockState::Breached, Some(at(700))), (ClockState::Met, Some(at(700)))]);
    assert_eq!(clocks[0].fire_at, Some(at(600)), "the worker still tells of it");
}

#[test]
fn nothing_is_asked_of_policies_by_a_plain_reply() {
    let new = ticket(Tier::Vip);
    let clocks = follow(&[], None, &new, false, 0);
    let turn = Turn { before: Some(&new), after: &new, answered: true, now: at(5) };
    assert!(!turn.wants_policy(&clocks));
}

#[test]
fn checks_name_what_is_wrong() {
    let mut rule = policies().remove(0).rule;
    assert_eq!(check_policy("VIP", &rule), Ok(()));
    rule.targets[1].seconds = 0;
    rule.warn_percent = Some(100);
    rule.escalation = vec![
        Step { metric: Metric::Resolution, action: Action::Notify, whom: vec![] },
        Step { metric: Metric::Resolution, action: Action::Raise, whom: vec![Recipient::Leaders] },
    ];
    let pointers: Vec<_> = check_policy(" ", &rule).unwrap_err().into_iter().map(|v| v.pointer).collect();
    assert_eq!(pointers, ["/name", "/targets/1/seconds", "/warn_percent", "/escalation/0/whom", "/escalation/1/whom"]);
}

fn supervisor(id: u128, used: i32, here: bool, disabled: bool) -> Candidate {
    let chosen = if here { Availability::Online } else { Availability::Offline };
    Candidate {
        user: UserId(Uuid::from_u128(id)),
        member_role: MemberRole::Member,
        disabled,
        presence: Presence { chosen, chosen_at: Some(at(0)), connected_until: None },
        units_used: used,
        units_limit: 5,
        last_assigned_at: None,
    }
}

#[rstest::rstest]
#[case::nobody(vec![], None, None)]
#[case::only_a_disabled_one(vec![supervisor(1, 0, true, true)], None, None)]
#[case::here_before_away(vec![supervisor(1, 0, false, false), supervisor(2, 9, true, false)], None, Some(2))]
#[case::fewest_units(vec![supervisor(1, 2, true, false), supervisor(2, 1, true, false)], None, Some(2))]
#[case::then_the_lowest_id(vec![supervisor(3, 1, true, false), supervisor(2, 1, true, false)], None, Some(2))]
#[case::somebody_away_rather_than_nobody(vec![supervisor(1, 9, false, false)], None, Some(1))]
#[case::a_supervisor_has_it(vec![supervisor(1, 9, true, false), supervisor(2, 0, true, false)], Some(1), None)]
fn who_gets_it(#[case] supervisors: Vec<Candidate>, #[case] holder: Option<u128>, #[case] chosen: Option<u128>) {
    let user = |n: u128| UserId(Uuid::from_u128(n));
    assert_eq!(hand_to(&supervisors, holder.map(user), at(1)), chosen.map(user));
}

#[derive(Debug, Clone, Copy)]
enum Move {
    Pause,
    Resume,
    Retarget(i64),
    Meet,
    Cancel,
    Tick,
}

fn moves() -> impl Strategy<Value = Vec<(i64, Move)>> {
    let one = prop_oneof![
        3 => Just(Move::Pause),
        3 => Just(Move::Resume),
        1 => (1i64..5_000).prop_map(Move::Retarget),
        1 => Just(Move::Meet),
        1 => Just(Move::Cancel),
        6 => Just(Move::Tick),
    ];
    proptest::collection::vec((0i64..900, one), 0..40)
}

proptest! {
    /// Whatever happens, at whatever times: it warns at most once and never early, breaks at most once and exactly
    /// at its due time, a verdict stays, and the time it ran is what was promised.
    #[test]
    fn a_clock_keeps_its_promises(steps in moves()) {
        let mut clock = clock();
        let (mut second, mut ran, mut warnings, mut breaches) = (0, 0, 0, 0);
        for (gap, step) in steps {
            let was = clock.clone();
            second += gap;
            ran += if was.state == ClockState::Running { gap } else { 0 };
            let now = at(second);
            clock = match step {
                Move::Pause => clock.pause(now),
                Move::Resume => clock.resume(now),
                Move::Retarget(seconds) => clock.retarget(Some(timing(seconds, Some(seconds / 4))), now),
                Move::Meet => clock.meet(now),
                Move::Cancel => clock.cancel(now),
                Move::Tick => {
                    match clock.fire(now) {
                        Some((Due::Warning, since)) => {
                            warnings += 1;
                            prop_assert!(since <= now && now < clock.due_at);
                        }
                        Some((Due::Breach, since)) => {
                            breaches += 1;
                            prop_assert!(since <= now && clock.due_at <= now);
                        }
                        None => {}
                    }
                    clock
                }
            };
            let verdict = |clock: &Clock| matches!(clock.state, ClockState::Met | ClockState::Breached | ClockState::Cancelled);
            if verdict(&was) {
                prop_assert_eq!((was.state, was.breached_at, was.due_at), (clock.state, clock.breached_at, clock.due_at));
            }
            if clock.state == ClockState::Breached {
                prop_assert_eq!(clock.breached_at, Some(clock.due_at));
                prop_assert!(clock.detected_at.unwrap() >= clock.due_at);
            }
            if clock.state == ClockState::Running {
                let promised = SignedDuration::from_millis(clock.target_ms);
                let left = clock.due_at.duration_since(now);
                prop_assert_eq!(left, promised - SignedDuration::from_secs(ran));
                prop_assert!(clock.fire_at.is_some(), "a running clock has a timer");
            }
            prop_assert!(clock.state != ClockState::Paused || clock.fire_at.is_none());
            prop_assert!(warnings <= 1 && breaches <= 1);
        }
    }
}
