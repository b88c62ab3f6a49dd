//! One trace of all that a request brings about.

use std::cell::RefCell;
use std::collections::BTreeMap;

use baton_testkit::wait_for;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Collector, Fleet, PATIENCE, Person, Span, Stack, id};

const CLIENT: &str = "00f067aa0ba902b7";

/// Posts under a trace of the client's.
async fn post(person: &Person, trace: &str, path: &str, body: Value) -> Value {
    let header = format!("00-{trace}-{CLIENT}-01");
    person.rest.send_json(Method::POST, path, &[("traceparent", &header)], body).await.expect(201)
}

/// The spans of a trace, once they are of these services and names, so many of each. Reading the session, which is
/// remembered for a while, may be one more.
async fn spans(collector: &Collector, trace: &str, expected: &[(&str, usize)]) -> Vec<Span> {
    let last = RefCell::default();
    wait_for("the spans of the trace", PATIENCE, async || {
        let spans = collector.of(trace);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for span in spans.iter().filter(|span| span.attributes.get("name").is_none_or(|name| name != "load_session")) {
            *counts.entry(format!("{} {}", span.service, span.name)).or_default() += 1;
        }
        let all = counts.iter().map(|(name, count)| (name.as_str(), *count)).eq(expected.iter().copied());
        if last.replace(counts.clone()) != counts {
            eprintln!("{counts:?}");
        }
        all.then_some(spans)
    })
    .await
}

fn one<'s>(spans: &'s [Span], name: &str, (key, value): (&str, &str)) -> &'s Span {
    let is = |span: &&Span| span.name == name && span.attributes.get(key).is_some_and(|is| is == value);
    let found: Vec<&Span> = spans.iter().filter(is).collect();
    assert_eq!(found.len(), 1, "{name} {key}={value}: {spans:#?}");
    found[0]
}

#[tokio::test]
async fn one_trace_goes_from_the_post_to_the_other_screen_and_to_the_mail() {
    let collector = Collector::start().await;
    let stack = Stack::start_with(Fleet::ONE, collector.settings()).await;
    let tenant = stack.tenant().await;
    let (lena, cleo) = (tenant.leader("Lena").await, tenant.customer("Cleo").await);
    lena.chooses("online").await;
    let screen = lena.screen(stack.gateway(0)).await;

    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let ticket = id(&post(&cleo, trace, "/v1/tickets", json!({"subject": "Printer", "body": "It smokes"})).await);
    screen.until_event("ticket:assigned").await;
    let expected = [
        ("baton-api request", 1),
        ("baton-api transaction", 1),
        ("baton-assigner assign", 1),
        ("baton-gateway tell", 4),
        ("baton-jobs job", 1),
        ("baton-jobs place", 4),
        ("baton-jobs transaction", 2),
    ];
    let found = spans(&collector, trace, &expected).await;
    let request = one(&found, "request", ("path", "/v1/tickets"));
    assert_eq!((request.parent.as_str(), request.attributes["status"].as_str()), (CLIENT, "201"));
    let job = one(&found, "job", ("kind", "mail"));
    let mut children =
        vec![one(&found, "transaction", ("name", "open_ticket")), one(&found, "assign", ("ticket", &ticket)), job];
    for event in ["ticket:created", "message:created", "ticket:assigned", "notification:created"] {
        children.extend(["place", "tell"].map(|name| one(&found, name, ("event", event))));
    }
    for child in children {
        assert_eq!(child.parent, request.id, "{child:?}");
    }
    for name in ["read_mail_job", "finish_job"] {
        let transaction = one(&found, "transaction", ("name", name));
        assert_eq!((&transaction.parent, transaction.attributes["outcome"].as_str()), (&job.id, "committed"));
    }

    let (trace, path) = ("5bf92f3577b34da6a3ce929d0e0e4736", format!("/v1/conversations/{ticket}/messages"));
    post(&cleo, trace, &path, json!({"body": "Still"})).await;
    let expected =
        [("baton-api request", 1), ("baton-api transaction", 1), ("baton-gateway tell", 1), ("baton-jobs place", 1)];
    let found = spans(&collector, trace, &expected).await;
    let request = one(&found, "request", ("path", &path));
    for child in ["place", "tell"].map(|name| one(&found, name, ("event", "message:created"))) {
        assert_eq!(child.parent, request.id, "{child:?}");
    }
}

#[tokio::test]
async fn what_is_no_traceparent_goes_nowhere() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let ticket = cleo.opens_id("Printer").await;
    let long = format!("01-4bf92f3577b34da6a3ce929d0e0e4736-{CLIENT}-01-{}", "x".repeat(2_000));
    for header in ["00-1-2-01", "4bf92f3577b34da6a3ce929d0e0e4736", &long] {
        let path = format!("/v1/conversations/{ticket}/messages");
        let sent = [("traceparent", header)];
        cleo.rest.send_json(Method::POST, &path, &sent, json!({"body": header})).await.expect(201);
    }
    let traces = "select trace as line from events where org_id = $org and type = 'message:created'";
    let traces = tenant.lines(traces).await;
    assert_eq!(traces.len(), 4);
    for trace in traces {
        let of_ours = trace.len() == 55 && !trace.contains("4bf92f3577b34da6") && !trace.contains("0000000000000001");
        assert!(of_ours, "{trace}");
    }
}
