//! Clocks and policies on a real database, and the worker's rounds.

use std::sync::Arc;

use baton_app::conversations::{PostMessage, post_message};
use baton_app::notifications;
use baton_app::routing::decisions;
use baton_app::sla::{self, PolicyChange};
use baton_app::tickets::{self, TicketChange};
use baton_app::users::{self, UserChange};
use baton_domain::access::Actor;
use baton_domain::conversation::MessageKind;
use baton_domain::event::Fact;
use baton_domain::id::{TicketId, UserId};
use baton_domain::notification::NotificationKind;
use baton_domain::routing::Trigger;
use baton_domain::sla::{Clock, ClockState, Metric, PolicyRule, Target};
use baton_domain::ticket::{Priority, Status};
use baton_domain::user::{Role, Tier};
use baton_testkit::{Organization, StateCheck, World, can};
use jiff::{SignedDuration, Timestamp};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

struct Cast {
    world: World,
    org: Organization,
    customer: Arc<Actor>,
    vip: Arc<Actor>,
    leader: Arc<Actor>,
    supervisor: Arc<Actor>,
    admin: Arc<Actor>,
}

impl Cast {
    async fn new() -> Self {
        let world = World::new().await;
        let org = world.organization("acme").await;
        org.promises().await;
        Self {
            customer: org.customer("Cleo").await.actor,
            vip: org.vip("Vera").await.actor,
            leader: org.leader("Ana").await.actor,
            supervisor: org.person(Role::Supervisor, "Sue", &[]).await,
            admin: org.person(Role::Admin, "Ada", &[]).await,
            world,
            org,
        }
    }

    async fn opens(&self, who: &Arc<Actor>) -> TicketId {
        baton_testkit::Customer { actor: Arc::clone(who) }.opens(&self.org, "Printer").await.ticket.id
    }

    async fn clocks(&self, ticket: TicketId) -> Vec<Clock> {
        sla::clocks(&can(&self.supervisor), &self.world.db, ticket).await.unwrap()
    }

    async fn states(&self, ticket: TicketId) -> Vec<(Metric, ClockState)> {
        self.clocks(ticket).await.into_iter().map(|clock| (clock.metric, clock.state)).collect()
    }

    async fn due(&self, ticket: TicketId) -> Option<Timestamp> {
        let column = format!("select coalesce(sla_due_at::text, '') as line from tickets where id = '{ticket}'");
        let found = self.world.database.lines(&column).await.remove(0);
        (!found.is_empty()).then(|| found.replace(' ', "T").parse().unwrap())
    }

    async fn change(&self, ticket: TicketId, change: TicketChange) {
        tickets::change(&can(&self.supervisor), &self.world.db, ticket, None, change).await.unwrap();
    }

    async fn status(&self, ticket: TicketId, status: Status) {
        self.change(ticket, TicketChange { status: Some(status), ..Default::default() }).await;
    }

    async fn posts(&self, who: &Arc<Actor>, ticket: TicketId, kind: MessageKind) {
        let post = PostMessage { conversation: ticket, kind, body: "Hello".into(), client_id: None, then: None };
        post_message(&can(who), &self.world.db, post).await.unwrap();
    }

    fn pass(&self, time: SignedDuration) {
        self.world.clock.advance(time);
    }

    /// One tick of a worker: how many warned, and how many broke.
    async fn tick(&self) -> (usize, usize) {
        let mut sum = (0, 0);
        for (org, tickets) in sla::due(&self.world.system).await.unwrap() {
            let done = sla::advance(&self.world.system, org, tickets).await.unwrap();
            sum = (sum.0 + done.warned, sum.1 + done.breached);
        }
        sum
    }

    async fn told(&self, who: &Arc<Actor>) -> Vec<NotificationKind> {
        let page = notifications::list(&can(who), &self.world.db, None, 100).await.unwrap();
        page.notifications.into_iter().rev().map(|told| told.kind).collect()
    }

    async fn watch(&self) -> StateCheck {
        let everybody = [&self.customer, &self.vip, &self.leader, &self.supervisor, &self.admin];
        StateCheck::begin(&self.world, &everybody).await
    }
}

#[tokio::test]
async fn a_ticket_begins_with_its_clocks_and_the_first_answer_meets_one() {
    let cast = Cast::new().await;
    let check = cast.watch().await;
    let ticket = cast.opens(&cast.customer).await;
    assert_eq!(check.end().await.types, ["ticket:created", "message:created"]);
    let opened = cast.world.clock.now();
    use ClockState::{Met, Running};
    use Metric::{FirstResponse, Resolution};
    assert_eq!(cast.states(ticket).await, [(FirstResponse, Running), (Resolution, Running)]);
    assert_eq!(cast.due(ticket).await, Some(opened + HOUR * 4));

    cast.pass(HOUR);
    let check = cast.watch().await;
    cast.posts(&cast.customer, ticket, MessageKind::Reply).await;
    cast.posts(&cast.leader, ticket, MessageKind::Note).await;
    assert_eq!(check.end().await.types, ["message:created", "message:created"]);
    assert_eq!(cast.states(ticket).await[0].1, Running, "a note answers nobody");

    let check = cast.watch().await;
    cast.posts(&cast.leader, ticket, MessageKind::Reply).await;
    assert_eq!(check.end().await.types, ["message:created", "ticket:updated"]);
    assert_eq!(cast.clocks(ticket).await[0].met_at, Some(cast.world.clock.now()));
    assert_eq!(cast.states(ticket).await, [(FirstResponse, Met), (Resolution, Running)]);
    assert_eq!(cast.due(ticket).await, Some(opened + HOUR * 24));

    let check = cast.watch().await;
    cast.posts(&cast.leader, ticket, MessageKind::Reply).await;
    assert_eq!(check.end().await.types, ["message:created"], "the second answer is a message like any other");
}

#[tokio::test]
async fn waiting_pauses_resolution_ends_and_reopening_begins_anew() {
    let cast = Cast::new().await;
    let ticket = cast.opens(&cast.customer).await;
    let opened = cast.world.clock.now();
    cast.posts(&cast.leader, ticket, MessageKind::Reply).await;

    let check = cast.watch().await;
    cast.status(ticket, Status::Waiting).await;
    assert_eq!(check.end().await.types, ["ticket:updated"]);
    assert_eq!((cast.states(ticket).await[1].1, cast.due(ticket).await), (ClockState::Paused, None));
    cast.pass(HOUR * 100);
    assert_eq!(cast.tick().await, (0, 0), "nothing breaks while it stands");

    let check = cast.watch().await;
    cast.posts(&cast.customer, ticket, MessageKind::Reply).await;
    assert_eq!(check.end().await.types, ["message:created", "ticket:updated"]);
    assert_eq!(cast.due(ticket).await, Some(opened + HOUR * 124));

    let check = cast.watch().await;
    cast.status(ticket, Status::Resolved).await;
    assert_eq!(check.end().await.types, ["ticket:updated"]);
    assert_eq!((cast.states(ticket).await[1].1, cast.due(ticket).await), (ClockState::Met, None));

    cast.pass(HOUR);
    let check = cast.watch().await;
    cast.posts(&cast.customer, ticket, MessageKind::Reply).await;
    assert_eq!(check.end().await.types, ["message:created", "ticket:updated"]);
    let states = cast.states(ticket).await;
    assert_eq!(states[1..], [(Metric::Resolution, ClockState::Met), (Metric::Resolution, ClockState::Running)]);
    assert_eq!(cast.due(ticket).await, Some(cast.world.clock.now() + HOUR * 24));

    let check = cast.watch().await;
    tickets::delete(&can(&cast.supervisor), &cast.world.db, ticket, None).await.unwrap();
    assert_eq!(check.end().await.types, ["ticket:removed"]);
    cast.pass(HOUR * 1000);
    assert_eq!(cast.tick().await, (0, 0), "what is gone breaks no promise");
}

#[tokio::test]
async fn another_priority_or_tier_is_promised_anew_from_the_same_start() {
    let cast = Cast::new().await;
    let can_manage = can(&cast.admin);
    let normal = sla::policies(&can(&cast.leader), &cast.world.db).await.unwrap().remove(1);
    let mut targets =
        vec![Target { metric: Metric::Resolution, priority: Some(Priority::Urgent), tier: None, seconds: 7_200 }];
    targets.extend(normal.rule.targets.clone());
    let change = PolicyChange { targets: Some(targets), ..Default::default() };
    let changed = sla::change_policy(&can_manage, &cast.world.db, normal.id, change).await.unwrap();
    assert_eq!(changed.version, 2);

    let ticket = cast.opens(&cast.customer).await;
    let opened = cast.world.clock.now();
    cast.posts(&cast.leader, ticket, MessageKind::Reply).await;
    cast.pass(HOUR);
    let check = cast.watch().await;
    cast.change(ticket, TicketChange { priority: Some(Priority::Urgent), ..Default::default() }).await;
    assert_eq!(check.end().await.types, ["ticket:updated"]);
    let clock = cast.clocks(ticket).await.remove(1);
    assert_eq!((clock.started_at, clock.due_at), (opened, opened + HOUR * 2));
    let (events, _) = tickets::timeline(&can(&cast.leader), &cast.world.db, ticket, None, 100).await.unwrap();
    let last = serde_json::to_value(&events.last().unwrap().fact).unwrap();
    assert_eq!(last["data"]["changed"], serde_json::json!(["priority", "sla"]), "the timeline says so");

    cast.change(ticket, TicketChange { priority: Some(Priority::Low), ..Default::default() }).await;
    assert_eq!(cast.due(ticket).await, Some(opened + HOUR * 24));
    let check = cast.watch().await;
    let vip = UserChange { tier: Some(Tier::Vip), ..Default::default() };
    users::change(&can(&cast.admin), &cast.world.db, cast.customer.user, vip).await.unwrap();
    assert_eq!(check.end().await.types, ["ticket:updated"]);
    assert_eq!(cast.due(ticket).await, Some(opened + HOUR * 2));
    let clock = cast.clocks(ticket).await.remove(1);
    assert_eq!((clock.policy_name.as_str(), clock.policy_version), ("VIP", 1));
}

#[tokio::test]
async fn a_clock_keeps_the_version_it_is_judged_by() {
    let cast = Cast::new().await;
    let ticket = cast.opens(&cast.customer).await;
    let before = cast.clocks(ticket).await;
    let default = sla::policies(&can(&cast.leader), &cast.world.db).await.unwrap().remove(1);
    let change = PolicyChange { name: Some("Usual".into()), warn_percent: Some(None), ..Default::default() };
    sla::change_policy(&can(&cast.admin), &cast.world.db, default.id, change).await.unwrap();
    assert_eq!(cast.clocks(ticket).await, before);
    let later = cast.opens(&cast.customer).await;
    let clock = cast.clocks(later).await.remove(0);
    assert_eq!((clock.policy_version, clock.policy_name.as_str(), clock.warn_lead_ms), (2, "Usual", None));
    let versions = sla::policy_versions(&can(&cast.leader), &cast.world.db, default.id).await.unwrap();
    assert_eq!(versions.iter().map(|policy| policy.version).collect::<Vec<_>>(), [2, 1]);
}

#[tokio::test]
async fn policies_have_an_order_and_one_default() {
    let cast = Cast::new().await;
    let db = &cast.world.db;
    let rule = |priorities: &[Priority]| PolicyRule {
        tiers: Vec::new(),
        priorities: priorities.to_vec(),
        targets: vec![Target { metric: Metric::Resolution, priority: None, tier: None, seconds: 60 }],
        warn_percent: None,
        escalation: Vec::new(),
    };
    let create = |name: &str, position, rule| {
        let (admin, db, name) = (Arc::clone(&cast.admin), db.clone(), name.to_owned());
        async move { sla::create_policy(&can(&admin), &db, name, position, rule).await }
    };
    assert_eq!(create("Second default", None, rule(&[])).await.unwrap_err().code(), "taken");
    let urgent = create("Urgent", Some(-1), rule(&[Priority::Urgent])).await.unwrap();
    create("Low", None, rule(&[Priority::Low])).await.unwrap();
    let order: Vec<_> =
        sla::policies(&can(&cast.leader), db).await.unwrap().into_iter().map(|policy| policy.name).collect();
    assert_eq!(order, ["Urgent", "VIP", "Low", "Normal"]);

    let lose = PolicyChange { priorities: Some(vec![]), ..Default::default() };
    let refused = sla::change_policy(&can(&cast.admin), db, urgent.id, lose).await.unwrap_err();
    assert_eq!(refused.code(), "invalid");
    sla::retire_policy(&can(&cast.admin), db, urgent.id).await.unwrap();
    assert_eq!(sla::policy(&can(&cast.leader), db, urgent.id).await.unwrap_err().code(), "not_found");
    assert_eq!(sla::policies(&can(&cast.leader), db).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_normal_ticket_warns_then_breaks_and_the_supervisors_are_told() {
    let cast = Cast::new().await;
    let ticket = cast.opens(&cast.customer).await;
    let opened = cast.world.clock.now();
    tickets::claim(&can(&cast.leader), &cast.world.db, ticket, None).await.unwrap();
    cast.posts(&cast.leader, ticket, MessageKind::Reply).await;
    cast.pass(HOUR * 18 - SignedDuration::from_micros(1));
    assert_eq!(cast.tick().await, (0, 0), "never early");
    cast.pass(SignedDuration::from_micros(1));
    let check = cast.watch().await;
    assert_eq!(cast.tick().await, (1, 0));
    assert_eq!(check.end().await.types, ["sla:warning", "ticket:updated", "notification:created"]);
    assert_eq!(cast.told(&cast.leader).await, [NotificationKind::SlaWarning], "their own claim is no news to them");
    assert_eq!(cast.tick().await, (0, 0), "once");

    cast.pass(HOUR * 6 + SignedDuration::from_millis(700));
    let check = cast.watch().await;
    assert_eq!(cast.tick().await, (0, 1));
    assert_eq!(check.end().await.types, ["sla:breached", "ticket:updated", "notification:created"]);
    let clock = cast.clocks(ticket).await.remove(1);
    assert_eq!((clock.state, clock.breached_at), (ClockState::Breached, Some(opened + HOUR * 24)));
    assert_eq!(clock.detected_at, Some(opened + HOUR * 24 + SignedDuration::from_millis(700)));
    assert_eq!(cast.told(&cast.supervisor).await, [NotificationKind::SlaBreached]);
    assert_eq!(cast.due(ticket).await, Some(opened + HOUR * 24), "what is broken still presses");
    assert_eq!(cast.tick().await, (0, 0), "once");
    let view = tickets::get(&can(&cast.supervisor), &cast.world.db, ticket).await.unwrap().ticket;
    assert_eq!((view.escalation_level, view.assignee.unwrap().id), (0, cast.leader.user));
}

#[tokio::test]
async fn a_vips_breach_is_raised_handed_to_a_supervisor_and_told() {
    let cast = Cast::new().await;
    let busy = cast.org.person(Role::Supervisor, "Bea", &[]).await;
    cast.org.online(&cast.supervisor).await;
    let outsider = cast.org.person(Role::Agent, "Olaf", &[]).await;
    let ticket = cast.opens(&cast.vip).await;
    tickets::assign(&can(&cast.supervisor), &cast.world.db, ticket, None, Some(outsider.user)).await.unwrap();
    cast.posts(&outsider, ticket, MessageKind::Reply).await;
    cast.pass(HOUR * 2);
    cast.org.online(&cast.supervisor).await;

    let everybody = [&cast.vip, &cast.leader, &cast.supervisor, &busy, &outsider];
    let check = StateCheck::begin(&cast.world, &everybody).await;
    assert_eq!(cast.tick().await, (0, 1));
    let events = check.end().await.types;
    let own: Vec<_> = events.iter().copied().filter(|kind| !kind.starts_with("notification")).collect();
    assert_eq!(own, ["sla:breached", "ticket:escalated", "ticket:removed", "ticket:assigned"]);

    let view = tickets::get(&can(&cast.leader), &cast.world.db, ticket).await.unwrap().ticket;
    assert_eq!((view.escalation_level, view.priority), (1, Priority::High));
    assert_eq!(view.assignee.unwrap().id, cast.supervisor.user, "who is here comes first");
    let decision = decisions(&can(&cast.leader), &cast.world.db, ticket).await.unwrap().decisions.remove(0);
    assert_eq!((decision.trigger, decision.chosen), (Trigger::Escalation, Some(cast.supervisor.user)));
    assert_eq!(units(&cast, outsider.user).await, "0");
    assert_eq!(units(&cast, cast.supervisor.user).await, "1");

    use NotificationKind::{Assigned, Escalated, SlaBreached};
    assert_eq!(cast.told(&outsider).await, [Assigned, SlaBreached]);
    assert_eq!(cast.told(&cast.leader).await, [SlaBreached]);
    assert_eq!(cast.told(&busy).await, [Escalated]);
    assert_eq!(cast.told(&cast.supervisor).await, [Escalated], "once, though handed to and a supervisor");
    assert_eq!(cast.tick().await, (0, 0));
    // What was escalated stays, though its owner is gone and did not answer.
    cast.posts(&cast.vip, ticket, MessageKind::Reply).await;
    cast.pass(HOUR);
    assert_eq!(baton_app::routing::return_from_absent(&cast.world.system).await.unwrap(), 0);
}

async fn units(cast: &Cast, user: UserId) -> String {
    let column = format!("select units_used::text as line from staff where user_id = '{user}'");
    cast.world.database.lines(&column).await.remove(0)
}

#[tokio::test]
async fn a_breach_that_a_late_answer_overtook_is_still_told() {
    let cast = Cast::new().await;
    let ticket = cast.opens(&cast.vip).await;
    let opened = cast.world.clock.now();
    cast.pass(HOUR * 3);
    let check = cast.watch().await;
    cast.status(ticket, Status::Resolved).await;
    assert_eq!(check.end().await.types, ["ticket:updated"]);
    let clock = cast.clocks(ticket).await.remove(1);
    assert_eq!((clock.state, clock.breached_at), (ClockState::Breached, Some(opened + HOUR * 2)));
    assert_eq!(clock.met_at, Some(opened + HOUR * 3));

    let check = cast.watch().await;
    assert_eq!(cast.tick().await, (0, 2));
    let events = check.end().await.types;
    assert_eq!(events[..3], ["sla:breached", "sla:breached", "ticket:updated"], "told, but what is over is not raised");
    assert_eq!(cast.tick().await, (0, 0));
    let view = tickets::get(&can(&cast.supervisor), &cast.world.db, ticket).await.unwrap().ticket;
    assert_eq!((view.escalation_level, view.assignee), (0, None));
}

#[tokio::test]
async fn without_a_supervisor_it_is_raised_and_stays() {
    let cast = Cast::new().await;
    let off = UserChange { disabled: Some(true), ..Default::default() };
    users::change(&can(&cast.admin), &cast.world.db, cast.supervisor.user, off).await.unwrap();
    let ticket = cast.opens(&cast.vip).await;
    cast.pass(HOUR * 2);
    cast.tick().await;
    let view = tickets::get(&can(&cast.admin), &cast.world.db, ticket).await.unwrap().ticket;
    assert_eq!((view.escalation_level, view.assignee), (1, None));
}

/// Counts the events of a type.
async fn events_of(world: &World, kind: &str) -> usize {
    let query = format!("select id::text as line from events where type = '{kind}'");
    world.database.lines(&query).await.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn many_workers_do_each_once() {
    let cast = Cast::new().await;
    for n in 0..60 {
        cast.opens(if n % 2 == 0 { &cast.vip } else { &cast.customer }).await;
    }
    cast.pass(HOUR * 2);
    let rounds = (0..6).map(|_| async {
        let mut sum = (0, 0);
        for _ in 0..6 {
            let done = cast.tick().await;
            sum = (sum.0 + done.0, sum.1 + done.1);
        }
        sum
    });
    let done = futures::future::join_all(rounds).await;
    let sum = done.iter().fold((0, 0), |sum, done| (sum.0 + done.0, sum.1 + done.1));
    // Of the VIPs' both promises are broken; the others' first response is not yet.
    assert_eq!(sum, (0, 60));
    assert_eq!(events_of(&cast.world, "sla:breached").await, 60);
    assert_eq!(events_of(&cast.world, "ticket:escalated").await, 30);
    assert_eq!(events_of(&cast.world, "ticket:assigned").await, 30);
    let twice = "select ticket_id::text as line from tickets t join assignments a on a.ticket_id = t.id
        where a.trigger = 'escalation' group by ticket_id having count(*) > 1 or max(t.escalation_level) > 1";
    assert_eq!(cast.world.database.lines(twice).await, Vec::<String>::new());
    assert_eq!(units(&cast, cast.supervisor.user).await, "30");
}

#[tokio::test]
async fn two_workers_with_the_same_list_act_once() {
    let cast = Cast::new().await;
    cast.opens(&cast.vip).await;
    cast.pass(HOUR * 2);
    let system = &cast.world.system;
    let (org, tickets) = sla::due(system).await.unwrap().remove(0);
    let (one, other) =
        futures::future::join(sla::advance(system, org, tickets.clone()), sla::advance(system, org, tickets.clone()))
            .await;
    assert_eq!(one.unwrap().breached + other.unwrap().breached, 2);
    assert_eq!(sla::advance(system, org, tickets).await.unwrap(), sla::Advanced::default());
    assert_eq!(events_of(&cast.world, "sla:breached").await, 2);
}

#[tokio::test]
async fn a_worker_that_dies_before_its_commit_did_nothing_and_the_next_one_does_it_once() {
    let cast = Cast::new().await;
    let ticket = cast.opens(&cast.vip).await;
    let before = cast.clocks(ticket).await;
    cast.pass(HOUR * 2);
    let system = &cast.world.system;
    let (org, tickets) = sla::due(system).await.unwrap().remove(0);
    // Dropped at each of its steps in turn: its transaction rolls back wherever it was.
    let mut steps = 0;
    loop {
        let mut advance = Box::pin(sla::advance(system, org, tickets.clone()));
        let mut polls = 0;
        let ended = std::future::poll_fn(|cx| match advance.as_mut().poll(cx) {
            std::task::Poll::Ready(done) => std::task::Poll::Ready(Some(done)),
            std::task::Poll::Pending if polls == steps => std::task::Poll::Ready(None),
            std::task::Poll::Pending => {
                polls += 1;
                std::task::Poll::Pending
            }
        })
        .await;
        match ended {
            Some(done) => {
                // The lock of one that died just now may still be held: then this round passed over it.
                if done.unwrap().breached == 2 {
                    break;
                }
            }
            None => {
                drop(advance);
                steps += 1;
                if events_of(&cast.world, "sla:breached").await > 0 {
                    // Killed after it had sent its commit: done, by this one.
                    break;
                }
                assert_eq!(cast.clocks(ticket).await, before);
            }
        }
    }
    assert!(steps > 3, "it was killed {steps} times only");
    cast.tick().await;
    assert_eq!(events_of(&cast.world, "sla:breached").await, 2);
    assert_eq!(events_of(&cast.world, "ticket:escalated").await, 1);
}

#[tokio::test]
async fn a_ticket_that_somebody_holds_is_passed_over_and_done_later() {
    let cast = Cast::new().await;
    let (held, free) = (cast.opens(&cast.vip).await, cast.opens(&cast.vip).await);
    cast.pass(HOUR * 2);
    let tx = cast.world.db.begin("holds", cast.org.id).await.unwrap();
    baton_store::conversations::lock(&tx, held).await.unwrap();
    assert_eq!(cast.tick().await, (0, 2));
    assert_eq!(cast.states(free).await[1].1, ClockState::Breached);
    assert_eq!(cast.states(held).await[1].1, ClockState::Running);
    tx.commit().await.unwrap();
    assert_eq!(cast.tick().await, (0, 2));
}

#[tokio::test]
async fn customers_see_no_clocks_and_hear_of_no_escalation() {
    let cast = Cast::new().await;
    let ticket = cast.opens(&cast.vip).await;
    cast.pass(HOUR * 2);
    cast.tick().await;
    let denied = baton_app::Ctx::of(Arc::clone(&cast.vip)).allow::<baton_domain::access::rights::SlaView>();
    assert_eq!(denied.unwrap_err().code(), "forbidden");
    let (events, _) = tickets::timeline(&can(&cast.vip), &cast.world.db, ticket, None, 100).await.unwrap();
    assert!(events.iter().any(|event| matches!(event.fact, Fact::SlaBreached { .. })), "staff's timeline has it");
    assert!(cast.told(&cast.vip).await.is_empty());
}

#[tokio::test]
async fn a_list_by_due_time_has_what_is_broken_first() {
    let cast = Cast::new().await;
    let normal = cast.opens(&cast.customer).await;
    let broken = cast.opens(&cast.vip).await;
    cast.pass(HOUR * 2);
    cast.tick().await;
    let vip = cast.opens(&cast.vip).await;
    let waiting = cast.opens(&cast.customer).await;
    cast.status(waiting, Status::Resolved).await;
    let filter = tickets::Filter { sort: tickets::Sort::SlaDueAt, descending: false, ..crate::tickets::all() };
    let page = tickets::list(&can(&cast.leader), &cast.world.db, filter).await.unwrap();
    let order: Vec<_> = page.tickets.iter().map(|view| view.ticket.id).collect();
    assert_eq!(order, [broken, vip, normal, waiting]);
}
