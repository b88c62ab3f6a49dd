//! The wake pump and the wake board against a real Redis.

#![cfg(test)]

#[path = "../../live/tests/support/mod.rs"]
mod support;

use baton_boot::wakes::{Look, WakeBoard, WakePump};
use baton_domain::wake::Wake;
use support::{PATIENCE, Server};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

async fn notified(notify: &Notify) {
    tokio::time::timeout(PATIENCE, notify.notified()).await.expect("not woken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wakes_go_round_and_come_back_after_redis() {
    let mut server = Server::start().await;
    server.kill();
    let redis = server.redis();
    let shutdown = CancellationToken::new();
    let board = WakeBoard::start(&redis, shutdown.clone());
    let (outbox, queues) = (board.outbox(), board.queues());
    assert_eq!(queues.take(), Look::Everything);
    let sink = WakePump::start(redis);
    let id = "00000000-0000-0000-0000-000000000001";
    let (org, team) = (id.parse().unwrap(), id.parse().unwrap());

    // Redis away: the sink does not wait, what is lost is lost.
    for _ in 0..10_000 {
        sink(&[Wake::Outbox, Wake::Queue(org, team)]);
    }
    for _ in 0..2 {
        server.run().await;
        notified(&outbox).await;
        notified(&queues.notify()).await;
        assert_eq!(queues.take(), Look::Everything);

        let deadline = std::time::Instant::now() + PATIENCE;
        loop {
            assert!(std::time::Instant::now() < deadline, "the queue was never named");
            sink(&[Wake::Queue(org, team)]);
            let woken = tokio::time::timeout(std::time::Duration::from_millis(100), async {
                queues.notify().notified().await;
            });
            if woken.await.is_ok() && matches!(queues.take(), Look::At(at) if at.contains(&(org, team))) {
                break;
            }
        }
        server.kill();
    }

    server.run().await;
    notified(&outbox).await;
    // The last sink gone, what it was given is still sent.
    sink(&[Wake::Outbox]);
    drop(sink);
    notified(&outbox).await;
    shutdown.cancel();
}
