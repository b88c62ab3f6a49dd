//! One who does not read: cut, while all others go on, and complete in the end.

use futures::future::join_all;
use serde_json::json;

use crate::harness::{Fleet, Person, Stack};

/// As long as a body may be, so that buffers fill soon.
const BODY_CHARS: usize = 20_000;
/// More than any buffer holds.
const AT_MOST: usize = 4_000;
/// Posts between two looks.
const AT_ONCE: usize = 20;

#[tokio::test]
async fn who_does_not_read_is_cut_and_ends_complete() {
    let stack = Stack::start(Fleet { assigners: 0, ..Fleet::ONE }).await;
    let tenant = stack.tenant().await;
    let (cleo, sam, sue) =
        (tenant.customer("Cleo").await, tenant.supervisor("Sam").await, tenant.supervisor("Sue").await);
    let conversations = join_all(["a", "b", "c", "d"].map(|subject| cleo.opens_id(subject))).await;
    let gateway = stack.gateway(0);
    let (slow, quick) = (sam.screen(gateway).await, sue.screen(gateway).await);
    for conversation in &conversations {
        slow.join(conversation).await;
        quick.join(conversation).await;
    }

    slow.stalls();
    let mut sent = vec![1; conversations.len()];
    while gateway.metric("baton_gateway_slow_readers_cut_total").await == 0.0 {
        assert!(sent.iter().sum::<usize>() < AT_MOST, "a socket that does not read is never cut");
        for (conversation, sent) in conversations.iter().zip(&mut sent) {
            *sent += AT_ONCE / conversations.len();
            posts(&cleo, conversation, AT_ONCE / conversations.len()).await;
        }
    }
    assert!(gateway.log().contains("does not read"), "the reason is in the log");
    for (conversation, sent) in conversations.iter().zip(&sent) {
        quick.until_thread(conversation, *sent).await;
    }
    assert_eq!(quick.seen().cuts, [""; 0], "others are not touched");

    slow.goes_on();
    let catch_up = slow.until_settled(2).await;
    assert!(catch_up.missed > 0 && !catch_up.reloaded, "{catch_up:?}");
    for (conversation, sent) in conversations.iter().zip(&sent) {
        slow.until_thread(conversation, *sent).await;
        assert_eq!(slow.seen().thread(conversation), quick.seen().thread(conversation));
    }
}

async fn posts(author: &Person, conversation: &str, count: usize) {
    let body = "x".repeat(BODY_CHARS);
    let path = format!("/v1/conversations/{conversation}/messages");
    let posts = (0..count).map(|_| author.rest.post(&path, json!({"body": body})));
    for answer in join_all(posts).await {
        answer.expect(201);
    }
}
