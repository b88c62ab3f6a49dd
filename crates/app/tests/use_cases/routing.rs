//! Handing out: order, capacity, presence, races.

use std::collections::HashMap;
use std::sync::Arc;

use baton_app::routing::{
    Decisions, assign_waiting, decisions, depths, queues, return_from_absent, standings, take_next, waiting_queues,
};
use baton_app::tickets::{self, TicketChange};
use baton_app::{Ctx, presence, users};
use baton_domain::access::Actor;
use baton_domain::availability::Availability;
use baton_domain::id::{TicketId, UserId};
use baton_domain::routing::{MemberRole, Reason, Trigger};
use baton_domain::ticket::{Priority, QueueState, Status};
use baton_domain::user::Role;
use baton_testkit::{Customer, Organization, World, can, wish};
use jiff::SignedDuration;

async fn acme() -> (World, Organization, Customer) {
    let world = World::new().await;
    let org = world.organization("acme").await;
    let customer = org.customer("Cleo").await;
    (world, org, customer)
}

async fn hand_out(org: &Organization) -> usize {
    assign_waiting(&org.world.system, org.id, org.support).await.unwrap().tickets
}

async fn assignee(world: &World, who: &Arc<Actor>, ticket: TicketId) -> Option<UserId> {
    tickets::get(&can(who), &world.db, ticket).await.unwrap().ticket.assignee.map(|p| p.id)
}

async fn units(world: &World, who: &Arc<Actor>) -> i32 {
    users::me(&can(who), &world.db).await.unwrap().work.unwrap().units_used
}

#[tokio::test]
async fn nobody_is_here_so_it_waits_and_then_arrives_in_order() {
    let (world, org, customer) = acme().await;
    let leader = org.leader("Ana").await.actor;
    let first = customer.opens(&org, "first").await.ticket.id;
    world.clock.advance(SignedDuration::from_secs(1));
    let second = customer.opens(&org, "second").await.ticket.id;
    let urgent = customer.opens_at(&org, "urgent", Priority::Urgent).await.ticket.id;
    assert_eq!(hand_out(&org).await, 0);
    assert_eq!(waiting_queues(&world.system).await.unwrap(), [(org.id, org.support)]);

    org.online(&leader).await;
    assert_eq!(hand_out(&org).await, 3);
    let order = world
        .database
        .lines(
            "select e.conversation_id::text as line from outbox o join events e on e.id = o.event_id
                where e.type = 'ticket:assigned' order by o.ordinal",
        )
        .await;
    assert_eq!(order, [urgent, first, second].map(|id| id.to_string()));
    assert!(waiting_queues(&world.system).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_decision_names_everybody_and_why() {
    let (world, org, customer) = acme().await;
    let (ana, bob) = (org.leader("Ana").await.actor, org.leader("Bob").await.actor);
    let agent = org.person(Role::Agent, "Dan", &[(org.support, MemberRole::Member)]).await;
    org.online(&ana).await;
    org.online(&agent).await;
    let ticket = customer.opens(&org, "Printer").await.ticket.id;
    world.clock.advance(SignedDuration::from_millis(1500));
    assert_eq!(hand_out(&org).await, 1);
    let Decisions { decisions, people } = decisions(&can(&ana), &world.db, ticket).await.unwrap();
    assert_eq!(decisions.len(), 1);
    let names: Vec<_> = [&ana, &bob, &agent].map(|who| people[&who.user].name.as_str()).into();
    assert_eq!((names, people.len()), (vec!["Ana", "Bob", "Dan"], 3));
    let decision = &decisions[0];
    assert_eq!((decision.trigger, decision.chosen, decision.waited_ms), (Trigger::Queue, Some(ana.user), 1500));
    let reasons: HashMap<_, _> = decision.candidates.iter().map(|v| (v.user_id, v.reason)).collect();
    assert_eq!(reasons[&ana.user], Reason::Eligible);
    assert_eq!(reasons[&bob.user], Reason::Offline);
    assert_eq!(reasons[&agent.user], Reason::NotReceiving);
}

#[tokio::test]
async fn most_free_is_shared_fairly_and_never_beyond_the_limit() {
    let (world, org, customer) = acme().await;
    let (ana, bob) = (org.leader("Ana").await.actor, org.leader("Bob").await.actor);
    org.online(&ana).await;
    org.online(&bob).await;
    for n in 0..14 {
        customer.opens(&org, &n.to_string()).await;
    }
    assert_eq!(hand_out(&org).await, 10);
    assert_eq!((units(&world, &ana).await, units(&world, &bob).await), (5, 5));
    assert_eq!(hand_out(&org).await, 0);
}

#[tokio::test]
async fn a_slot_is_freed_by_resolve_close_and_reassign() {
    let (world, org, customer) = acme().await;
    let ana = org.leader("Ana").await.actor;
    let supervisor = org.person(Role::Supervisor, "Sue", &[]).await;
    org.online(&ana).await;
    let mut held = Vec::new();
    for n in 0..3 {
        held.push(customer.opens(&org, &n.to_string()).await.ticket.id);
    }
    assert_eq!(hand_out(&org).await, 3);
    let to = |status| TicketChange { status: Some(status), ..Default::default() };
    tickets::change(&can(&ana), &world.db, held[0], None, to(Status::Resolved)).await.unwrap();
    assert_eq!(units(&world, &ana).await, 2);
    tickets::change(&can(&ana), &world.db, held[1], None, to(Status::Closed)).await.unwrap();
    assert_eq!(units(&world, &ana).await, 1);
    tickets::assign(&can(&supervisor), &world.db, held[2], None, Some(supervisor.user)).await.unwrap();
    assert_eq!((units(&world, &ana).await, units(&world, &supervisor).await), (0, 1));
}

#[tokio::test]
async fn by_hand_the_limit_may_be_exceeded_and_the_decision_says_so() {
    let (world, org, customer) = acme().await;
    let ana = org.leader("Ana").await.actor;
    let supervisor = org.person(Role::Supervisor, "Sue", &[]).await;
    let admin = org.person(Role::Admin, "Ada", &[]).await;
    users::set_capacity(&can(&admin), &world.db, ana.user, 1).await.unwrap();
    for (subject, beyond) in [("a", false), ("b", true)] {
        let ticket = customer.opens(&org, subject).await.ticket.id;
        tickets::assign(&can(&supervisor), &world.db, ticket, None, Some(ana.user)).await.unwrap();
        let decision = decisions(&can(&supervisor), &world.db, ticket).await.unwrap().decisions.remove(0);
        assert_eq!((decision.trigger, decision.over_limit), (Trigger::Manual, beyond));
    }
    assert_eq!(units(&world, &ana).await, 2);
}

#[tokio::test]
async fn who_is_here() {
    let (world, org, customer) = acme().await;
    let ana = org.leader("Ana").await.actor;
    org.online(&ana).await;
    let (_, connection) = org.connect(&ana).await;
    // Beyond the grace of choosing, the live connection counts, while its gateway renews its lease.
    world.clock.advance(SignedDuration::from_secs(10));
    presence::disconnected(&world.db, org.id, connection).await.unwrap();
    world.clock.advance(SignedDuration::from_secs(59));
    customer.opens(&org, "in the grace").await;
    assert_eq!(hand_out(&org).await, 1);
    world.clock.advance(SignedDuration::from_secs(1));
    customer.opens(&org, "after it").await;
    assert_eq!(hand_out(&org).await, 0);
}

#[tokio::test]
async fn a_dead_gateways_people_are_here_until_its_lease_and_the_grace_end() {
    let (world, org, customer) = acme().await;
    let ana = org.leader("Ana").await.actor;
    org.online(&ana).await;
    org.connect(&ana).await;
    world.clock.advance(presence::LEASE + SignedDuration::from_secs(59));
    assert_eq!(presence::reap_gateways(&world.system).await.unwrap(), 1);
    customer.opens(&org, "in the grace").await;
    assert_eq!(hand_out(&org).await, 1);
    world.clock.advance(SignedDuration::from_secs(1));
    customer.opens(&org, "after it").await;
    assert_eq!(hand_out(&org).await, 0);
}

#[tokio::test]
async fn busy_and_away_keep_what_they_have_and_get_nothing_new() {
    let (world, org, customer) = acme().await;
    let ana = org.leader("Ana").await.actor;
    org.online(&ana).await;
    org.connect(&ana).await;
    customer.opens(&org, "a").await;
    assert_eq!(hand_out(&org).await, 1);
    for chosen in [Availability::Busy, Availability::Away] {
        presence::set_availability(&can(&ana), &world.db, chosen).await.unwrap();
        customer.opens(&org, "b").await;
        assert_eq!(hand_out(&org).await, 0);
        assert_eq!(return_from_absent(&world.system).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn what_somebody_gone_did_not_answer_goes_back_and_keeps_its_place() {
    let (world, org, customer) = acme().await;
    let (ana, bob) = (org.leader("Ana").await.actor, org.leader("Bob").await.actor);
    org.online(&ana).await;
    let unanswered = customer.opens(&org, "unanswered").await;
    let answered = customer.opens(&org, "answered").await.ticket.id;
    assert_eq!(hand_out(&org).await, 2);
    let post = baton_app::conversations::PostMessage {
        conversation: answered,
        kind: baton_domain::conversation::MessageKind::Reply,
        body: "done".into(),
        client_id: None,
        then: None,
    };
    baton_app::conversations::post_message(&can(&ana), &world.db, post).await.unwrap();
    world.clock.advance(SignedDuration::from_secs(61));
    let later = customer.opens(&org, "later").await.ticket.id;
    assert_eq!(return_from_absent(&world.system).await.unwrap(), 1);
    let back = tickets::get(&can(&bob), &world.db, unanswered.ticket.id).await.unwrap();
    assert_eq!((back.ticket.queue, back.ticket.eligible_at), (QueueState::Waiting, unanswered.ticket.eligible_at));
    assert_eq!(back.waiting_before, Some(0));
    assert_eq!(assignee(&world, &bob, answered).await, Some(ana.user));
    let after = tickets::get(&can(&bob), &world.db, later).await.unwrap();
    assert_eq!(after.waiting_before, Some(1));
}

#[tokio::test]
async fn what_was_given_by_hand_is_not_taken_back() {
    let (world, org, customer) = acme().await;
    let ana = org.leader("Ana").await.actor;
    let supervisor = org.person(Role::Supervisor, "Sue", &[]).await;
    let ticket = customer.opens(&org, "for Ana, when she is back").await.ticket.id;
    tickets::assign(&can(&supervisor), &world.db, ticket, None, Some(ana.user)).await.unwrap();
    world.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(return_from_absent(&world.system).await.unwrap(), 0);
    assert_eq!(assignee(&world, &supervisor, ticket).await, Some(ana.user));
}

#[tokio::test]
async fn taking_the_next() {
    let (world, org, customer) = acme().await;
    let ana = org.leader("Ana").await.actor;
    let outsider = org.person(Role::Agent, "Finn", &[(org.billing, MemberRole::Member)]).await;
    assert!(take_next(&can(&ana), &world.db, "support").await.unwrap().is_none());
    customer.opens(&org, "a").await;
    let urgent = customer.opens_at(&org, "b", Priority::Urgent).await.ticket.id;
    let taken = take_next(&can(&ana), &world.db, "support").await.unwrap().unwrap();
    assert_eq!((taken.ticket.id, taken.ticket.assignee.unwrap().id), (urgent, ana.user));
    let refused = take_next(&can(&outsider), &world.db, "support").await.unwrap_err();
    assert_eq!(refused.code(), "not_found");
}

#[tokio::test]
async fn the_next_one_is_taken_once_per_key() {
    let (world, org, customer) = acme().await;
    let ana = org.leader("Ana").await.actor;
    customer.opens(&org, "a").await;
    customer.opens(&org, "b").await;
    let key = baton_app::IdempotencyKey {
        key: "k".into(),
        method: "POST".into(),
        path: "/v1/queues/support/next".into(),
        body_hash: Vec::new(),
    };
    let ctx = baton_app::Ctx { idempotency: Some(key), ..baton_app::Ctx::of(Arc::clone(&ana)) };
    let first = take_next(&ctx.clone().allow().unwrap(), &world.db, "support").await.unwrap().unwrap();
    let again = take_next(&ctx.allow().unwrap(), &world.db, "support").await.unwrap().unwrap();
    assert_eq!(first.ticket.id, again.ticket.id);
    assert_eq!(units(&world, &ana).await, 1);
}

#[tokio::test]
async fn the_queues_show_what_waits_and_who_serves() {
    let (world, org, customer) = acme().await;
    let ana = org.leader("Ana").await.actor;
    org.online(&ana).await;
    customer.opens(&org, "a").await;
    world.clock.advance(SignedDuration::from_secs(30));
    customer.opens(&org, "b").await;
    let views = queues(&can(&ana), &world.db).await.unwrap();
    assert_eq!(views.len(), 1, "a leader sees the queues of their teams");
    let view = &views[0];
    assert_eq!((view.waiting, view.now.duration_since(view.oldest.unwrap()).as_secs()), (2, 30));
    assert_eq!(view.people[0].1.units_free(), 5);
}

#[tokio::test]
async fn a_waiting_ticket_has_a_place_and_a_forecast() {
    let (world, org, customer) = acme().await;
    let (ana, other) = (org.leader("Ana").await.actor, org.customer("Otto").await);
    org.online(&ana).await;
    org.connect(&ana).await;
    let ticket = |view: &tickets::TicketView| view.ticket.id;
    let look = async |id| tickets::get(&can(&ana), &world.db, id).await.unwrap();
    let first = ticket(&other.opens(&org, "a").await);
    assert_eq!((look(first).await.waiting_before, look(first).await.expected_wait_seconds), (Some(0), None));
    // One assignment every six seconds.
    assert_eq!(hand_out(&org).await, 1);
    for _ in 0..2 {
        world.clock.advance(SignedDuration::from_secs(6));
        other.opens(&org, "b").await;
        assert_eq!(hand_out(&org).await, 1);
    }
    world.clock.advance(SignedDuration::from_secs(6));
    let theirs = ticket(&other.opens(&org, "c").await);
    let own = ticket(&customer.opens(&org, "d").await);
    let last = ticket(&customer.opens_at(&org, "e", Priority::Low).await);
    let seen = look(last).await;
    assert_eq!((seen.waiting_before, seen.expected_wait_seconds), (Some(2), Some(20)));

    let places = async |customers| {
        let standings = standings(&world.system, org.id, org.support, customers).await.unwrap();
        standings.iter().map(|s| (s.ticket, s.requester, s.position, s.expected_wait_seconds)).collect::<Vec<_>>()
    };
    let me = customer.actor.user;
    assert_eq!(places(vec![me]).await, [(own, me, 2, Some(20)), (last, me, 3, Some(20))]);
    assert_eq!(places(vec![me, other.actor.user]).await[0], (theirs, other.actor.user, 1, Some(10)));
    assert!(places(vec![ana.user]).await.is_empty());
    presence::set_availability(&can(&ana), &world.db, Availability::Busy).await.unwrap();
    assert_eq!(look(last).await.expected_wait_seconds, None, "nobody is at work");
    assert_eq!(places(vec![me]).await[0].3, None);

    let (depths, now) = depths(&world.system, org.id, vec![org.support, org.billing]).await.unwrap();
    let of = |team| depths.iter().find(|depth| depth.team == team).unwrap();
    assert_eq!((of(org.support).waiting, of(org.support).oldest), (3, Some(now)));
    assert_eq!((of(org.billing).waiting, of(org.billing).oldest), (0, None));
}

/// Eight workers, hand claims and re-assignments race over 60 tickets: each ends with one owner, the
/// units that people hold are those of their tickets, and routing never went beyond a limit.
#[tokio::test(flavor = "multi_thread")]
async fn races() {
    let (world, org, customer) = acme().await;
    let mut leaders = Vec::new();
    for name in ["Ana", "Bob", "Cy", "Di"] {
        let leader = org.leader(name).await.actor;
        org.online(&leader).await;
        leaders.push(leader);
    }
    let mut opened = Vec::new();
    for n in 0..60 {
        opened.push(customer.opens(&org, &n.to_string()).await.ticket.id);
    }
    let workers = (0..8).map(|_| {
        let org = org.clone();
        async move {
            for _ in 0..10 {
                hand_out(&org).await;
            }
        }
    });
    let claims = opened.iter().step_by(4).enumerate().map(|(n, ticket)| {
        let (db, leader) = (world.db.clone(), Arc::clone(&leaders[n % 4]));
        async move {
            let _ = tickets::claim(&can(&leader), &db, *ticket, None).await;
        }
    });
    futures::future::join(futures::future::join_all(workers), futures::future::join_all(claims)).await;
    check_books(&world).await;
}

/// What must hold of every history, read past every policy.
async fn check_books(world: &World) {
    let wrong_units = "select user_id::text as line from staff s where units_used <>
        (select coalesce(sum(units), 0) from tickets t where t.assignee_id = s.user_id)";
    assert!(world.database.lines(wrong_units).await.is_empty(), "units in use are those of the tickets held");
    let twice = "select ticket_id::text as line from assignments where trigger = 'queue'
        group by ticket_id having count(*) > 1";
    assert!(world.database.lines(twice).await.is_empty(), "a ticket was handed out twice");
    // A hand claim may exceed; routing, which looks at the books under their lock, never adds to it.
    let beyond = "select a.id::text as line from assignments a
        cross join lateral jsonb_array_elements(a.candidates) c
        where a.trigger = 'queue' and (c->>'user_id')::uuid = a.chosen and (c->>'units_free')::int < 1";
    assert!(world.database.lines(beyond).await.is_empty(), "routing went beyond a limit");
}

/// The planted bug: an assigner that believes what it read before the locks. Beside a hand claim it
/// gives a claimed ticket away, and the books show it.
#[tokio::test]
async fn an_assigner_without_the_check_again_is_caught() {
    let (world, org, customer) = acme().await;
    let (ana, bob) = (org.leader("Ana").await.actor, org.leader("Bob").await.actor);
    org.online(&bob).await;
    let ticket = customer.opens(&org, "Printer").await.ticket.id;

    // What the faulty worker reads, without a lock:
    let tx = world.db.begin("faulty", org.id).await.unwrap();
    let seen = baton_store::tickets::load(&tx, ticket).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    // Somebody claims it meanwhile:
    tickets::claim(&can(&ana), &world.db, ticket, None).await.unwrap();
    // It writes what it decided, without looking again:
    let after = seen.state.clone().assigned_to(bob.user, world.clock.now()).unwrap();
    let tx = world.db.begin("faulty", org.id).await.unwrap();
    let next = baton_store::tickets::NextState { id: ticket, state: &after, sla_due_at: None, public: true };
    baton_store::tickets::update(&tx, &[next]).await.unwrap();
    baton_store::staff::move_units(&tx, &[(bob.user, 1)]).await.unwrap();
    tx.commit().await.unwrap();

    let caught = futures::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(check_books(&world))).await;
    assert!(caught.is_err(), "the books must not balance");

    // The real one, told of the same ticket, leaves it alone.
    assert_eq!(hand_out(&org).await, 0);
}

#[tokio::test]
async fn a_decision_goes_on_in_the_trace_of_what_had_the_ticket_wait() {
    let (world, org, customer) = acme().await;
    let leader = org.leader("Ana").await.actor;
    let trace = |n: u8| format!("00-{n:032x}-00f067aa0ba902b7-01");
    let mut opened = Vec::new();
    for n in [1, 2] {
        let ctx = Ctx { trace: Some(trace(n)), ..Ctx::of(Arc::clone(&customer.actor)) };
        let ticket = tickets::open(&ctx.allow().unwrap(), &world.db, wish("Printer", Priority::Normal)).await.unwrap();
        opened.push((ticket.ticket.id, Some(trace(n))));
        world.clock.advance(SignedDuration::from_secs(1));
    }
    opened.push((customer.opens(&org, "without").await.ticket.id, None));
    org.online(&leader).await;
    let waited = assign_waiting(&world.system, org.id, org.support).await.unwrap().waited;
    assert_eq!(waited.iter().map(|one| (one.ticket, one.trace.clone())).collect::<Vec<_>>(), opened);
    assert_eq!(waited.iter().map(|one| one.time.as_secs()).collect::<Vec<_>>(), [2, 1, 0]);
    let query = "select coalesce(trace, '-') as line from events \
        where type in ('ticket:assigned', 'notification:created') order by id";
    let of_jobs = world.database.lines("select coalesce(trace, '-') as line from jobs order by id").await;
    let expected: Vec<String> = opened.iter().map(|(_, trace)| trace.clone().unwrap_or("-".to_owned())).collect();
    assert_eq!(of_jobs, expected);
    let mut of_events = world.database.lines(query).await;
    of_events.sort();
    let mut twice = [expected.clone(), expected].concat();
    twice.sort();
    assert_eq!(of_events, twice);
}
