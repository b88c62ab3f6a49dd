//! Wakes and whispers against a real Redis.

#![cfg(test)]

mod support;

use std::time::{Duration, Instant};

use baton_domain::id::{OrgId, TeamId};
use baton_domain::wake::Wake;
use baton_live::wake::{self, Woken};
use baton_live::whisper::{self, Whisper};
use support::{PATIENCE, Server};
use uuid::Uuid;

async fn woken(listener: &mut wake::Listener) -> Woken {
    tokio::time::timeout(PATIENCE, listener.next()).await.expect("nothing heard")
}

#[tokio::test]
async fn wakes_arrive_and_the_listener_outlives_redis() {
    let mut server = Server::away();
    let redis = server.redis();
    let mut listener = wake::Listener::new(&redis);
    assert!(wake::publish(&redis, &[Wake::Outbox]).await.is_err());
    // Dropping a listen that cannot connect yet is harmless.
    assert!(tokio::time::timeout(Duration::from_millis(100), listener.next()).await.is_err());

    server.run().await;
    assert_eq!(woken(&mut listener).await, Woken::Reconnected);
    let wakes = vec![Wake::Outbox, Wake::Queue(OrgId(Uuid::from_u128(1)), TeamId(Uuid::from_u128(2)))];
    wake::publish(&redis, &wakes).await.unwrap();
    assert_eq!(woken(&mut listener).await, Woken::Wakes(wakes));

    server.kill();
    // It notices while nobody is there to connect to.
    let heard = async {
        let heard = woken(&mut listener).await;
        (heard, Instant::now())
    };
    let run = async {
        server.run().await;
        Instant::now()
    };
    let ((heard, heard_at), back_at) = tokio::join!(heard, run);
    assert_eq!(heard, Woken::Reconnected);
    assert!(heard_at.duration_since(back_at) < Duration::from_secs(2));
    wake::publish(&redis, &[Wake::Outbox]).await.unwrap();
    assert_eq!(woken(&mut listener).await, Woken::Wakes(vec![Wake::Outbox]));
}

#[tokio::test]
async fn whispers_arrive_after_a_restart_too() {
    let mut server = Server::start().await;
    let redis = server.redis();
    let whisper = Whisper {
        org: OrgId(Uuid::from_u128(1)),
        room: "conv:x:staff".to_owned(),
        event: "typing".to_owned(),
        payload: serde_json::json!({"typing": true}),
        origin: Uuid::from_u128(9),
    };
    let mut listener = whisper::Listener::new(&redis);
    for _ in 0..2 {
        // A whisper is for those who listen now: say it until it is heard.
        let deadline = Instant::now() + PATIENCE;
        loop {
            assert!(Instant::now() < deadline, "no whisper heard");
            let _ = whisper::publish(&redis, &whisper).await;
            if let Ok(heard) = tokio::time::timeout(Duration::from_millis(50), listener.next()).await {
                assert_eq!(heard, whisper);
                break;
            }
        }
        server.kill();
        server.run().await;
    }
}
