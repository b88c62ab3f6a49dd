//! Conversations on the screens of those who take part.

use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{Stack, Transport, text};

#[rstest]
#[case::websocket(Transport::Websocket)]
#[case::polling(Transport::Polling)]
#[tokio::test]
async fn a_post_reaches_the_other_screen(#[case] transport: Transport) {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, sam) = (tenant.customer("Cleo").await, tenant.supervisor("Sam").await);
    let ticket = cleo.opens_id("Printer").await;
    let gateways = [stack.gateway(0)];
    let customer = cleo.screen_over(transport, &gateways).await;
    let staff = sam.screen_over(transport, &gateways).await;
    customer.join(&ticket).await;
    staff.join(&ticket).await;

    sam.posts(&ticket, "Is it plugged in?").await;
    let sent = customer.asks("message:send", reply(&ticket, "c1", "Yes!")).await;

    let expected = ["Printer, please help", "Is it plugged in?", "Yes!"];
    assert_eq!(customer.until_thread(&ticket, 3).await, expected);
    assert_eq!(staff.until_thread(&ticket, 3).await, expected);
    assert_eq!((&sent["message"]["seq"], &sent["message"]["client_id"]), (&json!(3), &json!("c1")));
    let card = staff.until_ticket(&ticket, "with the last message", |ticket| ticket["last_seq"] == 3).await;
    assert_eq!(card["preview"], "Yes!");
}

#[rstest]
#[case::websocket(Transport::Websocket)]
#[case::polling(Transport::Polling)]
#[tokio::test]
async fn typing_shows_on_the_other_side_only(#[case] transport: Transport) {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, sam) = (tenant.customer("Cleo").await, tenant.supervisor("Sam").await);
    let ticket = cleo.opens_id("Printer").await;
    // On two gateways, which whisper to each other.
    let customer = cleo.screen_over(transport, &[stack.gateway(0)]).await;
    let staff = sam.screen_over(transport, &[stack.gateway(1)]).await;
    customer.join(&ticket).await;
    staff.join(&ticket).await;

    staff.asks("typing", json!({"conversation_id": ticket, "typing": true})).await;
    let notice = customer.until_heard("typing").await;
    let person = json!({"id": sam.id, "name": "Sam", "role": "supervisor"});
    assert_eq!(notice, json!({"conversation_id": ticket, "user": person, "typing": true}));

    staff.asks("typing", json!({"conversation_id": ticket, "typing": false})).await;
    customer
        .until("the end of typing", |seen| seen.last("typing").filter(|last| last["typing"] == false).cloned())
        .await;
    assert_eq!(staff.seen().all("typing").count(), 0, "one's own typing is no news");

    staff.leave(&ticket).await;
    staff.is_refused("typing", json!({"conversation_id": ticket, "typing": true}), "not_found").await;
}

#[rstest]
#[case::websocket(Transport::Websocket)]
#[case::polling(Transport::Polling)]
#[tokio::test]
async fn read_marks_show_and_never_go_back(#[case] transport: Transport) {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, sam) = (tenant.customer("Cleo").await, tenant.supervisor("Sam").await);
    let ticket = cleo.opens_id("Printer").await;
    sam.notes(&ticket, "The old one again").await;
    cleo.posts(&ticket, "Hello?").await;
    let gateways = [stack.gateway(0)];
    let customer = cleo.screen_over(transport, &gateways).await;
    let (desk, phone) = (sam.screen_over(transport, &gateways).await, sam.screen_over(transport, &gateways).await);
    assert_eq!(unread(&sam.ticket(&ticket).await), (3, 2), "sam wrote the note at 2, so has read up to there");

    let mark = desk.asks("read", json!({"conversation_id": ticket, "seq": 3})).await;
    assert_eq!(mark, json!({"ok": true, "conversation_id": ticket, "read_seq": 3}));

    phone.until_ticket(&ticket, "read on the other screen", |ticket| ticket["read_seq"] == 3).await;
    let heard = customer.until_event("conversation:read").await;
    // The customer counts without the note.
    assert_eq!(heard["data"], json!({"conversation_id": ticket, "user_id": sam.id, "seq": 2}));

    let back = sam.rest.post(&format!("/v1/conversations/{ticket}/read"), json!({"seq": 1})).await.expect(200);
    assert_eq!(back["read_seq"], 1, "the answer names the mark that was asked for");
    assert_eq!(unread(&sam.ticket(&ticket).await), (3, 3));
    desk.is_refused("read", json!({"conversation_id": ticket, "seq": 4}), "invalid").await;
}

#[tokio::test]
async fn a_message_sent_again_is_the_same_message() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let ticket = cleo.opens_id("Printer").await;
    let (one, two) = (cleo.screen(stack.gateway(0)).await, cleo.screen(stack.gateway(1)).await);
    one.join(&ticket).await;

    let first = one.asks("message:send", reply(&ticket, "c1", "Once")).await;
    let again = two.asks("message:send", reply(&ticket, "c1", "Once")).await;
    assert_eq!(first["message"], again["message"]);
    let over_rest = json!({"body": "Once", "client_id": "c1"});
    let answer = cleo.rest.post(&format!("/v1/conversations/{ticket}/messages"), over_rest).await.expect(200);
    assert_eq!(answer, first["message"]);

    let other = one.emit("message:send", reply(&ticket, "c1", "Twice")).await;
    assert_eq!(other["ok"], false, "{other}");
    let over_rest = json!({"body": "Twice", "client_id": "c1"});
    let answer = cleo.rest.post(&format!("/v1/conversations/{ticket}/messages"), over_rest).await;
    let problem = answer.clone().problem(422, text(&answer.json(), "code"));
    assert_eq!(other["error"]["code"], problem["code"], "one code for one mistake, over socket and REST");

    one.asks("message:send", reply(&ticket, "c2", "The end")).await;
    assert_eq!(one.until_thread(&ticket, 3).await, ["Printer, please help", "Once", "The end"]);
}

#[tokio::test]
async fn sends_of_one_socket_keep_their_order() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let ticket = cleo.opens_id("Printer").await;
    let screen = cleo.screen(stack.gateway(0)).await;
    screen.join(&ticket).await;

    let bodies: Vec<String> = (0..50).map(|number| format!("line {number}")).collect();
    let sends = bodies.iter().map(|body| screen.asks("message:send", reply(&ticket, body, body)));
    futures::future::join_all(sends).await;

    assert_eq!(screen.until_thread(&ticket, 51).await[1..], bodies);
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused_and_the_socket_lives_on() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let ticket = cleo.opens_id("Printer").await;
    let screen = cleo.screen(stack.gateway(0)).await;

    for (event, payload) in [
        ("message:send", json!({"conversation_id": ticket, "client_id": "c1", "kind": "reply"})),
        ("message:send", json!({"conversation_id": ticket, "client_id": "c1", "kind": "shout", "body": "x"})),
        ("message:send", json!({"conversation_id": ticket, "client_id": "c1", "kind": "reply", "body": "", "x": 1})),
        ("message:send", reply(&ticket, "c1", " ")),
        ("message:send", reply(&ticket, "c1", &"x".repeat(20_001))),
        ("conversation:join", json!({"conversation_id": "x"})),
        ("conversation:join", json!({"conversation_id": ticket, "after_seq": -1})),
        ("typing", json!("yes")),
        ("read", json!([ticket, 1])),
        ("typing", json!([ticket, true])),
        ("read", Value::Null),
        ("message:destroy", json!({})),
    ] {
        screen.is_refused(event, payload, "invalid").await;
    }

    screen.asks("message:send", reply(&ticket, "c1", "Still here")).await;
    assert_eq!(cleo.history(&ticket).await.len(), 2);
    assert_eq!(screen.seen().cuts, [""; 0]);
}

fn reply(conversation: &str, client_id: &str, body: &str) -> Value {
    json!({"conversation_id": conversation, "client_id": client_id, "kind": "reply", "body": body})
}

/// How many messages there are, and up to which the reader has read.
fn unread(ticket: &Value) -> (i64, i64) {
    let (last, read) = (ticket["last_seq"].as_i64().unwrap(), ticket["read_seq"].as_i64().unwrap());
    assert_eq!(ticket["unread"], last - read);
    (last, read)
}
