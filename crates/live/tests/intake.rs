//! Messages that wait for Postgres.

#![cfg(test)]

mod support;

use baton_domain::conversation::MessageKind;
use baton_live::intake::{Waiting, first, put, remove};
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

#[tokio::test]
async fn what_waits_is_found_in_order_until_it_is_removed() {
    let mut server = Server::start().await;
    let redis = server.redis();
    for client_id in ["a", "b", "c"] {
        assert!(put(&redis, &waiting(client_id)).await.unwrap());
    }
    let found = first(&redis, 2).await.unwrap();
    let messages: Vec<_> = found.iter().map(|(_, message)| message.clone().unwrap()).collect();
    assert_eq!(messages, [waiting("a"), waiting("b")]);
    remove(&redis, &found[0].0).await.unwrap();
    let left: Vec<_> = first(&redis, 10).await.unwrap().into_iter().map(|(_, message)| message.unwrap()).collect();
    assert_eq!(left, [waiting("b"), waiting("c")]);
    server.kill();
    assert!(put(&redis, &waiting("d")).await.is_err());
    assert!(first(&redis, 1).await.is_err());
}
