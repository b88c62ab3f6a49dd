//! From a customer's wish to the right leader's screen.

use baton_wire::list::Page;
use baton_wire::routing::Decision;
use baton_wire::tickets::Ticket;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{Person, Screen, Seen, Stack, Transport, id, is_exactly, text};

#[rstest]
#[case::websocket(Transport::Websocket)]
#[case::polling(Transport::Polling)]
#[tokio::test]
async fn a_ticket_is_queued_assigned_and_on_the_leaders_screen(#[case] transport: Transport) {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, lena, sam) =
        (tenant.customer("Cleo").await, tenant.leader("Lena").await, tenant.supervisor("Sam").await);
    let gateways = [stack.gateway(0)];
    let customer = cleo.screen_over(transport, &gateways).await;
    let leader = lena.screen_over(transport, &gateways).await;
    let above = sam.screen_over(transport, &gateways).await;
    lena.chooses("online").await;

    let opened = cleo.opens("Printer").await;
    is_exactly::<Ticket>(&opened);
    let ticket = id(&opened);
    assert_eq!((&opened["status"], &opened["queue"]["state"]), (&json!("new"), &json!("waiting")));

    let on_screen = leader.until_ticket(&ticket, "assigned", |ticket| ticket["assignee"]["id"] == lena.id).await;
    assert_eq!((&on_screen["status"], &on_screen["queue"]["state"]), (&json!("open"), &json!("assigned")));
    let story = ["ticket:created", "message:created", "ticket:assigned"];
    // Whoever is given it is told so by name, behind the story that all hear.
    assert_eq!(leader.seen().story(&ticket)[..3], story);
    above.until_ticket(&ticket, "assigned", |ticket| ticket["assignee"]["id"] == lena.id).await;
    assert_eq!(above.seen().story(&ticket), story);
    let own = customer.until_ticket(&ticket, "assigned", |ticket| ticket["assignee"]["id"] == lena.id).await;
    assert_eq!(own["assignee"], json!({"id": lena.id, "name": "Lena", "role": "team_leader"}), "without her address");

    let decisions = sam.rest.get(&format!("/v1/tickets/{ticket}/assignments")).await.expect(200);
    is_exactly::<Page<Decision>>(&decisions);
    let decision = &decisions["items"][0];
    assert_eq!((&decision["trigger"], &decision["chosen"]), (&json!("queue"), &json!(lena.id)), "{decisions}");
    let verdict = &decision["candidates"][0];
    assert_eq!((&verdict["user_id"], &verdict["eligible"]), (&json!(lena.id), &json!(true)), "{decision}");
    assert!(verdict["reason"].is_string() && verdict["units_free"] == 5 && verdict["rank"] == 1, "{verdict}");
}

#[rstest]
#[case::websocket(Transport::Websocket)]
#[case::polling(Transport::Polling)]
#[tokio::test]
async fn a_leader_comes_online_and_gets_what_waits_in_order(#[case] transport: Transport) {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, lena) = (tenant.customer("Cleo").await, tenant.leader("Lena").await);
    let mut waiting = Vec::new();
    for priority in ["low", "urgent", "normal", "high", "normal"] {
        let subject = format!("{priority} {}", waiting.len());
        waiting.push(cleo.opens_as(json!({"subject": subject, "priority": priority})).await);
    }
    let place = cleo.ticket(&id(&waiting[0])).await;
    assert_eq!(place["queue"]["position"], 5, "the low one is last");

    let leader = lena.screen_over(transport, &[stack.gateway(1)]).await;
    assert_eq!(leader.seen().tickets.len(), 5, "loaded, and nobody's yet");
    lena.chooses("online").await;

    let order = assigned_order(&leader, 5).await;
    assert_eq!(order, ["urgent 1", "high 3", "normal 2", "normal 4", "low 0"]);
}

#[tokio::test]
async fn who_is_at_work_and_what_waits_is_seen_as_it_changes() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, lena) = (tenant.customer("Cleo").await, tenant.leader("Lena").await);
    let ben = tenant.agent_of_billing("Ben").await;
    let (customer, leader) = (cleo.screen(stack.gateway(0)).await, lena.screen(stack.gateway(0)).await);
    let colleague = ben.screen(stack.gateway(1)).await;

    for status in ["online", "busy"] {
        lena.chooses(status).await;
        let expected = json!({"user_id": lena.id, "availability": status, "available": status == "online"});
        let told = |seen: &Seen| seen.all("presence:changed").any(|told| *told == expected).then_some(());
        colleague.until("Lena's choice", told).await;
    }
    let ticket = cleo.opens_id("Printer").await;
    let expected = json!({"ticket_id": ticket, "position": 1, "expected_wait_seconds": null});
    customer.until("a place", |seen| seen.all("queue:changed").any(|told| *told == expected).then_some(())).await;
    let waits = |told: &Value| told["waiting"] == 1 && told["team_id"].is_string();
    leader.until("a queue", |seen| seen.all("queue:changed").any(waits).then_some(())).await;
    assert_eq!(customer.seen().all("presence:changed").count(), 0);
    assert_eq!(colleague.seen().all("queue:changed").count(), 0, "another team's");
}

#[tokio::test]
async fn a_full_leader_gets_the_next_when_one_is_resolved() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, lena) = (tenant.customer("Cleo").await, tenant.leader_carrying("Lena", 2).await);
    let leader = lena.screen(stack.gateway(0)).await;
    lena.chooses("online").await;
    for subject in ["one", "two", "three"] {
        cleo.opens(subject).await;
    }
    assert_eq!(assigned_order(&leader, 2).await, ["one", "two"]);
    let three =
        leader.until("the third", |seen| seen.tickets.values().find(|t| t["subject"] == "three").cloned()).await;
    assert_eq!(load(&lena).await, (2, 2));
    assert_eq!(lena.ticket(&id(&three)).await["queue"]["state"], "waiting");

    let one = leader.until("the first", |seen| seen.tickets.values().find(|t| t["subject"] == "one").cloned()).await;
    let then = json!({"body": "Fixed", "then": {"status": "resolved"}});
    lena.rest.post(&format!("/v1/conversations/{}/messages", id(&one)), then).await.expect(201);

    assert_eq!(assigned_order(&leader, 3).await, ["one", "two", "three"]);
    assert_eq!(load(&lena).await, (2, 2));
}

#[tokio::test]
async fn work_goes_to_whoever_has_most_room() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let (lena, luis) = (tenant.leader_carrying("Lena", 3).await, tenant.leader_carrying("Luis", 2).await);
    let (busy, away) = (tenant.leader("Bea").await, tenant.leader("Ada").await);
    let screens = [lena.screen(stack.gateway(0)).await, luis.screen(stack.gateway(1)).await];
    let (_here_too, _not_here) = (busy.screen(stack.gateway(0)).await, &away);
    busy.chooses("busy").await;
    lena.chooses("online").await;
    luis.chooses("online").await;

    for number in 0..5 {
        let ticket = cleo.opens_id(&format!("ticket {number}")).await;
        screens[0].until_ticket(&ticket, "assigned", |ticket| !ticket["assignee"].is_null()).await;
    }

    // Three and two free: Lena, then whoever has as many free and waited longer.
    let owners: Vec<String> = {
        let seen = screens[0].seen();
        let assigned = seen.events.iter().filter(|applied| applied.event["type"] == "ticket:assigned");
        assigned.map(|applied| text(&applied.event["data"]["ticket"]["assignee"], "name").to_owned()).collect()
    };
    assert_eq!(owners, ["Lena", "Luis", "Lena", "Luis", "Lena"]);
    assert_eq!((load(&lena).await, load(&luis).await), ((3, 3), (2, 2)));
    assert_eq!((load(&busy).await.0, load(&away).await.0), (0, 0));
}

#[tokio::test]
async fn given_by_hand_it_leaves_one_basket_for_the_other() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, sam) = (tenant.customer("Cleo").await, tenant.supervisor("Sam").await);
    let (lena, luis) = (tenant.leader("Lena").await, tenant.leader("Luis").await);
    // Luis takes nothing by himself, and is here: what is given to somebody who is not goes on to the next.
    let (leader, other) = (lena.screen(stack.gateway(0)).await, luis.screen(stack.gateway(1)).await);
    lena.chooses("online").await;
    luis.chooses("busy").await;
    let ticket = cleo.opens_id("Printer").await;
    leader.until_ticket(&ticket, "assigned", |ticket| ticket["assignee"]["id"] == lena.id).await;

    let path = format!("/v1/tickets/{ticket}/assignee");
    sam.rest.put(&path, json!({"user_id": luis.id})).await.expect(200);
    leader.until_ticket(&ticket, "somebody else's", |ticket| ticket["assignee"]["id"] == luis.id).await;
    other.until_ticket(&ticket, "one's own", |ticket| ticket["assignee"]["id"] == luis.id).await;
    assert_eq!((load(&lena).await.0, load(&luis).await.0), (0, 1));
    let claim = lena.rest.post(&format!("/v1/tickets/{ticket}/claim"), json!({})).await;
    claim.problem(409, "already_assigned");

    let decisions = sam.rest.get(&format!("/v1/tickets/{ticket}/assignments")).await.expect(200);
    let triggers: Vec<&str> = decisions["items"].as_array().unwrap().iter().map(|row| text(row, "trigger")).collect();
    assert_eq!(triggers, ["manual", "queue"], "the newest first");
}

/// Subjects of tickets in the order in which they were assigned, once there are so many.
async fn assigned_order(screen: &Screen, count: usize) -> Vec<String> {
    let subjects = |event: &Value| text(&event["data"]["ticket"], "subject").to_owned();
    screen
        .until(&format!("{count} tickets assigned"), |seen| {
            let assigned = seen.events.iter().filter(|applied| applied.event["type"] == "ticket:assigned");
            let order: Vec<String> = assigned.map(|applied| subjects(&applied.event)).collect();
            (order.len() >= count).then_some(order)
        })
        .await
}

/// Units somebody carries, and may carry.
async fn load(who: &Person) -> (i64, i64) {
    let me = who.rest.get("/v1/me").await.expect(200);
    (me["units_used"].as_i64().unwrap(), me["units_limit"].as_i64().unwrap())
}
