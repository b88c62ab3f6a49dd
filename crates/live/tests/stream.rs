//! The event stream against a real Redis.

#![cfg(test)]

mod support;

use std::time::{Duration, Instant};

use baton_live::stream::{self, Appended, Follower};
use support::{PATIENCE, Server};

fn entries(positions: impl IntoIterator<Item = i64>) -> Vec<(i64, String)> {
    positions.into_iter().map(|position| (position, format!("{{\"n\":{position}}}"))).collect()
}

/// Reads until the follower is at `position`, through any error; gives the positions read.
async fn follow_to(follower: &mut Follower, position: i64) -> Vec<i64> {
    let deadline = Instant::now() + PATIENCE;
    let mut read = Vec::new();
    while follower.position() < position {
        assert!(Instant::now() < deadline, "the follower is stuck at {}", follower.position());
        if let Ok(entries) = follower.next(Duration::from_millis(200)).await {
            for entry in &entries {
                assert_eq!(&*entry.payload, format!("{{\"n\":{}}}", entry.position));
            }
            read.extend(entries.iter().map(|entry| entry.position));
        }
    }
    read
}

#[tokio::test]
async fn repeats_and_late_writers_are_refused() {
    let server = Server::start().await;
    let redis = server.redis();
    assert_eq!(stream::tip(&redis).await.unwrap(), None);
    let all = Appended { added: 3, refused: 0 };
    assert_eq!(stream::append(&redis, &entries(1..=3)).await.unwrap(), all);
    assert_eq!(stream::append(&redis, &entries(2..=5)).await.unwrap(), Appended { added: 2, refused: 2 });
    assert_eq!(stream::append(&redis, &[]).await.unwrap(), Appended::default());
    assert_eq!(stream::tip(&redis).await.unwrap(), Some(5));
    // Position 0 is no position: an error, not a silent refusal.
    assert!(stream::append(&redis, &entries([0])).await.is_err());

    let mut follower = Follower::new(&redis, 0);
    assert_eq!(follow_to(&mut follower, 5).await, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn prefixes_do_not_meet() {
    let server = Server::start().await;
    let (one, other) = (server.redis().with_prefix("one:"), server.redis().with_prefix("other:"));
    stream::append(&one, &entries([7])).await.unwrap();
    assert_eq!(stream::tip(&one).await.unwrap(), Some(7));
    assert_eq!(stream::tip(&other).await.unwrap(), None);
}

#[tokio::test]
async fn a_follower_blocks_is_woken_and_may_be_dropped_half_way() {
    let server = Server::start().await;
    let redis = server.redis();
    let mut follower = Follower::new(&redis, 0);
    assert!(follower.next(Duration::from_millis(1)).await.unwrap().is_empty());

    // Dropped while blocked: the next read must not wait behind the old one, nor lose what came meanwhile.
    let dropped = tokio::time::timeout(Duration::from_millis(50), follower.next(Duration::from_secs(30))).await;
    assert!(dropped.is_err());
    let started = Instant::now();
    let one = entries([1]);
    let (read, appended) = tokio::join!(follower.next(Duration::from_secs(30)), stream::append(&redis, &one));
    assert_eq!(appended.unwrap().added, 1);
    assert_eq!(read.unwrap().len(), 1);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_long_backlog_is_paged() {
    let server = Server::start().await;
    let redis = server.redis();
    stream::append(&redis, &entries(1..=1200)).await.unwrap();
    let mut follower = Follower::new(&redis, 0);
    assert_eq!(follower.next(Duration::from_millis(1)).await.unwrap().len(), 500);
    assert_eq!(follow_to(&mut follower, 1200).await, (501..=1200).collect::<Vec<_>>());
    follower.skip_to(5);
    assert_eq!(follower.position(), 1200);
}

#[tokio::test]
async fn redis_killed_and_back_empty() {
    let mut server = Server::away();
    let redis = server.redis();
    let mut follower = Follower::new(&redis, 0);
    assert!(stream::append(&redis, &entries([1])).await.is_err());
    assert!(follower.next(Duration::from_millis(1)).await.is_err());

    server.run().await;
    stream::append(&redis, &entries(1..=2)).await.unwrap();
    assert_eq!(follow_to(&mut follower, 2).await, [1, 2]);

    let lost = async { tokio::time::timeout(PATIENCE, follower.next(Duration::from_secs(30))).await.unwrap() };
    let (lost, ()) = tokio::join!(lost, async { server.kill() });
    assert!(lost.is_err());
    assert!(stream::tip(&redis).await.is_err());

    server.run().await;
    // The first command already works: asking again makes the new connection.
    assert_eq!(stream::tip(&redis).await.unwrap(), None);
    // It begins anywhere: the reader sees the hole between 2 and 9 by the positions.
    stream::append(&redis, &entries(9..=10)).await.unwrap();
    let back = Instant::now();
    assert_eq!(follow_to(&mut follower, 10).await, [9, 10]);
    assert!(back.elapsed() < Duration::from_secs(2), "{:?}", back.elapsed());
}

/// What services await in spawned tasks must be `Send`; async functions may lose that unnoticed.
#[test]
fn futures_can_be_spawned() {
    fn spawnable(_: impl Send) {}
    let redis = baton_live::Redis::new("redis://127.0.0.1:1").unwrap();
    let quota = baton_live::limits::Quota { name: "test", per: Duration::from_secs(1), burst: 1 };
    let limits = baton_live::limits::Limits::new(&redis, &[]);
    spawnable(stream::append(&redis, &[]));
    spawnable(stream::tip(&redis));
    spawnable(Follower::new(&redis, 0).next(Duration::ZERO));
    spawnable(baton_live::wake::publish(&redis, &[]));
    spawnable(baton_live::wake::Listener::new(&redis).next());
    spawnable(baton_live::whisper::Listener::new(&redis).next());
    spawnable(limits.check(&quota, "x"));
}
