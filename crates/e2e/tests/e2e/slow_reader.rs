//! One who does not read: cut, while all others go on, and complete in the end.

use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::json;

use crate::harness::{Fleet, Person, Screen, Stack};

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

/// Those who read.
const OTHERS: usize = 10;
/// Messages that are timed, with and without one who does not read.
const TIMED: usize = 40;
/// What a loaded machine may add to the tenth that the others may be slower; `cargo dev bench stalled` adds nothing.
const NOISE: Duration = Duration::from_millis(200);

#[tokio::test]
async fn others_do_not_notice_one_who_does_not_read() {
    let stack = Stack::start(Fleet { assigners: 0, ..Fleet::ONE }).await;
    let tenant = stack.tenant().await;
    let (cleo, sam, sue) =
        (tenant.customer("Cleo").await, tenant.supervisor("Sam").await, tenant.supervisor("Sue").await);
    let conversation = cleo.opens_id("a").await;
    let gateway = stack.gateway(0);
    let slow = sam.screen(gateway).await;
    let others = join_all((0..OTHERS).map(|_| sue.screen(gateway))).await;
    for screen in others.iter().chain([&slow]) {
        screen.join(&conversation).await;
    }

    let calm = nine_tenths(&cleo, &conversation, &others, 1).await;
    slow.stalls();
    let stalled = nine_tenths(&cleo, &conversation, &others, 1 + TIMED).await;
    assert!(stalled <= calm.mul_f64(1.1) + NOISE, "{calm:?} when all read, {stalled:?} when one does not");
    slow.goes_on();
    assert_eq!(
        slow.until_thread(&conversation, 1 + 2 * TIMED).await,
        others[0].until_thread(&conversation, 1 + 2 * TIMED).await
    );
}

/// Within what time nine of ten messages are on all screens, which show `known` messages already.
async fn nine_tenths(author: &Person, conversation: &str, screens: &[Screen], known: usize) -> Duration {
    let mut took = Vec::with_capacity(TIMED);
    for number in 1..=TIMED {
        let started = Instant::now();
        posts(author, conversation, 1).await;
        join_all(screens.iter().map(|screen| screen.until_thread(conversation, known + number))).await;
        took.push(started.elapsed());
    }
    took.sort();
    took[TIMED * 9 / 10]
}

async fn posts(author: &Person, conversation: &str, count: usize) {
    let body = "x".repeat(BODY_CHARS);
    let path = format!("/v1/conversations/{conversation}/messages");
    let posts = (0..count).map(|_| author.rest.post(&path, json!({"body": body})));
    for answer in join_all(posts).await {
        answer.expect(201);
    }
}
