//! What passes and is kept by nobody: who is at work, and how the queues stand.

use std::time::{Duration, Instant};

use baton_app::tickets::{self, OpenTicket};
use baton_domain::id::ConversationId;
use baton_domain::routing::MemberRole;
use baton_domain::ticket::Priority;
use baton_domain::user::Role;
use baton_testkit::{can, wait_for, wish};
use serde_json::{Value, json};

use crate::client::Client;
use crate::stack::{Person, Stack};
use crate::{QUIET, opens};

fn named<'e>(name: &str, heard: &'e [(String, Value)]) -> Vec<&'e Value> {
    heard.iter().filter(|(event, _)| event == name).map(|(_, payload)| payload).collect()
}

/// Backdates what a person chose and when they were last connected, as if it were minutes ago.
async fn long_ago(stack: &Stack, who: &Person) {
    let database = &stack.org.world.database;
    let then = "now() - interval '5 minutes'";
    let update = format!(
        "update staff set availability = 'online', availability_at = {then}, connected_until = {then}
            where user_id = '{}'",
        who.actor.user
    );
    database.run_as_owner(&update).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_hear_who_comes_and_goes_on_every_gateway() {
    let stack = Stack::streaming().await;
    let (first, second) = (stack.gateway().await, stack.gateway().await);
    let (ana, gus) = (stack.leader("Ana").await, stack.customer("Gus").await);
    let ben = stack.person(Role::Agent, "Ben", &[(stack.org.billing, MemberRole::Member)]).await;
    long_ago(&stack, &ben).await;
    let (mut leader, _) = Client::fresh(&first.address, &ana.token).await;
    let (mut customer, _) = Client::fresh(&first.address, &gus.token).await;

    let (agent, _) = Client::fresh(&second.address, &ben.token).await;
    let seen = |available| json!({"user_id": ben.actor.user, "availability": "online", "available": available});
    assert_eq!(leader.event("presence:changed").await, seen(true));

    // Nobody says when a grace ends.
    drop(agent);
    let rows = format!("select id::text as line from staff_connections where user_id = '{}'", ben.actor.user);
    let gone = async || stack.org.world.database.lines(&rows).await.is_empty().then_some(());
    wait_for("the socket's end", Duration::from_secs(5), gone).await;
    long_ago(&stack, &ben).await;
    assert_eq!(leader.event("presence:changed").await, seen(false));

    // A wake saves the waiting.
    let (_agent, _) = Client::fresh(&first.address, &ben.token).await;
    let come = Instant::now();
    assert_eq!(leader.event("presence:changed").await, seen(true));
    assert!(come.elapsed() < Duration::from_secs(3), "{:?}", come.elapsed());
    assert!(named("presence:changed", &customer.heard(QUIET).await).is_empty());
}

async fn opens_urgent(stack: &Stack, customer: &Person) -> ConversationId {
    let open = wish("Fire", Priority::Urgent);
    tickets::open(&can(&customer.actor), &stack.org.world.db, open).await.unwrap().ticket.id
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_hear_their_place_and_staff_their_queue() {
    let stack = Stack::streaming().await;
    let (gateway, ana) = (stack.gateway().await, stack.leader("Ana").await);
    let bob = stack.person(Role::TeamLeader, "Bob", &[(stack.org.billing, MemberRole::Leader)]).await;
    let sue = stack.person(Role::Supervisor, "Sue", &[(stack.org.support, MemberRole::Member)]).await;
    let (gus, otto) = (stack.customer("Gus").await, stack.customer("Otto").await);
    let (mut leader, _) = Client::fresh(&gateway.address, &ana.token).await;
    let (mut elsewhere, _) = Client::fresh(&gateway.address, &bob.token).await;
    let (mut supervisor, _) = Client::fresh(&gateway.address, &sue.token).await;
    let (mut customer, _) = Client::fresh(&gateway.address, &gus.token).await;
    let (mut other, _) = Client::fresh(&gateway.address, &otto.token).await;

    let ticket = opens(&stack, &gus).await;
    let told = leader.event("queue:changed").await;
    assert_eq!((&told["team_id"], &told["waiting"]), (&json!(stack.org.support), &json!(1)), "{told}");
    assert!(told["oldest_waiting_seconds"].as_i64().unwrap() < 30, "{told}");
    assert_eq!(supervisor.event("queue:changed").await["waiting"], 1);
    let place = |ticket, position| json!({"ticket_id": ticket, "position": position, "expected_wait_seconds": null});
    assert_eq!(customer.event("queue:changed").await, place(ticket, 1));

    let urgent = opens_urgent(&stack, &otto).await;
    assert_eq!(customer.event("queue:changed").await, place(ticket, 2));
    assert_eq!(other.event("queue:changed").await, place(urgent, 1));
    assert_eq!(leader.event("queue:changed").await["waiting"], 2);
    tickets::claim(&can(&ana.actor), &stack.org.world.db, urgent, None).await.unwrap();
    let told_at = Instant::now();
    assert_eq!(customer.event("queue:changed").await, place(ticket, 1));
    assert!(told_at.elapsed() < Duration::from_secs(7), "{:?}", told_at.elapsed());

    // A ticket that is somebody's changes no queue again; another team's queue is not theirs.
    let billing = OpenTicket { team: Some("billing".into()), ..wish("Invoice", Priority::Normal) };
    tickets::open(&can(&otto.actor), &stack.org.world.db, billing).await.unwrap();
    let heard = elsewhere.event("queue:changed").await;
    assert_eq!((&heard["team_id"], &heard["waiting"]), (&json!(stack.org.billing), &json!(1)));
    let heard = leader.heard(QUIET).await;
    let waiting: Vec<_> = named("queue:changed", &heard).iter().map(|told| told["waiting"].clone()).collect();
    assert_eq!(waiting, [1], "{heard:?}");
    // In two rooms that hear the same, a supervisor hears it once.
    let heard = supervisor.heard(QUIET).await;
    let support = json!(stack.org.support);
    let of_support = named("queue:changed", &heard).into_iter().filter(|told| told["team_id"] == support).count();
    assert_eq!(of_support, 2, "{heard:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_moves_together_is_told_together() {
    let stack = Stack::streaming().await;
    let (gateway, ana, gus) = (stack.gateway().await, stack.leader("Ana").await, stack.customer("Gus").await);
    let (mut leader, _) = Client::fresh(&gateway.address, &ana.token).await;
    let (mut customer, _) = Client::fresh(&gateway.address, &gus.token).await;
    let began = Instant::now();
    for _ in 0..40 {
        opens(&stack, &gus).await;
    }
    let mut told = 0;
    loop {
        told += 1;
        if leader.event("queue:changed").await["waiting"] == 40 {
            break;
        }
    }
    assert!(told <= began.elapsed().as_secs() + 2, "{told} in {:?}", began.elapsed());
    // Each of the forty once, and once more at most if they were told while they came.
    let mut places = std::collections::BTreeMap::new();
    while places.len() < 40 {
        let standing = customer.event("queue:changed").await;
        let again = places.insert(standing["position"].as_i64().unwrap(), standing["ticket_id"].clone());
        assert!(again.is_none_or(|ticket| ticket == standing["ticket_id"]), "{standing}");
    }
    assert!(named("queue:changed", &customer.heard(QUIET).await).is_empty());
}
