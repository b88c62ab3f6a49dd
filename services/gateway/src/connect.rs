//! Sockets coming in.
//!
//! Everything a socket needs is set up in the middleware, which socketioxide awaits before it tells the client that it
//! is connected: handlers set later would miss what an eager client sends first.

use std::fmt;
use std::sync::Arc;

use baton_app::Error;
use baton_wire::socket::{Connect, Ready};
use jiff::Timestamp;
use serde_json::Value;
use socketioxide::SocketIo;
use socketioxide::extract::{AckSender, Event, SocketRef, TryData};
use socketioxide::handler::ConnectHandler;
use socketioxide::socket::DisconnectReason;

use crate::ending::sign_out;
use crate::metrics::CONNECTS;
use crate::presence;
use crate::requests::{Request, answer_all, take};
use crate::serve::Gateway;
use crate::socket::Conn;

/// Why a socket was not let in. A `connect_error` carries only a text, so the code stands at its start.
#[derive(Debug)]
pub(crate) struct Refused {
    code: &'static str,
    detail: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        match &error {
            Error::Internal(what) => {
                tracing::error!(error = what, "a socket could not be let in");
                Self { code: error.code(), detail: "something went wrong here".to_owned() }
            }
            _ => Self { code: error.code(), detail: error.to_string() },
        }
    }
}

/// Opens the namespace `/`.
pub(crate) fn mount(io: &SocketIo, gateway: &Arc<Gateway>) {
    let admitting = Arc::clone(gateway);
    let admit = async move |socket: SocketRef, TryData(given): TryData<Connect>| {
        let outcome = admit(&admitting, &socket, given.map_err(|error| error.to_string())).await;
        let label = outcome.as_ref().map_or_else(|refused| refused.code, |()| "ok");
        CONNECTS.with_label_values(&[label]).inc();
        outcome
    };
    let welcoming = Arc::clone(gateway);
    let welcome = async move |socket: SocketRef| welcome(&welcoming, socket).await;
    io.ns("/", welcome.with(admit));
}

/// Looks at who knocks, and sets up all that their requests need.
async fn admit(gateway: &Arc<Gateway>, socket: &SocketRef, given: Result<Connect, String>) -> Result<(), Refused> {
    let given = given.map_err(|error| Refused {
        code: "invalid_token",
        detail: format!("connect with auth: {{token, cursor?}} ({error})"),
    })?;
    let actor = gateway.identity.authenticate(&given.token).await?;
    {
        let floor = gateway.hall.enter().await;
        if floor.is_closing() {
            return Err(Error::Unavailable("this gateway is going away, connect again".to_owned()).into());
        }
        // Identity believes for a moment what it read before.
        if floor.is_revoked(actor.session) {
            return Err(Error::Unauthenticated("revoked_session").into());
        }
    }
    let conn = Arc::new(Conn::new(actor, given.cursor));
    listen(gateway, socket, &conn);
    socket.extensions.insert(conn);
    Ok(())
}

/// Sets a socket's handlers. They hold the connection but never the socket, which holds them.
fn listen(gateway: &Arc<Gateway>, socket: &SocketRef, conn: &Arc<Conn>) {
    let (asked, asking) = (Arc::clone(gateway), Arc::clone(conn));
    // Not an async closure: the part that keeps the order must run before the next message is read.
    let request = move |socket: SocketRef, Event(event): Event, TryData(payload): TryData<Value>, ack: AckSender| {
        let payload = payload.map_err(|error| format!("the payload cannot be read: {error}"));
        take(&asked, &asking, Request { socket, event, payload, ack })
    };
    socket.on_fallback(request);
    let (left, leaving) = (Arc::clone(gateway), Arc::clone(conn));
    socket.on_disconnect(async move |socket: SocketRef, reason: DisconnectReason| {
        leave(&left, &leaving, &socket, reason).await;
    });
}

/// Lets a socket into the hall and tells it where the feed is. One that has something to catch up on stays aside until
/// it has.
async fn welcome(gateway: &Arc<Gateway>, socket: SocketRef) {
    let Some(conn) = socket.extensions.get::<Arc<Conn>>() else { return };
    let actor = conn.actor();
    if actor.role.is_staff() {
        gateway.colleagues.follow(gateway, actor.org).await;
    }
    {
        let mut floor = gateway.hall.enter().await;
        // It came in while all were told to go: nobody would note that it went.
        if floor.is_closing() {
            let _gone_already = socket.disconnect();
            return;
        }
        if socket.connected() && floor.is_revoked(actor.session) {
            sign_out(gateway, socket.clone(), "revoked");
        }
        // Whoever is gone by now was or will be dismissed before they are let in.
        if socket.connected() {
            floor.admit(socket.clone(), Arc::clone(&conn));
            let cursor = match &conn.cursor {
                Some(cursor) => cursor.clone(),
                None => {
                    floor.go_live(socket.id);
                    floor.cursor()
                }
            };
            let _ = socket.emit("ready", &Ready { cursor, server_time: server_time(), pulse: true });
        }
        if floor.is_changed(actor.user) {
            gateway.changed.put(actor.user);
        }
    }
    if actor.role.is_staff() {
        gateway.tasks.spawn("presence", presence::attend(Arc::clone(gateway), Arc::clone(&conn)));
    }
    answer_all(Arc::clone(gateway), conn).await;
}

async fn leave(gateway: &Arc<Gateway>, conn: &Conn, socket: &SocketRef, reason: DisconnectReason) {
    conn.closed.cancel();
    gateway.hall.enter().await.dismiss(socket.id);
    if reason == DisconnectReason::HeartbeatTimeout
        && let Some(line) = gateway.lines.of(socket)
    {
        // Its writer may wait for a client that does not read, and would for ever.
        line.cut();
    }
    gateway.lines.forget(socket.id);
}

#[expect(clippy::disallowed_methods, reason = "told to clients for their screens: nothing is decided by it")]
fn server_time() -> Timestamp {
    Timestamp::now()
}
