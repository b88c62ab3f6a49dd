//! Going away without anybody missing anything.

use std::time::Duration;

use baton_wire::socket::Draining;
use socketioxide::SocketIo;

use crate::serve::Gateway;

/// Between which times sockets are asked to come back, so that not all knock at once.
const COME_BACK: std::ops::RangeInclusive<u64> = 500..=5_000;
/// How long the word has to reach the clients.
const SAID_WITHIN: Duration = Duration::from_millis(300);
/// How long the connections have to end.
const CLOSED_WITHIN: Duration = Duration::from_secs(5);
/// How long what sockets leave behind has to be cleared away.
const CLEARED_WITHIN: Duration = Duration::from_secs(10);

/// Lets nobody in any more and tells all sockets to come back elsewhere.
pub(crate) async fn announce(gateway: &Gateway) {
    let sockets = {
        let mut floor = gateway.hall.enter().await;
        floor.shut();
        let told = floor.members().map(|member| {
            let reconnect_after_ms = rand::random_range(COME_BACK);
            let _ = member.socket.emit("server:draining", &Draining { reconnect_after_ms });
        });
        told.count()
    };
    tracing::info!(sockets, "draining");
    tokio::time::sleep(SAID_WITHIN).await;
}

/// Closes all sockets and has their ends noted.
pub(crate) async fn close(gateway: &Gateway, io: &SocketIo) {
    if tokio::time::timeout(CLOSED_WITHIN, io.close()).await.is_err() {
        tracing::warn!("some sockets did not close in time");
    }
    // The disconnect handlers are not run then: socketioxide has forgotten the namespace by the time its sockets end.
    for member in gateway.hall.enter().await.members() {
        member.conn.closed.cancel();
    }
    if !gateway.tasks.finished_within(CLEARED_WITHIN).await {
        tracing::warn!("some staff sockets are left to the lease");
    }
}
