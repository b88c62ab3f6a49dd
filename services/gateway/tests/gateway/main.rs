//! The gateway as its clients see it: the real process over a real database.

#![expect(clippy::disallowed_methods, reason = "a test's own tasks end with it")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports so"
)]

mod client;
mod conformance;
mod passing;
mod stack;

use std::time::Duration;

use baton_app::conversations::{PostMessage, post_message};
use baton_app::tickets::{self, TicketChange};
use baton_domain::conversation::MessageKind;
use baton_domain::id::ConversationId;
use baton_domain::routing::MemberRole;
use baton_domain::ticket::Priority;
use baton_domain::user::Role;
use baton_testkit::{can, wait_for, wish};
use client::Client;
use serde_json::{Value, json};
use stack::{Person, Stack};

const QUIET: Duration = Duration::from_millis(1_200);

async fn opens(stack: &Stack, customer: &Person) -> ConversationId {
    let open = wish("My printer", Priority::Normal);
    tickets::open(&can(&customer.actor), &stack.org.world.db, open).await.unwrap().ticket.id
}

async fn posts(stack: &Stack, who: &Person, conversation: ConversationId, kind: MessageKind, body: &str) {
    let post = PostMessage { conversation, kind, body: body.to_owned(), client_id: None, then: None };
    post_message(&can(&who.actor), &stack.org.world.db, post).await.unwrap();
}

fn bodies(events: &[(String, Value)]) -> Vec<&str> {
    let messages = events.iter().filter(|(name, _)| name == "message:created");
    messages.map(|(_, event)| event["data"]["body"].as_str().unwrap()).collect()
}

fn bodies_of(events: &[Value]) -> Vec<&str> {
    let messages = events.iter().filter(|event| event["type"] == "message:created");
    messages.map(|event| event["data"]["body"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_is_signed_in_comes_in() {
    let stack = Stack::streaming().await;
    let (gateway, ana) = (stack.gateway().await, stack.leader("Ana").await);
    for auth in [json!({}), json!({"token": ""}), json!({"token": "x.y.z"}), json!({"token": 7}), json!(null)] {
        let refused = Client::connect(&gateway.address, auth).await.err().expect("refused");
        assert!(refused.starts_with("invalid_token: "), "{refused}");
    }
    let polling = "/socket.io/?EIO=4&transport=polling";
    let own = stack::get(&gateway.address, polling, "Origin: http://127.0.0.1:8082\r\n").await.unwrap();
    assert!(own.contains("200 OK") && own.contains("\"sid\""), "{own}");
    let foreign = stack::get(&gateway.address, polling, "Origin: https://evil.example\r\n").await.unwrap();
    assert!(foreign.contains("403 Forbidden"), "{foreign}");
    let (mut client, cursor) = Client::fresh(&gateway.address, &ana.token).await;
    assert!(!cursor.is_empty());
    for (event, payload) in [("no:such", json!({})), ("typing", json!(3)), ("read", json!({"seq": "x"}))] {
        let answer = client.ask(event, payload).await;
        assert_eq!((&answer["ok"], &answer["error"]["code"]), (&json!(false), &json!("invalid")), "{answer}");
    }
    let stranger = client.ask("conversation:join", json!({"conversation_id": uuid::Uuid::nil()})).await;
    assert_eq!(stranger["error"]["code"], "not_found");
    let resync = client.ask("resume", json!({"cursor": "?"})).await;
    assert_eq!(resync["error"]["code"], "resync_required");
    assert!(resync["cursor"].is_string());
}

async fn hears_live(stack: Stack) {
    let (gateway, ana, gus) = (stack.gateway().await, stack.leader("Ana").await, stack.customer("Gus").await);
    let (mut leader, _) = Client::fresh(&gateway.address, &ana.token).await;
    let (mut customer, _) = Client::fresh(&gateway.address, &gus.token).await;
    let ticket = opens(&stack, &gus).await;
    leader.event("message:created").await;
    customer.event("message:created").await;
    for (body, kind) in [("one", MessageKind::Reply), ("two", MessageKind::Note), ("three", MessageKind::Reply)] {
        posts(&stack, &ana, ticket, kind, body).await;
    }
    let heard = leader.heard(QUIET).await;
    assert_eq!(bodies(&heard), ["one", "two", "three"]);
    let (_, first) = heard.iter().find(|(name, _)| name == "message:created").unwrap();
    assert_eq!(first["conversation_id"], json!(ticket));
    assert!(first["cursor"].is_string() && first["actor"]["name"] == "Ana", "{first}");
    let heard = customer.heard(QUIET).await;
    assert_eq!(bodies(&heard), ["one", "three"]);
    let seqs: Vec<_> = heard.iter().filter_map(|(_, event)| event["data"]["seq"].as_i64()).collect();
    assert_eq!(seqs, [2, 3]);
    assert!(!format!("{heard:?}").contains("ana@acme.example"));
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_heard_live() {
    hears_live(Stack::streaming().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_heard_without_redis() {
    hears_live(Stack::without_stream().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_is_resumed_and_nothing_twice() {
    let stack = Stack::streaming().await;
    let (first, ana, gus) = (stack.gateway().await, stack.leader("Ana").await, stack.customer("Gus").await);
    let ticket = opens(&stack, &gus).await;
    let (client, cursor) = Client::fresh(&first.address, &ana.token).await;
    drop(client);
    let writer = {
        let (db, actor) = (stack.org.world.db.clone(), std::sync::Arc::clone(&gus.actor));
        tokio::spawn(async move {
            for n in 0..1_500 {
                let post = PostMessage {
                    conversation: ticket,
                    kind: MessageKind::Reply,
                    body: n.to_string(),
                    client_id: None,
                    then: None,
                };
                post_message(&can(&actor), &db, post).await.unwrap();
            }
        })
    };
    // Another gateway, which remembers nothing: the pages come from Postgres while more is written.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let second = stack.gateway().await;
    let mut client = Client::connect(&second.address, json!({"token": ana.token, "cursor": cursor})).await.unwrap();
    let ready = client.event("ready").await;
    assert_eq!((&ready["cursor"], &ready["pulse"]), (&json!(cursor), &json!(true)));
    assert!(client.heard(Duration::from_millis(200)).await.is_empty(), "live events are held");
    let (missed, _) = client.resume(&cursor).await;
    writer.await.unwrap();
    let live = client.heard(QUIET).await;
    let mut all = bodies_of(&missed);
    all.extend(bodies(&live));
    all.retain(|body| body.parse::<u32>().is_ok());
    let expected: Vec<String> = (0..1_500).map(|n: u32| n.to_string()).collect();
    assert_eq!(all, expected);
    // And once more from the same place, by now remembered only in part.
    let mut again = Client::connect(&second.address, json!({"token": ana.token, "cursor": cursor})).await.unwrap();
    let (missed, end) = again.resume(&cursor).await;
    let mut all = bodies_of(&missed);
    all.retain(|body| body.parse::<u32>().is_ok());
    assert_eq!(all, expected);
    let (nothing, same) = again.resume(&end).await;
    assert!(nothing.is_empty() && same == end);
}

#[tokio::test(flavor = "multi_thread")]
async fn conversations_are_joined_written_and_read() {
    let stack = Stack::streaming().await;
    let (gateway, ana, gus) = (stack.gateway().await, stack.leader("Ana").await, stack.customer("Gus").await);
    let ticket = opens(&stack, &gus).await;
    let (mut leader, _) = Client::fresh(&gateway.address, &ana.token).await;
    let (mut customer, _) = Client::fresh(&gateway.address, &gus.token).await;
    let join = json!({"conversation_id": ticket, "after_seq": 0});
    let joined = leader.ask("conversation:join", join.clone()).await;
    assert_eq!((&joined["ok"], &joined["last_seq"], &joined["more"]), (&json!(true), &json!(1), &json!(false)));
    assert_eq!(joined["messages"][0]["body"], "My printer, please help");
    let joined = customer.ask("conversation:join", json!({"conversation_id": ticket})).await;
    assert_eq!((&joined["last_seq"], &joined["messages"]), (&json!(1), &json!([])));

    // Sent at once, answered and stored in order.
    for n in 0..50 {
        let message =
            json!({"conversation_id": ticket, "client_id": n.to_string(), "kind": "reply", "body": n.to_string()});
        leader.send("message:send", message).await;
    }
    for n in 0..50 {
        let (_, answer) = leader.answer().await;
        assert_eq!(
            (&answer["message"]["seq"], &answer["message"]["client_id"]),
            (&json!(n + 2), &json!(n.to_string()))
        );
    }
    let again = json!({"conversation_id": ticket, "client_id": "7", "kind": "reply", "body": "7"});
    assert_eq!(leader.ask("message:send", again).await["message"]["seq"], 9);
    let other = json!({"conversation_id": ticket, "client_id": "7", "kind": "reply", "body": "other"});
    assert_eq!(leader.ask("message:send", other).await["error"]["code"], "client_id_mismatch");
    let note = json!({"conversation_id": ticket, "client_id": "n", "kind": "note", "body": "psst"});
    assert_eq!(customer.ask("message:send", note).await["error"]["code"], "forbidden");

    let typing = json!({"conversation_id": ticket, "typing": true});
    assert_eq!(leader.ask("typing", typing.clone()).await, json!({"ok": true}));
    let notice = customer.event("typing").await;
    assert_eq!(
        (&notice["user"]["name"], &notice["typing"], &notice["user"]["email"]),
        (&json!("Ana"), &json!(true), &Value::Null)
    );
    assert!(!leader.heard(QUIET).await.iter().any(|(name, _)| name == "typing"));
    let read = customer.ask("read", json!({"conversation_id": ticket, "seq": 51})).await;
    assert_eq!((&read["ok"], &read["read_seq"]), (&json!(true), &json!(51)));
    assert_eq!(leader.event("conversation:read").await["data"]["seq"], 51);
    assert_eq!(leader.ask("conversation:leave", json!({"conversation_id": ticket})).await, json!({"ok": true}));
    assert_eq!(leader.ask("typing", typing).await["error"]["code"], "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_loses_sight_loses_the_room() {
    let stack = Stack::streaming().await;
    let (gateway, ana, gus) = (stack.gateway().await, stack.leader("Ana").await, stack.customer("Gus").await);
    let sam = stack.person(Role::Supervisor, "Sam", &[]).await;
    let admin = stack.person(Role::Admin, "Ada", &[]).await;
    let ticket = opens(&stack, &gus).await;
    let (mut leader, _) = Client::fresh(&gateway.address, &ana.token).await;
    assert_eq!(leader.ask("conversation:join", json!({"conversation_id": ticket})).await["ok"], true);
    let change = |team: &str| TicketChange { team: Some(team.to_owned()), ..TicketChange::default() };
    tickets::change(&can(&sam.actor), &stack.org.world.db, ticket, None, change("billing")).await.unwrap();
    assert_eq!(leader.event("room:revoked").await["conversation_id"], json!(ticket));
    posts(&stack, &sam, ticket, MessageKind::Note, "not for Ana").await;
    let heard = leader.heard(QUIET).await;
    assert!(bodies(&heard).is_empty() && !heard.iter().any(|(name, _)| name == "ticket:updated"), "{heard:?}");

    let (db, user) = (&stack.org.world.db, ana.actor.user);
    baton_app::teams::put_member(&can(&admin.actor), db, stack.org.billing, user, MemberRole::Member).await.unwrap();
    leader.event("access:changed").await;
    posts(&stack, &sam, ticket, MessageKind::Note, "for Ana").await;
    assert_eq!(leader.event("message:created").await["data"]["body"], "for Ana");
    assert_eq!(leader.ask("conversation:join", json!({"conversation_id": ticket})).await["ok"], true);
    baton_app::teams::remove_member(&can(&admin.actor), db, stack.org.billing, user).await.unwrap();
    leader.event("room:revoked").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_takes_its_sockets_along() {
    let stack = Stack::streaming().await;
    let (gateway, ana) = (stack.gateway().await, stack.leader("Ana").await);
    let other = stack.sign_in("ana@acme.example").await;
    let (mut gone, _) = Client::fresh(&gateway.address, &ana.token).await;
    let (mut stays, _) = Client::fresh(&gateway.address, &other.token).await;
    let lines = async || stack.org.world.database.lines("select id::text as line from staff_connections").await.len();
    wait_for("two rows", Duration::from_secs(5), async || (lines().await == 2).then_some(())).await;
    stack.identity.sign_out(&can(&ana.actor)).await.unwrap();
    let heard = gone.ended().await;
    assert_eq!(heard.last().unwrap(), &("signed_out".to_owned(), json!({"reason": "revoked"})));
    assert!(stays.heard(QUIET).await.is_empty());
    let refused = Client::connect(&gateway.address, json!({"token": ana.token})).await.err().unwrap();
    assert!(refused.starts_with("revoked_session"), "{refused}");
    wait_for("one row", Duration::from_secs(5), async || (lines().await == 1).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_ends_says_so() {
    let stack = Stack::streaming().await;
    let (gateway, ana) = (stack.gateway().await, stack.leader("Ana").await);
    let (mut client, _) = Client::fresh(&gateway.address, &ana.token).await;
    let ending = tokio::spawn(gateway.terminate());
    let draining = client.event("server:draining").await;
    assert!(draining["reconnect_after_ms"].as_u64().unwrap() >= 500);
    client.ended().await;
    assert_eq!(ending.await.unwrap(), Some(0));
    let left = stack.org.world.database.lines("select id::text as line from staff_connections").await;
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_is_cut_and_comes_back_complete() {
    let stack = Stack::streaming().await;
    let (gateway, ana, gus) = (stack.gateway().await, stack.leader("Ana").await, stack.customer("Gus").await);
    let ticket = opens(&stack, &gus).await;
    let (mut stalled, cursor) = Client::fresh(&gateway.address, &ana.token).await;
    let (mut reads, _) = Client::fresh(&gateway.address, &gus.token).await;
    // Far more than the kernel's and the gateway's buffers hold.
    let body = "x".repeat(19_000);
    for _ in 0..1_200 {
        posts(&stack, &gus, ticket, MessageKind::Reply, &body).await;
        assert_eq!(reads.event("message:created").await["data"]["body"].as_str().unwrap().len(), body.len());
    }
    let heard = stalled.ended().await;
    assert!(bodies(&heard).len() < 1_200);
    let mut back = Client::connect(&gateway.address, json!({"token": ana.token, "cursor": cursor})).await.unwrap();
    let (missed, _) = back.resume(&cursor).await;
    assert_eq!(bodies_of(&missed).iter().filter(|text| text.len() == body.len()).count(), 1_200);
}
