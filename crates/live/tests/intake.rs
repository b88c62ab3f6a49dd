//! Messages that wait for Postgres.

#![cfg(test)]

mod support;

use baton_domain::conversation::MessageKind;
use baton_live::intake::{Found, Waiting, first, put, remove};
use support::Server;

fn waiting(client_id: &str) -> Waiting {
    let id = "00000000-0000-0000-0000-000000000001";
    Waiting {
        org: id.parse().unwrap(),
        session: id.parse().unwrap(),
        conversation: id.parse().unwrap(),
        kind: MessageKind::Reply,
        body: "Is anybody there?".to_owned(),
        client_id: client_id.to_owned(),
        trace: None,
    }
}

fn messages(found: &[Found]) -> Vec<Waiting> {
    found.iter().map(|found| found.message.clone().unwrap()).collect()
}

#[tokio::test]
async fn what_waits_is_found_in_order_until_it_is_removed() {
    let mut server = Server::start().await;
    let redis = server.redis();
    for client_id in ["a", "b", "c"] {
        assert!(put(&redis, &waiting(client_id)).await.unwrap());
    }
    let found = first(&redis, 2).await.unwrap();
    assert_eq!(messages(&found), [waiting("a"), waiting("b")]);
    assert!(found[0].since > 1_700_000_000_000 && found[0].since <= found[1].since);
    remove(&redis, &found[0]).await.unwrap();
    assert_eq!(messages(&first(&redis, 10).await.unwrap()), [waiting("b"), waiting("c")]);
    server.kill();
    assert!(put(&redis, &waiting("d")).await.is_err());
    assert!(first(&redis, 1).await.is_err());
}

#[tokio::test]
async fn what_is_sent_again_waits_once_and_anew_when_it_is_gone() {
    let server = Server::start().await;
    let redis = server.redis();
    let elsewhere = Waiting { conversation: "00000000-0000-0000-0000-000000000002".parse().unwrap(), ..waiting("a") };
    for message in [waiting("a"), elsewhere.clone(), waiting("a"), waiting("a")] {
        assert!(put(&redis, &message).await.unwrap());
    }
    let found = first(&redis, 10).await.unwrap();
    assert_eq!(messages(&found), [waiting("a"), elsewhere]);
    for found in &found {
        remove(&redis, found).await.unwrap();
    }
    assert!(put(&redis, &waiting("a")).await.unwrap());
    assert_eq!(messages(&first(&redis, 10).await.unwrap()), [waiting("a")], "its name was forgotten with it");
    // What holds messages may be thrown away by a Redis that is full, and their names stay.
    let client = ::redis::Client::open(format!("redis://127.0.0.1:{}/", server.port)).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let _gone: i64 = ::redis::cmd("DEL").arg(redis.keys().intake()).query_async(&mut connection).await.unwrap();
    assert!(put(&redis, &waiting("a")).await.unwrap());
    assert_eq!(first(&redis, 10).await.unwrap().len(), 1);
}
