//! State before + events = state after, for every use case that changes a ticket or a conversation
//! and for everybody who may look: the customer, a leader of its team, one of another team, and a
//! supervisor.

use std::sync::{Arc, Mutex};

use baton_app::conversations::{PostMessage, mark_read, post_message};
use baton_app::routing::{assign_waiting, return_from_absent, take_next};
use baton_app::tickets::{self, TicketChange};
use baton_domain::access::Actor;
use baton_domain::conversation::MessageKind;
use baton_domain::id::TicketId;
use baton_domain::routing::MemberRole;
use baton_domain::ticket::{Priority, Status};
use baton_domain::user::Role;
use baton_testkit::{Case, Organization, StateCheck, World, can, check_cases, wish};
use jiff::SignedDuration;

struct Cast {
    world: World,
    org: Organization,
    customer: Arc<Actor>,
    stranger: Arc<Actor>,
    leader: Arc<Actor>,
    other_leader: Arc<Actor>,
    supervisor: Arc<Actor>,
    /// What the checks of this scenario saw, in order.
    seen: Mutex<Vec<Vec<Case>>>,
}

impl Cast {
    async fn new() -> Self {
        let world = World::new().await;
        let org = world.organization("acme").await;
        Self {
            customer: org.customer("Cleo").await.actor,
            stranger: org.customer("Stan").await.actor,
            leader: org.leader("Ana").await.actor,
            other_leader: org.person(Role::TeamLeader, "Bob", &[(org.billing, MemberRole::Leader)]).await,
            supervisor: org.person(Role::Supervisor, "Sue", &[]).await,
            world,
            org,
            seen: Mutex::default(),
        }
    }

    async fn ticket(&self) -> TicketId {
        let wish = wish("Printer", Priority::Normal);
        let view = tickets::open(&can(&self.customer), &self.world.db, wish).await.unwrap();
        self.world.clock.advance(SignedDuration::from_secs(10));
        view.ticket.id
    }

    async fn watch(&self) -> StateCheck {
        let everybody = [&self.customer, &self.stranger, &self.leader, &self.other_leader, &self.supervisor];
        StateCheck::begin(&self.world, &everybody).await
    }

    /// Ends a check; gives the types of the events.
    async fn end(&self, check: StateCheck) -> Vec<&'static str> {
        let checked = check.end().await;
        self.seen.lock().unwrap().push(checked.cases);
        checked.types
    }

    /// What was seen, named after the scenario, the action's number in it, and the viewer.
    fn cases(self, scenario: &str) -> Vec<Case> {
        let actions = self.seen.into_inner().unwrap().into_iter().zip(1..);
        let named = |number: usize, mut case: Case| {
            case.name = format!("{scenario} {number}: {}", case.name);
            case
        };
        actions.flat_map(|(cases, number)| cases.into_iter().map(move |case| named(number, case))).collect()
    }

    fn message(&self, ticket: TicketId, kind: MessageKind) -> PostMessage {
        PostMessage { conversation: ticket, kind, body: "Hello again".into(), client_id: None, then: None }
    }
}

/// Each scenario as a test of its own, and all of them once more for clients that replay what was seen.
macro_rules! scenarios {
    ($($name:ident),+ $(,)?) => {
        mod each {
            $(
                #[tokio::test]
                async fn $name() {
                    super::$name(&super::Cast::new().await).await;
                }
            )+
        }

        #[tokio::test]
        async fn the_web_app_replays_what_happens() {
            let mut scenarios = Vec::new();
            $(
                let cast = Cast::new().await;
                $name(&cast).await;
                scenarios.push(cast.cases(stringify!($name)));
            )+
            check_cases(&scenarios);
        }
    };
}

scenarios! {
    opening,
    a_customers_message_and_a_leaders_and_a_note,
    send_and_resolve_then_reopened_by_the_customer,
    every_field,
    a_change_of_nothing_is_no_event,
    another_team_gets_it_whole_and_the_old_one_hears_that_it_left,
    handing_over,
    routing_and_absence,
    reading,
    a_note_by_somebody_who_had_not_read,
    deleting,
}

async fn opening(cast: &Cast) {
    let check = cast.watch().await;
    cast.ticket().await;
    assert_eq!(cast.end(check).await, ["ticket:created", "message:created"]);
}

async fn a_customers_message_and_a_leaders_and_a_note(cast: &Cast) {
    let ticket = cast.ticket().await;
    for (who, kind) in [
        (&cast.customer, MessageKind::Reply),
        (&cast.leader, MessageKind::Reply),
        (&cast.leader, MessageKind::Note),
        (&cast.customer, MessageKind::Reply),
    ] {
        let check = cast.watch().await;
        post_message(&can(who), &cast.world.db, cast.message(ticket, kind)).await.unwrap();
        assert!(cast.end(check).await.contains(&"message:created"));
        cast.world.clock.advance(SignedDuration::from_secs(10));
    }
}

async fn send_and_resolve_then_reopened_by_the_customer(cast: &Cast) {
    let ticket = cast.ticket().await;
    let check = cast.watch().await;
    let post = PostMessage { then: Some(Status::Resolved), ..cast.message(ticket, MessageKind::Reply) };
    post_message(&can(&cast.leader), &cast.world.db, post).await.unwrap();
    assert_eq!(cast.end(check).await, ["message:created", "ticket:updated"]);

    let check = cast.watch().await;
    post_message(&can(&cast.customer), &cast.world.db, cast.message(ticket, MessageKind::Reply)).await.unwrap();
    assert_eq!(cast.end(check).await, ["message:created", "ticket:updated"]);
}

async fn every_field(cast: &Cast) {
    let ticket = cast.ticket().await;
    let changes = [
        TicketChange { subject: Some("Scanner".into()), ..Default::default() },
        TicketChange { priority: Some(Priority::Urgent), ..Default::default() },
        TicketChange { tags: Some(vec!["b".into(), "a".into()]), ..Default::default() },
        TicketChange { custom_fields: Some(serde_json::json!({"floor": 3})), ..Default::default() },
        TicketChange { status: Some(Status::OnHold), ..Default::default() },
        TicketChange { team: Some("billing".into()), ..Default::default() },
    ];
    for change in changes {
        let check = cast.watch().await;
        let what = format!("{change:?}");
        tickets::change(&can(&cast.supervisor), &cast.world.db, ticket, None, change).await.unwrap();
        assert!(!cast.end(check).await.is_empty(), "{what}");
        cast.world.clock.advance(SignedDuration::from_secs(10));
    }
}

async fn a_change_of_nothing_is_no_event(cast: &Cast) {
    let ticket = cast.ticket().await;
    let check = cast.watch().await;
    let same = TicketChange { subject: Some("Printer".into()), ..Default::default() };
    let view = tickets::change(&can(&cast.leader), &cast.world.db, ticket, None, same).await.unwrap();
    assert_eq!(view.ticket.version, 1);
    assert!(cast.end(check).await.is_empty());
}

async fn another_team_gets_it_whole_and_the_old_one_hears_that_it_left(cast: &Cast) {
    let ticket = cast.ticket().await;
    let check = cast.watch().await;
    let change = TicketChange { team: Some("billing".into()), ..Default::default() };
    tickets::change(&can(&cast.leader), &cast.world.db, ticket, None, change).await.unwrap();
    assert_eq!(cast.end(check).await, ["ticket:removed", "ticket:updated"]);
}

async fn handing_over(cast: &Cast) {
    let ticket = cast.ticket().await;
    let db = &cast.world.db;

    let check = cast.watch().await;
    tickets::claim(&can(&cast.leader), db, ticket, None).await.unwrap();
    assert_eq!(cast.end(check).await, ["ticket:assigned"]);

    // Somebody of another team sees it while it is theirs, and no longer.
    let check = cast.watch().await;
    tickets::assign(&can(&cast.supervisor), db, ticket, None, Some(cast.other_leader.user)).await.unwrap();
    assert_eq!(cast.end(check).await, ["ticket:removed", "ticket:assigned", "notification:created"]);

    let check = cast.watch().await;
    tickets::assign(&can(&cast.supervisor), db, ticket, None, None).await.unwrap();
    assert_eq!(cast.end(check).await, ["ticket:removed", "ticket:unassigned"]);

    let check = cast.watch().await;
    take_next(&can(&cast.leader), db, "support").await.unwrap().unwrap();
    assert_eq!(cast.end(check).await, ["ticket:assigned"]);
}

async fn routing_and_absence(cast: &Cast) {
    cast.ticket().await;
    cast.ticket().await;
    cast.org.online(&cast.leader).await;
    let check = cast.watch().await;
    assign_waiting(&cast.world.system, cast.org.id, cast.org.support).await.unwrap();
    let told = ["notification:created", "notification:created"];
    assert_eq!(cast.end(check).await, [["ticket:assigned", "ticket:assigned"], told].concat());

    cast.world.clock.advance(SignedDuration::from_secs(61));
    let check = cast.watch().await;
    assert_eq!(return_from_absent(&cast.world.system).await.unwrap(), 2);
    let types = cast.end(check).await;
    assert_eq!(types.iter().filter(|t| **t == "ticket:unassigned").count(), 2, "{types:?}");
}

async fn reading(cast: &Cast) {
    let ticket = cast.ticket().await;
    for who in [&cast.leader, &cast.supervisor] {
        let check = cast.watch().await;
        mark_read(&can(who), &cast.world.db, ticket, 1).await.unwrap();
        assert_eq!(cast.end(check).await, ["conversation:read"]);
    }
    let check = cast.watch().await;
    mark_read(&can(&cast.leader), &cast.world.db, ticket, 1).await.unwrap();
    assert!(cast.end(check).await.is_empty(), "a mark that does not move is no event");
}

/// Customers hear of a note by nothing, and of its author's reading once they say so.
async fn a_note_by_somebody_who_had_not_read(cast: &Cast) {
    let ticket = cast.ticket().await;
    let check = cast.watch().await;
    post_message(&can(&cast.leader), &cast.world.db, cast.message(ticket, MessageKind::Note)).await.unwrap();
    assert_eq!(cast.end(check).await, ["message:created"]);
    for expected in [&["conversation:read"][..], &[]] {
        let check = cast.watch().await;
        mark_read(&can(&cast.leader), &cast.world.db, ticket, 2).await.unwrap();
        assert_eq!(cast.end(check).await, expected);
    }
}

async fn deleting(cast: &Cast) {
    let ticket = cast.ticket().await;
    let check = cast.watch().await;
    tickets::delete(&can(&cast.supervisor), &cast.world.db, ticket, None).await.unwrap();
    assert_eq!(cast.end(check).await, ["ticket:removed"]);
}
