//! Promises: kept, broken, escalated, and each told once, while the workers are killed.

use std::cell::Cell;
use std::time::Duration;

use baton_testkit::wait_for;
use baton_wire::list::Page;
use baton_wire::notifications::NotificationPage;
use baton_wire::sla::{Clock, Policy};
use baton_wire::tickets::Ticket;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::interval;

use crate::harness::{Fleet, PATIENCE, Person, Service, Stack, Tenant, id, is_exactly, text};
use crate::sequencer::killing;

/// A policy for every ticket: resolution within `seconds`, escalated when that breaks.
fn promise(seconds: i64) -> Value {
    json!({
        "name": "Quick",
        "targets": [{"metric": "first_response", "seconds": 3600}, {"metric": "resolution", "seconds": seconds}],
        "warn_percent": 50,
        "escalation": [
            {"metric": "resolution", "action": "raise"},
            {"metric": "resolution", "action": "hand_to_supervisor"},
            {"metric": "resolution", "action": "notify", "whom": ["assignee", "leaders", "supervisors"]},
        ],
    })
}

async fn clocks(who: &Person, ticket: &str) -> Vec<Value> {
    let page = who.rest.get(&format!("/v1/tickets/{ticket}/sla")).await.expect(200);
    is_exactly::<Page<Clock>>(&page);
    page["items"].as_array().unwrap().clone()
}

fn at(value: &Value, name: &str) -> Timestamp {
    text(value, name).parse().unwrap()
}

#[tokio::test]
async fn a_broken_promise_is_escalated_on_every_screen() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, lena) = (tenant.customer("Cleo").await, tenant.leader("Lena").await);
    let (sam, ada, olga) =
        (tenant.supervisor("Sam").await, tenant.admin("Ada").await, tenant.agent_of_billing("Olga").await);
    let policy = ada.rest.post("/v1/sla/policies", promise(4)).await.expect(201);
    is_exactly::<Policy>(&policy);
    assert_eq!((&policy["version"], &policy["is_default"]), (&json!(1), &json!(true)));
    let customer = cleo.screen(stack.gateway(0)).await;
    let leader = lena.screen(stack.gateway(0)).await;
    let above = sam.screen(stack.gateway(1)).await;
    let outside = olga.screen(stack.gateway(1)).await;
    lena.chooses("online").await;
    sam.chooses("online").await;

    let ticket = cleo.opens_id("Printer").await;
    leader.until_ticket(&ticket, "assigned", |ticket| ticket["assignee"]["id"] == lena.id).await;
    let lent = cleo.opens_id("Scanner").await;
    sam.rest.put(&format!("/v1/tickets/{lent}/assignee"), json!({"user_id": olga.id})).await.expect(200);
    outside.until_ticket(&lent, "one's own", |ticket| ticket["assignee"]["id"] == olga.id).await;

    let handed = above.until_ticket(&ticket, "one's own", |ticket| ticket["assignee"]["id"] == sam.id).await;
    assert_eq!((&handed["escalation_level"], &handed["priority"]), (&json!(1), &json!("high")));
    let told: Vec<String> =
        above.seen().story(&ticket).into_iter().filter(|kind| !kind.starts_with("message")).map(Into::into).collect();
    let end = ["sla:warning", "ticket:updated", "sla:breached", "ticket:escalated", "ticket:assigned"];
    let own: Vec<&str> = told.iter().map(String::as_str).filter(|kind| !kind.starts_with("notification")).collect();
    assert_eq!(own[own.len() - 5..], end, "{told:?}");
    let lost = leader.until_ticket(&ticket, "somebody else's", |ticket| ticket["assignee"]["id"] == sam.id).await;
    assert_eq!(lost["sla"][1]["state"], "breached");
    outside.until("the other one gone", |seen| seen.ticket(&lent).is_none().then_some(())).await;
    assert_eq!(outside.seen().story(&lent).last(), Some(&"ticket:removed"));

    let clock = clocks(&sam, &ticket).await.remove(1);
    assert_eq!((&clock["metric"], &clock["state"]), (&json!("resolution"), &json!("breached")));
    assert_eq!(clock["breached_at"], clock["due_at"]);
    assert!(at(&clock, "detected_at") >= at(&clock, "due_at"), "{clock}");
    assert_eq!(at(&clock, "due_at").duration_since(at(&clock, "started_at")).as_secs(), 4);
    let shown = sam.ticket(&ticket).await;
    is_exactly::<Ticket>(&shown);
    assert_eq!(shown["sla"][1], clock);

    // The customer sees that it became more urgent and whose it is, and nothing of promises.
    let own = customer.until_ticket(&ticket, "Sam's", |ticket| ticket["assignee"]["id"] == sam.id).await;
    assert_eq!((&own["sla"], &own["escalation_level"], &own["priority"]), (&json!([]), &json!(0), &json!("high")));
    assert!(!customer.seen().story(&ticket).iter().any(|kind| kind.starts_with("sla") || kind.contains("escalated")));
    cleo.rest.get(&format!("/v1/tickets/{ticket}/sla")).await.problem(403, "forbidden");

    above.until("being told of both", |seen| (seen.events_of("notification:created") >= 2).then_some(())).await;
    let page = sam.rest.get("/v1/notifications?limit=1").await.expect(200);
    is_exactly::<NotificationPage>(&page);
    assert_eq!((&page["items"][0]["kind"], &page["unread"]), (&json!("escalated"), &json!(2)));
    let up_to = json!({"up_to": page["items"][0]["id"]});
    assert_eq!(sam.rest.post("/v1/notifications/read", up_to).await.expect(200), json!({"unread": 0}));
    above.until_event("notification:read").await;
    sam.rest.post("/v1/notifications/read", json!({})).await.problem(400, "invalid");

    let workers = sam.rest.get("/v1/workers").await.expect(200);
    let loops = workers["items"].as_array().unwrap();
    assert!(loops.iter().any(|row| row["name"] == "baton-sla" && row["kind"] == "advance"), "{workers}");
    assert!(stack.all(Service::Sla)[0].metric("baton_sla_lateness_seconds_count").await >= 4.0);
}

#[tokio::test]
async fn an_answer_in_time_keeps_the_promise() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, lena, ada) = (tenant.customer("Cleo").await, tenant.leader("Lena").await, tenant.admin("Ada").await);
    ada.rest.post("/v1/sla/policies", promise(3_600)).await.expect(201);
    let leader = lena.screen(stack.gateway(0)).await;
    let ticket = cleo.opens_id("Printer").await;
    lena.posts(&ticket, "On it").await;
    leader.until_ticket(&ticket, "answered", |ticket| ticket["sla"][0]["state"] == "met").await;
    lena.changes(&ticket, json!({"status": "waiting"})).await;
    leader.until_ticket(&ticket, "paused", |ticket| ticket["sla"][1]["state"] == "paused").await;
    let due = lena.ticket(&ticket).await["sla"][1]["due_at"].clone();
    cleo.posts(&ticket, "Still smoking").await;
    let open = leader.until_ticket(&ticket, "running", |ticket| ticket["sla"][1]["state"] == "running").await;
    assert!(at(&open["sla"][1], "due_at") > due.as_str().unwrap().parse().unwrap(), "moved by the pause");
    let urgent = lena.changes(&ticket, json!({"priority": "urgent"})).await;
    assert_eq!(urgent["sla"][1]["started_at"], open["sla"][1]["started_at"]);
    let done = lena.changes(&ticket, json!({"status": "resolved"})).await;
    assert_eq!(done["sla"][1]["state"], "met");
    assert_eq!(clocks(&lena, &ticket).await.len(), 2);
    lena.rest.post("/v1/sla/policies", promise(1)).await.problem(403, "forbidden");
}

const TICKETS: usize = 60;

#[tokio::test]
async fn three_workers_killed_in_turn_tell_everything_once() {
    let stack = Stack::start(Fleet { sla: 3, assigners: 0, ..Fleet::ONE }).await;
    let tenant = stack.tenant().await;
    let (ann, ada) = (tenant.customer("Ann").await, tenant.admin("Ada").await);
    let _sam = tenant.supervisor("Sam").await;
    ada.rest.post("/v1/sla/policies", promise(4)).await.expect(201);

    let kills = Cell::new(0);
    let breaching = async {
        let mut pace = interval(Duration::from_millis(50));
        for number in 0..TICKETS {
            pace.tick().await;
            ann.opens(&format!("Printer {number}")).await;
        }
        wait_for("every promise to break", PATIENCE, async || {
            (told(&tenant, "sla:breached").await == TICKETS).then_some(())
        })
        .await;
    };
    tokio::select! {
        () = breaching => {}
        () = killing(&stack, Service::Sla, &kills) => unreachable!("kills go on"),
    }
    assert!(kills.get() >= 4, "{} kills: it was over too soon to show anything", kills.get());
    for kind in ["ticket:escalated", "ticket:assigned"] {
        assert_eq!(told(&tenant, kind).await, TICKETS, "{kind}");
    }
    // Of what is broken already nobody is warned: a worker that comes too late leaves that out.
    let warned =
        tenant.lines("select id::text as line from sla_clocks where org_id = $org and warned_at is not null").await;
    assert!(!warned.is_empty(), "somebody was warned in time");
    assert_eq!(told(&tenant, "sla:warning").await, warned.len());
    let wrong = "select id::text as line from tickets where org_id = $org and escalation_level <> 1";
    assert_eq!(tenant.lines(wrong).await, Vec::<String>::new());
    let early = "select id::text as line from sla_clocks where org_id = $org and
        (detected_at < due_at or warned_at < due_at - warn_lead_ms * interval '1 millisecond')";
    assert_eq!(tenant.lines(early).await, Vec::<String>::new());
    let late = "select id::text as line from sla_clocks where org_id = $org and detected_at > due_at + interval '15 s'";
    assert_eq!(tenant.lines(late).await, Vec::<String>::new());
}

/// How many tickets an event of this type was recorded for; none may have two.
async fn told(tenant: &Tenant<'_>, kind: &str) -> usize {
    let query = format!("select conversation_id::text as line from events where org_id = $org and type = '{kind}'");
    let mut tickets = tenant.lines(&query).await;
    let all = tickets.len();
    tickets.sort();
    tickets.dedup();
    assert_eq!(tickets.len(), all, "{kind} twice for one ticket");
    all
}

/// The check above sees it when something is told twice.
#[tokio::test]
#[should_panic(expected = "twice for one ticket")]
async fn what_is_told_twice_is_seen() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let ticket = id(&tenant.customer("Cleo").await.opens("Printer").await);
    let again = format!(
        "insert into events (org_id, id, type, at, conversation_id, rooms, by, data)
         select org_id, gen_random_uuid(), type, at, conversation_id, rooms, by, data from events
         where conversation_id = '{ticket}' and type = 'ticket:created'"
    );
    stack.database.run_as_owner(&again).await;
    told(&tenant, "ticket:created").await;
}
