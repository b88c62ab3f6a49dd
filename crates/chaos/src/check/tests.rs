//! Each rule with a history that passes and ones that fail.

use rstest::rstest;
use serde_json::{Value, json};

use super::*;

/// A sound history: a customer opens a ticket in a team with one leader, who is given it, answers and notes; one
/// promise breaks, one letter is sent; the customer's screen was cut once.
fn sound() -> Vec<Value> {
    let mut records = vec![
        json!({"is": "run", "seed": 1, "seconds": 60, "conditions": "by hand"}),
        json!({"is": "person", "id": "cleo", "role": "customer", "team": null, "limit": null, "rooms": ["customer:cleo"]}),
        json!({"is": "person", "id": "ana", "role": "team_leader", "team": "a", "limit": 1,
            "rooms": ["user:ana", "org:o:colleagues", "team:a"]}),
        call(1, "cleo", "open", "k1", None, "one"),
        json!({"is": "answer", "at": 2_000, "n": 1, "outcome": {"done": {"id": "t", "seq": null}}}),
        call(2, "ana", "post", "k2", Some("t"), "two"),
        json!({"is": "answer", "at": 3_000, "n": 2, "outcome": {"unknown": "no answer"}}),
        call(3, "ana", "post", "k2", Some("t"), "two"),
        json!({"is": "answer", "at": 4_000, "n": 3, "outcome": {"done": {"id": "m2", "seq": 2}}}),
        call(4, "ana", "post", "k3", Some("t"), "three"),
        json!({"is": "answer", "at": 5_000, "n": 4, "outcome": {"done": {"id": "m3", "seq": 3}}}),
        call(5, "cleo", "post", "k4", Some("t"), "four"),
        json!({"is": "answer", "at": 6_000, "n": 5, "outcome": {"done": {"id": "m4", "seq": 3}}}),
        line(0, "cleo", "fresh", 0),
        heard(0, 1, "e1", None),
        heard(0, 2, "e2", Some(1)),
        line(0, "cleo", "lost", 2),
        heard(0, 3, "e3", None),
        heard(0, 4, "e4", Some(2)),
        line(0, "cleo", "resumed", 5),
        heard(0, 6, "e6", Some(3)),
        line(0, "cleo", "last", 7),
        line(1, "ana", "fresh", 4),
        heard(1, 5, "e5", Some(3)),
        heard(1, 6, "e6", Some(4)),
        heard(1, 7, "e7", None),
        line(1, "ana", "last", 7),
        json!({"is": "fault", "at": 100, "until": 200, "what": "service", "whom": "api-0"}),
        json!({"is": "settled", "at": 9_000_000, "head": 8, "outbox": 0, "open": null}),
        message("m1", "cleo", (1, 1), "reply", "one", None),
        message("m2", "ana", (2, 2), "reply", "two", Some("k2")),
        message("m3", "ana", (3, 2), "note", "three", Some("k3")),
        message("m4", "cleo", (4, 3), "reply", "four", Some("k4")),
        json!({"is": "conversation", "id": "t", "last_seq": 4, "last_public_seq": 3}),
    ];
    let public = &["team:a", "customer:cleo"][..];
    records.extend([
        event(1, "ticket:created", "cleo", public, &ticket(None, "waiting")),
        event(2, "message:created", "cleo", public, &json!({"message": "m1"})),
        event(3, "ticket:assigned", "routing", public, &ticket(Some("ana"), "assigned")),
        event(4, "message:created", "ana", public, &json!({"message": "m2"})),
        event(5, "message:created", "ana", &["team:a"], &json!({"message": "m3"})),
        event(6, "message:created", "cleo", public, &json!({"message": "m4"})),
        event(7, "sla:breached", "sla", &["team:a"], &json!({"clock": "c", "due_at": 7_000})),
        json!({"is": "canary", "position": 8}),
        json!({"is": "staff", "id": "ana", "used": 1}),
        json!({"is": "decision", "id": "d", "ticket": "t", "trigger": "queue", "chosen": "ana", "units_free": 1}),
        json!({"is": "clock", "id": "c", "state": "breached", "due_at": 7_000, "warned_at": null}),
        json!({"is": "job", "id": "j", "key": "mail:n", "state": "done", "attempts": 1}),
        json!({"is": "job_end", "id": "j", "was": "running"}),
        json!({"is": "letter", "message_id": "j@baton.example"}),
    ]);
    records
}

fn call(n: u64, who: &str, what: &str, key: &str, ticket: Option<&str>, text: &str) -> Value {
    json!({"is": "call", "at": n * 1_000, "n": n, "who": who, "what": what, "key": key, "ticket": ticket, "text": text,
        "repeat": 0})
}

fn line(screen: u64, who: &str, line: &str, position: i64) -> Value {
    json!({"is": "screen", "at": 0, "screen": screen, "who": who, "line": line, "position": position})
}

fn heard(screen: u64, position: i64, id: &str, seq: Option<i64>) -> Value {
    json!({"is": "heard", "at": 0, "screen": screen, "position": position, "id": id, "seq": seq, "late": false})
}

fn message(id: &str, author: &str, seqs: (i64, i64), kind: &str, body: &str, client_id: Option<&str>) -> Value {
    json!({"is": "message", "id": id, "conversation": "t", "seq": seqs.0, "public_seq": seqs.1, "kind": kind,
        "body": body, "author": author, "client_id": client_id})
}

/// An event a millisecond after the one before it.
fn event(position: i64, kind: &str, by: &str, rooms: &[&str], more: &Value) -> Value {
    let mut event = json!({"is": "event", "id": format!("e{position}"), "position": position, "kind": kind,
        "at": position * 1_000, "rooms": rooms, "by": by, "conversation": "t", "message": null, "ticket": null,
        "clock": null, "due_at": null});
    merge(&mut event, more);
    event
}

fn ticket(assignee: Option<&str>, queue: &str) -> Value {
    json!({"ticket": {"assignee": assignee, "queue": queue, "team": "a", "subject": "s"}})
}

fn merge(into: &mut Value, more: &Value) {
    for (name, value) in more.as_object().unwrap() {
        into[name] = value.clone();
    }
}

fn broken(records: Vec<Value>) -> Vec<&'static str> {
    let records = records.into_iter().map(|record| serde_json::from_value(record).unwrap());
    check(&History::of(records.collect())).into_iter().map(|finding| finding.rule).collect()
}

/// The records that have all of `is`.
fn fits(record: &Value, is: &Value) -> bool {
    is.as_object().unwrap().iter().all(|(name, value)| &record[name] == value)
}

#[test]
fn a_sound_history_breaks_no_rule() {
    assert_eq!(broken(sound()), [""; 0]);
}

#[rstest]
#[case::something_has_not_ended("settled", json!({"is": "settled"}), json!({"open": "1 jobs running"}))]
#[case::a_text_was_acknowledged_otherwise("kept", json!({"is": "call", "n": 3}), json!({"text": "2"}))]
#[case::a_seq_was_acknowledged_otherwise("kept", json!({"is": "answer", "n": 5}),
    json!({"outcome": {"done": {"id": "m4", "seq": 4}}}))]
#[case::it_lies_elsewhere("kept", json!({"is": "call", "n": 4}), json!({"ticket": "u"}))]
#[case::an_event_is_not_the_feeds("phantom", json!({"is": "heard", "screen": 1, "position": 5}), json!({"id": "e4"}))]
#[case::nobody_sent_it("phantom", json!({"is": "message", "id": "m4"}), json!({"body": "five"}))]
#[case::it_was_refused("phantom", json!({"is": "answer", "n": 5}), json!({"outcome": {"refused": "409"}}))]
#[case::a_name_is_used_twice("doubled", json!({"is": "message", "id": "m3"}), json!({"client_id": "k2"}))]
#[case::a_text_is_there_twice("doubled", json!({"is": "message", "id": "m3"}), json!({"body": "two"}))]
#[case::two_answers_differ("doubled", json!({"is": "answer", "n": 2}), json!({"outcome": {"done": {"id": "m1", "seq": 1}}}))]
#[case::a_gap("dense", json!({"is": "message", "id": "m4"}), json!({"seq": 5}))]
#[case::a_gap_for_customers("dense", json!({"is": "message", "id": "m4"}), json!({"public_seq": 4}))]
#[case::a_note_counts_for_customers("dense", json!({"is": "message", "id": "m3"}), json!({"public_seq": 3}))]
#[case::a_counter_is_ahead("dense", json!({"is": "conversation"}), json!({"last_seq": 5}))]
#[case::an_event_has_no_place("placed", json!({"is": "event", "id": "e7"}), json!({"position": null}))]
#[case::a_hole_in_the_feed("placed", json!({"is": "event", "id": "e7"}), json!({"position": 9}))]
#[case::a_canary_at_an_events_place("placed", json!({"is": "canary"}), json!({"position": 7}))]
#[case::an_event_has_two_places("placed", json!({"is": "event", "id": "e7"}), json!({"id": "e6"}))]
#[case::an_event_waits_for_ever("placed", json!({"is": "settled"}), json!({"outbox": 1}))]
#[case::the_feed_turns_messages("order", json!({"is": "event", "id": "e4"}), json!({"message": "m3"}))]
#[case::a_screen_hears_again("order", json!({"is": "heard", "screen": 1, "position": 6}), json!({"position": 5}))]
#[case::a_screen_skips("order", json!({"is": "heard", "screen": 0, "position": 6}), json!({"seq": 4}))]
#[case::a_screen_stops_early("missed", json!({"is": "screen", "screen": 0, "line": "last"}), json!({"position": 5}))]
#[case::more_was_its_to_hear("missed", json!({"is": "event", "id": "e5"}), json!({"rooms": ["customer:cleo", "team:a"]}))]
#[case::not_its_to_hear("audience", json!({"is": "event", "id": "e4"}), json!({"rooms": ["team:a"]}))]
#[case::it_was_somebodys("assigned_once", json!({"is": "event", "id": "e1"}), ticket(Some("ana"), "assigned"))]
#[case::it_did_not_wait("assigned_once", json!({"is": "event", "id": "e1"}), ticket(None, "none"))]
#[case::it_was_taken_from_somebody("assigned_once", json!({"is": "event", "id": "e1"}), ticket(Some("ben"), "assigned"))]
#[case::no_decision("assigned_once", json!({"is": "decision"}), json!({"ticket": "u"}))]
#[case::beyond_the_limit("within_units", json!({"is": "person", "id": "ana"}), json!({"limit": 0}))]
#[case::decided_without_a_unit("within_units", json!({"is": "decision"}), json!({"units_free": 0}))]
#[case::units_drift("within_units", json!({"is": "staff"}), json!({"used": 2}))]
#[case::it_waited_beside_a_free_unit("idle_slot", json!({"is": "event", "id": "e3"}), json!({"at": 6_000_000}))]
#[case::early("breach_once", json!({"is": "event", "id": "e7"}), json!({"due_at": 7_001}))]
#[case::a_breach_untold("breach_once", json!({"is": "event", "id": "e7"}), json!({"clock": "d"}))]
#[case::a_warning_untold("breach_once", json!({"is": "clock"}), json!({"warned_at": 5_000}))]
#[case::a_breach_of_a_clock_that_was_met("breach_once", json!({"is": "clock"}), json!({"state": "met"}))]
#[case::done_twice("job_once", json!({"is": "job_end"}), json!({"was": "done"}))]
#[case::done_and_not_sent("job_once", json!({"is": "letter"}), json!({"message_id": "i@baton.example"}))]
#[case::dead("job_once", json!({"is": "job"}), json!({"state": "dead"}))]
fn one_thing_wrong_breaks_its_rule(#[case] rule: &str, #[case] of: Value, #[case] wrong: Value) {
    let mut records = sound();
    let record = records.iter_mut().find(|record| fits(record, &of)).expect("a record to change");
    merge(record, &wrong);
    let broken = broken(records);
    assert!(broken.contains(&rule), "{broken:?}");
}

#[rstest]
#[case::cut_short("settled", json!({"is": "settled"}))]
#[case::a_screen_did_not_come_back("settled", json!({"is": "screen", "line": "last"}))]
#[case::an_acknowledged_message_is_lost("kept", json!({"is": "message", "id": "m4"}))]
#[case::an_acknowledged_ticket_is_lost("kept", json!({"is": "message", "id": "m1"}))]
#[case::a_hole_in_a_conversation("dense", json!({"is": "message", "id": "m2"}))]
#[case::a_hole_in_the_feed("placed", json!({"is": "event", "id": "e5"}))]
#[case::missed_after_resume("missed", json!({"is": "heard", "screen": 0, "position": 3}))]
#[case::a_message_is_missed("order", json!({"is": "heard", "screen": 0, "position": 4}))]
#[case::unsent("job_once", json!({"is": "letter"}))]
#[case::never_ended("job_once", json!({"is": "job_end"}))]
fn one_thing_missing_breaks_its_rule(#[case] rule: &str, #[case] missing: Value) {
    let mut records = sound();
    let at = records.iter().position(|record| fits(record, &missing)).expect("a record to take away");
    records.remove(at);
    let broken = broken(records);
    assert!(broken.contains(&rule), "{broken:?}");
}

#[rstest]
#[case::the_breach_is_told_twice("breach_once", event(8, "sla:breached", "sla", &[], &json!({"clock": "c", "due_at": 1})))]
#[case::it_is_given_again("assigned_once", event(8, "ticket:assigned", "routing", &[], &ticket(Some("ana"), "assigned")))]
#[case::it_is_taken("assigned_once", event(8, "ticket:assigned", "ben", &[], &ticket(Some("ben"), "assigned")))]
#[case::two_jobs_for_one("job_once", json!({"is": "job", "id": "i", "key": "mail:n", "state": "ready", "attempts": 0}))]
#[case::more_letters_than_attempts("job_once", json!({"is": "letter", "message_id": "j@baton.example"}))]
#[case::ended_twice("job_once", json!({"is": "job_end", "id": "j", "was": "running"}))]
fn one_thing_too_many_breaks_its_rule(#[case] rule: &str, #[case] more: Value) {
    let mut records = sound();
    records.push(more);
    let broken = broken(records);
    assert!(broken.contains(&rule), "{broken:?}");
}

#[test]
fn whoever_takes_a_limit_by_hand_may_pass_it() {
    let mut records = sound();
    let created = json!({"conversation": "u", "ticket": ticket(None, "waiting")["ticket"]});
    let given = json!({"conversation": "u", "ticket": ticket(Some("ana"), "assigned")["ticket"]});
    records
        .extend([event(9, "ticket:created", "cleo", &[], &created), event(10, "ticket:assigned", "sam", &[], &given)]);
    for (of, wrong) in [
        (json!({"is": "staff"}), json!({"used": 2})),
        (json!({"is": "settled"}), json!({"head": 10})),
        (json!({"is": "screen", "screen": 0, "line": "last"}), json!({"position": 10})),
        (json!({"is": "screen", "screen": 1, "line": "last"}), json!({"position": 10})),
    ] {
        merge(records.iter_mut().find(|record| fits(record, &of)).unwrap(), &wrong);
    }
    assert_eq!(broken(records), [""; 0]);
}

#[test]
fn while_postgres_is_away_nobody_waits_in_vain() {
    let mut records = sound();
    let given = json!({"is": "event", "id": "e3"});
    merge(records.iter_mut().find(|record| fits(record, &given)).unwrap(), &json!({"at": 8_000_000}));
    assert!(broken(records.clone()).contains(&"idle_slot"));
    records.push(json!({"is": "fault", "at": 1_000_000, "until": 2_000_000, "what": "postgres", "whom": "postgres"}));
    assert!(!broken(records).contains(&"idle_slot"));
}

#[test]
fn what_lies_before_a_reload_is_not_missed() {
    let mut records = sound();
    records.retain(|record| !(record["is"] == "heard" && record["screen"] == 0 && record["position"] == 3));
    records.retain(|record| !(record["is"] == "heard" && record["screen"] == 0 && record["position"] == 4));
    merge(records.iter_mut().find(|record| record["line"] == "resumed").unwrap(), &json!({"line": "resync"}));
    assert_eq!(broken(records), [""; 0]);
}

/// A sound history in which the customer's last message was only pending.
fn pending() -> Vec<Value> {
    let mut records = sound();
    let told = records.iter_mut().find(|record| fits(record, &json!({"is": "answer", "n": 5}))).unwrap();
    merge(told, &json!({"outcome": "pending"}));
    records
}

#[test]
fn what_was_pending_lands_as_it_was_sent() {
    let mut records = pending();
    assert_eq!(broken(records.clone()), [""; 0]);
    let stored = json!({"is": "message", "id": "m4"});
    merge(records.iter_mut().find(|record| fits(record, &stored)).unwrap(), &json!({"client_id": "k5"}));
    assert!(broken(records).contains(&"landed"));
}

#[rstest]
#[case::nothing(&[], true)]
#[case::a_service(&[("service", 5_500, 5_600)], true)]
#[case::redis_long_before(&[("redis", 1_000, 2_000)], true)]
#[case::redis_as_it_was_told(&[("redis", 4_000, 5_000)], false)]
#[case::redis_before_it_was_stored(&[("redis_emptied", 9_000_000, 9_000_000)], false)]
#[case::redis_long_after(&[("redis_emptied", 40_000_000, 40_000_000)], true)]
fn what_was_pending_may_go_with_redis_only(#[case] faults: &[(&str, i64, i64)], #[case] is_broken: bool) {
    let mut records = pending();
    records.retain(|record| !fits(record, &json!({"is": "message", "id": "m4"})));
    for (what, at, until) in faults {
        records.push(json!({"is": "fault", "at": at, "until": until, "what": what, "whom": "some"}));
    }
    assert_eq!(broken(records).contains(&"landed"), is_broken);
}

#[test]
fn windows_may_overlap() {
    let outside = |windows: &[(i64, i64)]| routing::outside(10, 20, windows);
    assert_eq!(outside(&[]), 10);
    assert_eq!(outside(&[(0, 5), (25, 30)]), 10);
    assert_eq!(outside(&[(12, 16), (14, 18), (13, 15)]), 4);
    assert_eq!(outside(&[(0, 30)]), 0);
}

#[test]
fn latencies_are_those_of_calm_times() {
    let mut records = sound();
    merge(records.iter_mut().find(|record| record["is"] == "fault").unwrap(), &json!({"at": 4_500, "until": 4_600}));
    for record in records.iter_mut().filter(|record| record["is"] == "heard") {
        merge(record, &json!({"at": 3_500}));
    }
    let records = records.into_iter().map(|record| serde_json::from_value(record).unwrap());
    let (answers, screens) = latencies(&History::of(records.collect()));
    // The second attempt's call was at 3,000, before the fault; what came after it does not count.
    assert_eq!((answers.count, answers.p99), (1, 1_000));
    assert_eq!((screens.count, screens.p50), (1, 500));
}
