//! How sockets end before their time.

use std::sync::Arc;
use std::time::Duration;

use socketioxide::extract::SocketRef;

use crate::hall::Member;
use crate::metrics::SLOW_CUT;
use crate::serve::Gateway;

/// How often a socket that polls and whose buffer is full is asked again to go.
const AGAIN: Duration = Duration::from_millis(250);

/// Cuts sockets that did not read what they were sent: they missed an event, and come back to resume.
pub(crate) fn cut_slow(gateway: &Arc<Gateway>, members: Vec<Member>) {
    for member in members {
        SLOW_CUT.inc();
        tracing::info!(user = %member.conn.actor().user, "a socket that does not read was cut");
        cut(gateway, member.socket);
    }
}

/// Breaks a socket's connection, after which its client comes back by itself.
pub(crate) fn cut(gateway: &Arc<Gateway>, socket: SocketRef) {
    match gateway.lines.of(&socket) {
        Some(line) => line.cut(),
        None => disconnect(gateway, socket),
    }
}

/// Tells a socket that it is not welcome any more; its client does not come back by itself.
pub(crate) fn sign_out(gateway: &Arc<Gateway>, socket: SocketRef, reason: &str) {
    let _ = socket.emit("signed_out", &serde_json::json!({ "reason": reason }));
    match (gateway.lines.of(&socket), socket.clone().disconnect()) {
        (_, Ok(())) => {}
        (Some(line), Err(_)) => line.cut(),
        (None, Err(_)) => disconnect(gateway, socket),
    }
}

/// Disconnects a socket, as soon as its buffer has room for the word. A client that never reads is ended by its next
/// ping, which has no room either.
fn disconnect(gateway: &Arc<Gateway>, socket: SocketRef) {
    let told = async move {
        while socket.connected() && socket.clone().disconnect().is_err() {
            tokio::time::sleep(AGAIN).await;
        }
    };
    gateway.tasks.spawn("disconnect", told);
}
