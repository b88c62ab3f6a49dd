//! What somebody must not know of, they do not hear of, whichever way they listen.

use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{Person, Screen, Stack, Transport};

/// Words of a note, to be looked for in everything a customer gets.
const SECRET: &str = "she-is-impossible";

#[rstest]
#[case::websocket(Transport::Websocket)]
#[case::polling(Transport::Polling)]
#[tokio::test]
async fn a_note_never_reaches_the_customer(#[case] transport: Transport) {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, sam) = (tenant.customer("Cleo").await, tenant.supervisor("Sam").await);
    let ticket = cleo.opens_id("Printer").await;
    let gateways = [stack.gateway(0)];
    let live = cleo.screen_over(transport, &gateways).await;
    live.join(&ticket).await;
    let staff = sam.screen_over(transport, &gateways).await;
    staff.join(&ticket).await;
    // This one is away, and comes back by resume.
    let back = cleo.screen_over(transport, &gateways).await;
    back.join(&ticket).await;
    back.closes();
    back.until_cut().await;

    sam.posts(&ticket, "Is it plugged in?").await;
    sam.notes(&ticket, SECRET).await;
    staff
        .asks("message:send", json!({"conversation_id": ticket, "client_id": "n", "kind": "note", "body": SECRET}))
        .await;
    sam.changes(&ticket, json!({"tags": [SECRET], "custom_fields": {"mood": SECRET}})).await;
    sam.posts(&ticket, "Well?").await;

    let said = ["Printer, please help", "Is it plugged in?", "Well?"];
    assert_eq!(live.until_thread(&ticket, 3).await, said);
    back.moves_to(&stack.gateway(1).url());
    back.until_settled(2).await;
    assert_eq!(back.until_thread(&ticket, 3).await, said);
    let late = cleo.screen_over(transport, &gateways).await;
    late.join(&ticket).await;
    assert_eq!(late.until_thread(&ticket, 3).await, said);
    assert_eq!(staff.until_thread(&ticket, 5).await[2..4], [SECRET; 2], "staff do see them");

    assert!(everything(&staff).contains(SECRET), "whoever may hear of it is seen to");
    for (screen, name) in [(&live, "live"), (&back, "resumed"), (&late, "late")] {
        is_clean(&everything(screen), name, &cleo);
    }
    for path in ["", "/messages?limit=100", "/timeline"] {
        let base = if path.starts_with("/messages") { "/v1/conversations" } else { "/v1/tickets" };
        let answer = cleo.rest.get(&format!("{base}/{ticket}{path}")).await;
        is_clean(&answer.expect(200).to_string(), path, &cleo);
    }
    is_clean(&cleo.rest.get("/v1/tickets?limit=100").await.expect(200).to_string(), "list", &cleo);
}

#[tokio::test]
async fn a_customer_writes_no_notes() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let ticket = cleo.opens_id("Printer").await;
    let screen = cleo.screen(stack.gateway(0)).await;
    let note = json!({"conversation_id": ticket, "client_id": "n", "kind": "note", "body": "hm"});
    screen.is_refused("message:send", note, "forbidden").await;
    let note = json!({"body": "hm", "kind": "note"});
    cleo.rest.post(&format!("/v1/conversations/{ticket}/messages"), note).await.problem(403, "forbidden");
    assert_eq!(cleo.history(&ticket).await.len(), 1);
}

#[rstest]
#[case::websocket(Transport::Websocket)]
#[case::polling(Transport::Polling)]
#[tokio::test]
async fn a_stranger_gets_nowhere(#[case] transport: Transport) {
    let stack = Stack::shared().await;
    let (tenant, elsewhere) = (stack.tenant().await, stack.tenant().await);
    let cleo = tenant.customer("Cleo").await;
    let ticket = cleo.opens_id("Printer").await;
    let own = cleo.screen_over(transport, &[stack.gateway(0)]).await;
    let strangers = [
        tenant.customer("Carl").await,
        tenant.agent_of_billing("Bill").await,
        elsewhere.supervisor("Eve").await,
        elsewhere.customer("Erik").await,
    ];
    for stranger in &strangers {
        let screen = stranger.screen_over(transport, &[stack.gateway(0)]).await;
        assert_eq!(screen.tries_to_join(&ticket).await["error"]["code"], "not_found", "{}", stranger.name);
        let message = json!({"conversation_id": ticket, "client_id": "c", "kind": "reply", "body": "hi"});
        screen.is_refused("message:send", message, "not_found").await;
        screen.is_refused("typing", json!({"conversation_id": ticket, "typing": true}), "not_found").await;
        screen.is_refused("read", json!({"conversation_id": ticket, "seq": 1}), "not_found").await;

        cleo.posts(&ticket, "secret").await;
        hears_a_ticket_of_their_own(&screen, stranger).await;
        let everything = everything(&screen);
        assert!(!everything.contains(&ticket) && !everything.contains("secret"), "{}: {everything}", stranger.name);
    }
    assert_eq!(cleo.history(&ticket).await.len(), 1 + strangers.len(), "only Cleo wrote");
    own.until_ticket(&ticket, "with all of it", |ticket| ticket["last_seq"] == 1 + strangers.len()).await;
    assert!(everything(&own).contains("secret"), "whoever may hear of it is seen to");
}

#[tokio::test]
async fn without_a_good_token_nobody_connects() {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let cleo = tenant.customer("Cleo").await;
    let (head, signature) = cleo.token.rsplit_once('.').unwrap();
    let turned: String = signature.chars().rev().collect();
    let gone = cleo.signs_in_again().await;
    gone.rest.post("/v1/auth/logout", json!({"refresh_token": gone.refresh_token})).await.expect(204);
    for (token, code) in [
        (String::new(), "invalid_token"),
        ("nonsense".to_owned(), "invalid_token"),
        (format!("{head}.{turned}"), "invalid_token"),
        (cleo.refresh_token.clone(), "invalid_token"),
        (gone.token.clone(), "revoked_session"),
    ] {
        let mut opening = cleo.opening(Transport::Websocket, &[stack.gateway(0)]);
        opening.token = token;
        let screen = cleo.knocks(opening);
        let refusal = screen.until("a refusal", |seen| seen.refusals.last().cloned()).await;
        assert!(refusal.starts_with(code), "{refusal}");
        assert!(!screen.seen().connected);
    }
}

/// All that came to a screen, as text.
fn everything(screen: &Screen) -> String {
    let seen = screen.seen();
    let heard = seen.heard.iter().map(|heard| heard.payload.to_string());
    let applied = seen.events.iter().map(|applied| applied.event.to_string());
    heard.chain(applied).chain(seen.tickets.values().map(Value::to_string)).collect()
}

#[track_caller]
fn is_clean(text: &str, whence: &str, reader: &Person) {
    assert!(!text.contains(SECRET) && !text.contains("note"), "{whence}: {text}");
    let own = reader.login["email"].as_str().unwrap();
    assert!(!text.replace(own, "").contains('@'), "{whence}: somebody's address in {text}");
}

/// Everything is in one order: who has heard this has heard all that came before it.
async fn hears_a_ticket_of_their_own(screen: &Screen, who: &Person) {
    let wish = match who.is_customer() {
        true => json!({"subject": "mine"}),
        false => json!({"subject": "mine", "team": "billing", "requester": {"email": "x@y.example"}}),
    };
    let own = who.opens_as(wish).await;
    let own = own["id"].as_str().unwrap();
    screen.until_ticket(own, "of their own", |_| true).await;
}
