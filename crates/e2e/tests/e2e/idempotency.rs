//! `Idempotency-Key`: the first answer again, and never twice the work.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Hold, Person, Stack};

#[tokio::test]
async fn the_same_request_again_gives_the_first_answer() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, carl) = (tenant.customer("Cleo").await, tenant.customer("Carl").await);
    let wish = json!({"subject": "Printer", "body": "Help"});
    let first = keyed(&cleo, "/v1/tickets", "k1", &wish).await.expect(201);
    let again = keyed(&cleo, "/v1/tickets", "k1", &wish).await;
    assert!([200, 201].contains(&again.status), "{}", again.status);
    assert_eq!(again.json(), first);

    // Another body is a mistake; another key, person or address is another request.
    keyed(&cleo, "/v1/tickets", "k1", &json!({"subject": "Scanner"})).await.problem(422, "idempotency_mismatch");
    let other_key = keyed(&cleo, "/v1/tickets", "k2", &wish).await.expect(201);
    let other_person = keyed(&carl, "/v1/tickets", "k1", &wish).await.expect(201);
    assert!(other_key["id"] != first["id"] && other_person["id"] != first["id"]);
    let messages = format!("/v1/conversations/{}/messages", first["id"].as_str().unwrap());
    let hello = json!({"body": "Hello"});
    let message = keyed(&cleo, &messages, "k1", &hello).await.expect(201);
    let again = keyed(&cleo, &messages, "k1", &hello).await;
    assert!([200, 201].contains(&again.status), "{}", again.status);
    assert_eq!(again.json(), message);
    keyed(&cleo, &messages, "k1", &json!({"body": "Bye"})).await.problem(422, "idempotency_mismatch");

    let tickets = tenant.lines("select subject as line from tickets where org_id = $org").await;
    assert_eq!(tickets, ["Printer"; 3]);
    assert_eq!(cleo.history(first["id"].as_str().unwrap()).await.len(), 2);
}

#[tokio::test]
async fn however_often_and_soon_it_comes_again() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let (wish, other) = (json!({"subject": "Printer"}), json!({"subject": "Scanner"}));
    let first = keyed(&cleo, "/v1/tickets", "k1", &wish).await.expect(201);
    for _ in 0..50 {
        // Nobody is at it any more: the one before was answered.
        keyed(&cleo, "/v1/tickets", "k1", &other).await.problem(422, "idempotency_mismatch");
        let again = keyed(&cleo, "/v1/tickets", "k1", &wish).await;
        assert!([200, 201].contains(&again.status), "{}", again.text);
        assert_eq!(again.json(), first);
    }
}

#[tokio::test]
async fn what_failed_is_not_kept() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    keyed(&cleo, "/v1/tickets", "k1", &json!({"subject": ""})).await.problem(400, "invalid");
    keyed(&cleo, "/v1/tickets", "k1", &json!({"subject": "Printer"})).await.expect(201);
    keyed(&cleo, "/v1/tickets", "a key", &json!({"subject": "Printer"})).await.problem(400, "invalid");
}

#[tokio::test]
async fn what_is_refused_is_refused_again_and_not_said_to_be_under_way() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, lena) = (tenant.customer("Cleo").await, tenant.leader("Lena").await);
    let ticket = cleo.opens_id("Printer").await;
    lena.changes(&ticket, json!({"status": "closed"})).await;
    let messages = format!("/v1/conversations/{ticket}/messages");
    for _ in 0..50 {
        keyed(&cleo, &messages, "k1", &json!({"body": "Hello"})).await.problem(409, "closed");
    }
}

#[tokio::test]
async fn a_twin_is_told_to_wait() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let wish = json!({"subject": "Printer"});
    let team = format!("select from teams where org_id = '{}'", tenant.organization.id);
    let hold = Hold::rows(&stack.database, &team).await;

    let first = keyed(&cleo, "/v1/tickets", "k1", &wish);
    let twin = async {
        hold.until_somebody_waits().await;
        keyed(&cleo, "/v1/tickets", "k1", &wish).await.problem(409, "in_progress");
        hold.release().await;
    };
    let (first, ()) = futures::join!(first, twin);
    let first = first.expect(201);

    let again = keyed(&cleo, "/v1/tickets", "k1", &wish).await;
    assert_eq!(again.json(), first);
    assert_eq!(tenant.lines("select subject as line from tickets where org_id = $org").await, ["Printer"]);
}

async fn keyed(who: &Person, path: &str, key: &str, body: &Value) -> Answer {
    who.rest.send_json(Method::POST, path, &[("idempotency-key", key)], body.clone()).await
}
