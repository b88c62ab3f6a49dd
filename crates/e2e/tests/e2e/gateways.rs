//! Gateways come, go and die; nobody misses anything.

use std::time::Duration;

use baton_testkit::wait_for;
use baton_wire::event::Payload;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{CatchUp, Fleet, PATIENCE, Screen, Stack, Transport, is_exactly, text};

#[tokio::test]
async fn two_gateways_hear_each_other() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, sam) = (tenant.customer("Cleo").await, tenant.supervisor("Sam").await);
    let ticket = cleo.opens_id("Printer").await;
    let (customer, staff) = (cleo.screen(stack.gateway(0)).await, sam.screen(stack.gateway(1)).await);
    customer.join(&ticket).await;
    staff.join(&ticket).await;

    for number in 0..5 {
        let message = |body| json!({"conversation_id": ticket, "client_id": body, "kind": "reply", "body": body});
        customer.asks("message:send", message(format!("question {number}"))).await;
        staff.until_thread(&ticket, 2 * number + 2).await;
        staff.asks("message:send", message(format!("answer {number}"))).await;
        customer.until_thread(&ticket, 2 * number + 3).await;
    }
    assert_eq!(customer.until_thread(&ticket, 11).await, staff.until_thread(&ticket, 11).await);
}

#[tokio::test]
async fn a_client_goes_to_another_gateway_with_its_cursor() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, sam) = (tenant.customer("Cleo").await, tenant.supervisor("Sam").await);
    let ticket = cleo.opens_id("Printer").await;
    let staff = sam.screen(stack.gateway(0)).await;
    staff.join(&ticket).await;
    let witnesses = [cleo.screen(stack.gateway(0)).await, cleo.screen(stack.gateway(1)).await];
    for round in 1..=4 {
        staff.closes();
        staff.until_cut().await;
        cleo.posts(&ticket, &format!("round {round}")).await;
        for witness in &witnesses {
            witness.until("the post", |seen| (seen.events.len() == round).then_some(())).await;
        }
        staff.moves_to(&stack.gateway(round % 2).url());
        let catch_up = staff.until_settled(round + 1).await;
        assert_eq!(catch_up, CatchUp { missed: 1, pages: 1, reloaded: false });
    }
    assert_eq!(staff.until_thread(&ticket, 5).await[4], "round 4");
}

#[rstest]
#[case::websocket(Transport::Websocket)]
#[case::polling(Transport::Polling)]
#[tokio::test]
async fn a_killed_gateway_costs_nobody_anything(#[case] transport: Transport) {
    let stack = Stack::start(Fleet { assigners: 0, ..Fleet::ONE }).await;
    let tenant = stack.tenant().await;
    let (cleo, sam) = (tenant.customer("Cleo").await, tenant.supervisor("Sam").await);
    let ticket = cleo.opens_id("Printer").await;
    let gateway = stack.gateway(0);
    let customer = cleo.screen_over(transport, &[gateway]).await;
    let staff = sam.screen_over(transport, &[gateway]).await;
    customer.join(&ticket).await;
    staff.join(&ticket).await;
    sam.posts(&ticket, "before").await;
    customer.until_thread(&ticket, 2).await;
    staff.until_ticket(&ticket, "open", |ticket| ticket["status"] == "open").await;
    customer.until_ticket(&ticket, "open", |ticket| ticket["status"] == "open").await;
    let before = (customer.seen().events.len(), staff.seen().events.len());

    gateway.kill();
    customer.until_cut().await;
    staff.until_cut().await;
    sam.posts(&ticket, "one").await;
    cleo.posts(&ticket, "two").await;
    sam.notes(&ticket, "a note").await;
    sam.changes(&ticket, json!({"priority": "high"})).await;
    let other = cleo.opens_id("Scanner").await;
    cleo.posts(&ticket, "three").await;
    until_placed(&stack).await;
    gateway.start();

    let missed = |missed| CatchUp { missed, pages: 1, reloaded: false };
    assert_eq!(staff.until_settled(2).await, missed(7));
    assert_eq!(customer.until_settled(2).await, missed(6));
    let message = |conversation: &str, body: &str| format!("message:created {conversation} {body}");
    let for_staff = [
        message(&ticket, "one"),
        message(&ticket, "two"),
        message(&ticket, "a note"),
        format!("ticket:updated {ticket} high"),
        format!("ticket:created {other} normal"),
        message(&other, "Scanner, please help"),
        message(&ticket, "three"),
    ];
    let for_customer: Vec<String> = for_staff.iter().filter(|line| !line.ends_with("a note")).cloned().collect();
    assert_eq!(resumed(&staff, before.1), for_staff);
    assert_eq!(resumed(&customer, before.0), for_customer);
    let thread = ["Printer, please help", "before", "one", "two", "three"];
    assert_eq!(customer.until_thread(&ticket, 5).await, thread);

    // And live again.
    sam.posts(&ticket, "after").await;
    assert_eq!(customer.until_thread(&ticket, 6).await[5], "after");
    assert_eq!(staff.until_thread(&ticket, 7).await[6], "after");
}

#[tokio::test]
async fn a_cursor_that_is_of_no_use_makes_the_client_load_again() {
    let stack = Stack::start(Fleet { assigners: 0, ..Fleet::ONE }).await;
    let tenant = stack.tenant().await;
    let (cleo, sam) = (tenant.customer("Cleo").await, tenant.supervisor("Sam").await);
    let ticket = cleo.opens_id("Printer").await;
    let gateway = stack.gateway(0);
    let staff = sam.screen(gateway).await;
    staff.join(&ticket).await;

    // Too old: what was missed is pruned, and the new gateway remembers nothing.
    gateway.kill();
    staff.until_cut().await;
    cleo.posts(&ticket, "missed").await;
    let other = cleo.opens_id("Scanner").await;
    until_placed(&stack).await;
    stack.database.run_as_owner("delete from feed").await;
    gateway.start();
    assert!(staff.until_settled(2).await.reloaded);
    assert_eq!(staff.until_thread(&ticket, 2).await[1], "missed");
    assert!(staff.seen().ticket(&other).is_some());

    // No cursor at all, or one of tomorrow.
    for cursor in ["nonsense", "AX_________8"] {
        let mut opening = sam.opening(Transport::Websocket, &[gateway]);
        opening.cursor = Some(cursor.to_owned());
        let screen = sam.knocks(opening);
        assert!(screen.until_settled(1).await.reloaded, "{cursor}");
        cleo.posts(&ticket, "live").await;
        let card = screen.seen().ticket(&ticket).cloned().unwrap();
        let next = card["last_seq"].as_i64().unwrap() + 1;
        screen.until_ticket(&ticket, "with the next message", |ticket| ticket["last_seq"] == next).await;
    }
}

#[rstest]
#[case::websocket(Transport::Websocket)]
#[case::polling(Transport::Polling)]
#[tokio::test]
async fn a_gateway_that_goes_away_says_so_and_is_left_in_peace(#[case] transport: Transport) {
    let stack = Stack::start(Fleet { gateways: 2, assigners: 0, ..Fleet::ONE }).await;
    let tenant = stack.tenant().await;
    let (cleo, sam) = (tenant.customer("Cleo").await, tenant.supervisor("Sam").await);
    let ticket = cleo.opens_id("Printer").await;
    let (leaving, staying) = (stack.gateway(0), stack.gateway(1));
    let customer = cleo.screen_over(transport, &[leaving, staying]).await;
    customer.join(&ticket).await;

    leaving.terminate();
    let word = customer.until_heard("server:draining").await;
    let wait = word["reconnect_after_ms"].as_u64().expect("how long to wait");
    assert!((1..=30_000).contains(&wait), "{word}");
    customer.until_cut().await;
    sam.posts(&ticket, "meanwhile").await;

    let ended = leaving.until_ended(Duration::from_secs(20)).await;
    assert!(ended.success(), "{ended}");
    assert!(!customer.until_settled(2).await.reloaded);
    sam.posts(&ticket, "after").await;
    assert_eq!(customer.until_thread(&ticket, 3).await, ["Printer, please help", "meanwhile", "after"]);
}

/// What came by resume after the first `known` events, each as a line. Nothing of it may have come otherwise.
fn resumed(screen: &Screen, known: usize) -> Vec<String> {
    let seen = screen.seen();
    let after = &seen.events[known..];
    assert!(after.iter().all(|applied| applied.via == "resume"), "{after:?}");
    let line = |event: &Value| {
        is_exactly::<Payload>(event);
        let data = &event["data"];
        let what = data["body"].as_str().or_else(|| data["ticket"]["priority"].as_str()).unwrap_or_default();
        format!("{} {} {what}", text(event, "type"), text(event, "ticket_id"))
    };
    after.iter().map(|applied| line(&applied.event)).collect()
}

/// Waits until every event has its place in the feed.
async fn until_placed(stack: &Stack) {
    wait_for("the outbox to be empty", PATIENCE, async || {
        let waiting = stack.database.lines("select event_id::text as line from outbox").await;
        waiting.is_empty().then_some(())
    })
    .await;
}
