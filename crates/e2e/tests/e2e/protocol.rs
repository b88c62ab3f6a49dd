//! The Socket.IO protocol (v5 over Engine.IO v4), packet by packet, against `baton-gateway --conformance`.
//!
//! What the public suite checks (socketio/socket.io-protocol, which is not on npm), written anew for plain HTTP and
//! plain websockets.

use std::time::Duration;

use baton_testkit::wait_for;
use futures::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::harness::{PATIENCE, Replica, Rest, Service, Stack};

const POLLING: &str = "/socket.io/?EIO=4&transport=polling";
const WEBSOCKET: &str = "/socket.io/?EIO=4&transport=websocket";
/// A heartbeat here is 300 ms, and 200 ms to answer it.
const SOON: Duration = Duration::from_secs(10);
/// How long a request is under way before the next one is sent that must come after it.
const HEAD_START: Duration = Duration::from_millis(50);

#[tokio::test]
async fn conformance() {
    let stack = Stack::shared().await;
    let gateway = stack.another(Service::Gateway, &["--conformance"]);
    gateway.start();
    gateway.until_ready().await;
    handshakes(&gateway).await;
    heartbeats(&gateway).await;
    // Engine.IO is the same there, and its heartbeats do not come in between.
    closing(stack.gateway(0)).await;
    upgrade(&gateway).await;
    namespaces(&gateway).await;
    messages(&gateway).await;
    gateway.kill();
}

#[tokio::test]
async fn conformance_is_for_loopback_only() {
    let stack = Stack::shared().await;
    let gateway =
        stack.another(Service::Gateway, &["--conformance"]).with_setting("BATON_GATEWAY__LISTEN", "0.0.0.0:0");
    gateway.start();
    let ended = gateway.until_ended(SOON).await;
    assert!(!ended.success(), "{ended}");
    assert!(gateway.log().contains("loopback"), "{}", gateway.log());
}

async fn handshakes(gateway: &Replica) {
    let http = Rest::new(gateway.url());
    let opened = http.get(POLLING).await;
    assert_eq!((opened.status, &opened.text[..1]), (200, "0"));
    is_handshake(&opened.text, &json!(["websocket"]));
    for (method, path) in [
        (Method::GET, "/socket.io/?transport=polling"),
        (Method::GET, "/socket.io/?EIO=abc&transport=polling"),
        (Method::GET, "/socket.io/?EIO=4"),
        (Method::GET, "/socket.io/?EIO=4&transport=abc"),
        (Method::POST, POLLING),
        (Method::PUT, POLLING),
    ] {
        assert_eq!(http.send(method.clone(), path, &[], None).await.status, 400, "{method} {path}");
    }

    let mut socket = Socket::open(gateway, WEBSOCKET).await;
    is_handshake(&socket.text().await, &json!([]));
    for path in ["/socket.io/?transport=websocket", "/socket.io/?EIO=abc&transport=websocket", "/socket.io/?EIO=4"] {
        assert!(connect_async(format!("ws://{}{path}", gateway.address())).await.is_err(), "{path}");
    }
}

/// What must be done within milliseconds is tried until it was: this machine may be busy. `None`: it was too slow.
async fn in_time(what: &str, attempt: impl AsyncFn() -> Option<()>) {
    let attempt = &attempt;
    wait_for(what, PATIENCE, || attempt()).await;
}

async fn heartbeats(gateway: &Replica) {
    in_time("heartbeats over polling", async || {
        let (http, session) = polling_session(gateway).await;
        for _ in 0..3 {
            let ping = http.get(&session).await;
            let pong = http.send(Method::POST, &session, &[], Some("3".to_owned())).await;
            if (ping.status, pong.status) != (200, 200) {
                return None;
            }
            assert_eq!((ping.text.as_str(), pong.text.as_str()), ("2", "ok"));
        }
        Some(())
    })
    .await;
    in_time("heartbeats over a websocket", async || {
        let mut socket = Socket::open(gateway, WEBSOCKET).await;
        socket.text().await;
        for _ in 0..3 {
            assert_eq!(socket.frame().await?, Message::text("2"));
            socket.0.send(Message::text("3")).await.ok()?;
        }
        Some(())
    })
    .await;

    // Unanswered, they end a connection.
    let (http, session) = polling_session(gateway).await;
    wait_for("the session to end", SOON, async || (http.get(&session).await.status == 400).then_some(())).await;
    let mut socket = Socket::open(gateway, WEBSOCKET).await;
    socket.until_closed().await;
}

async fn closing(gateway: &Replica) {
    in_time("a poll that waits when the session is closed", async || {
        let (http, session) = polling_session(gateway).await;
        // The poll must wait already when the session is closed; a first ping may answer the one before.
        let mut poll = Box::pin(http.get(&session));
        if let Ok(pinged) = tokio::time::timeout(HEAD_START, &mut poll).await {
            assert_eq!(pinged.text, "2");
            http.send(Method::POST, &session, &[], Some("3".to_owned())).await;
            poll = Box::pin(http.get(&session));
            if tokio::time::timeout(HEAD_START, &mut poll).await.is_ok() {
                return None;
            }
        }
        let close = http.send(Method::POST, &session, &[], Some("1".to_owned()));
        let (polled, closed) = futures::join!(poll, close);
        assert_eq!((closed.status, http.get(&session).await.status), (200, 400));
        // It may have come too late.
        (polled.text == "6").then_some(())
    })
    .await;

    let mut socket = Socket::open(gateway, WEBSOCKET).await;
    socket.text().await;
    socket.send("1").await;
    socket.until_closed().await;
}

async fn upgrade(gateway: &Replica) {
    let (http, session) = polling_session(gateway).await;
    let upgraded = session.replace("polling", "websocket");
    let mut socket = Socket::open(gateway, &upgraded).await;
    socket.send("2probe").await;
    assert_eq!(socket.text().await, "3probe");
    socket.send("5").await;
    socket.send("40").await;
    assert!(socket.text().await.starts_with("40{"));
    assert_eq!(http.get(&session).await.status, 400, "polling is over");
    if let Ok((second, _)) = connect_async(format!("ws://{}{upgraded}", gateway.address())).await {
        Socket(second).until_closed().await;
    }
}

async fn namespaces(gateway: &Replica) {
    for (packet, start, auth) in [
        ("40", "40", r#"42["auth",{}]"#),
        (r#"40{"token":"123"}"#, "40", r#"42["auth",{"token":"123"}]"#),
        ("40/custom,", "40/custom,", r#"42/custom,["auth",{}]"#),
        (r#"40/custom,{"token":"abc"}"#, "40/custom,", r#"42/custom,["auth",{"token":"abc"}]"#),
    ] {
        let mut socket = Socket::open(gateway, WEBSOCKET).await;
        socket.text().await;
        socket.send(packet).await;
        let answer = socket.text().await;
        let body: Value = serde_json::from_str(answer.strip_prefix(start).expect(packet)).expect(packet);
        assert!(body["sid"].is_string() && body.as_object().is_some_and(|body| body.len() == 1), "{answer}");
        assert_eq!(socket.text().await, auth);
    }

    let mut socket = Socket::open(gateway, WEBSOCKET).await;
    socket.text().await;
    socket.send("40/random").await;
    assert_eq!(socket.text().await, r#"44/random,{"message":"Invalid namespace"}"#);

    let mut socket = Socket::open(gateway, WEBSOCKET).await;
    socket.text().await;
    socket.send("4abc").await;
    socket.until_closed().await;

    let mut socket = Socket::connected(gateway).await;
    socket.send("40/custom,").await;
    socket.text().await;
    socket.text().await;
    socket.send("41/custom,").await;
    socket.send(r#"42["message","message to main namespace"]"#).await;
    assert_eq!(socket.text().await, r#"42["message-back","message to main namespace"]"#);
    socket.send("41").await;
    socket.until_closed().await;
}

async fn messages(gateway: &Replica) {
    let mut socket = Socket::connected(gateway).await;
    socket.send(r#"42["message",1,"2",{"3":[true]}]"#).await;
    assert_eq!(socket.text().await, r#"42["message-back",1,"2",{"3":[true]}]"#);
    socket.send(r#"42456["message-with-ack",1,"2",{"3":[false]}]"#).await;
    assert_eq!(socket.text().await, r#"43456[1,"2",{"3":[false]}]"#);

    let placeholders = r#"{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#;
    for (sent, answer) in [
        (format!(r#"452-["message",{placeholders}"#), format!(r#"452-["message-back",{placeholders}"#)),
        (format!(r#"452-789["message-with-ack",{placeholders}"#), format!("462-789[{placeholders}")),
    ] {
        socket.send(&sent).await;
        socket.0.send(Message::binary(vec![1, 2, 3])).await.unwrap();
        socket.0.send(Message::binary(vec![4, 5, 6])).await.unwrap();
        assert_eq!(socket.text().await, answer);
        assert_eq!(socket.next().await, Some(Message::binary(vec![1, 2, 3])));
        assert_eq!(socket.next().await, Some(Message::binary(vec![4, 5, 6])));
    }
}

/// A session over polling, and the address of its packets.
async fn polling_session(gateway: &Replica) -> (Rest, String) {
    let http = Rest::new(gateway.url());
    let opened = http.get(POLLING).await.text;
    let handshake: Value = serde_json::from_str(&opened[1..]).unwrap();
    let session = format!("{POLLING}&sid={}", handshake["sid"].as_str().unwrap());
    (http, session)
}

#[track_caller]
fn is_handshake(packet: &str, upgrades: &Value) {
    let handshake: Value = serde_json::from_str(packet.strip_prefix('0').expect("an open packet")).unwrap();
    let mut names: Vec<&str> = handshake.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["maxPayload", "pingInterval", "pingTimeout", "sid", "upgrades"]);
    assert_eq!(&handshake["upgrades"], upgrades);
    let numbers = ["pingInterval", "pingTimeout", "maxPayload"].map(|name| handshake[name].as_u64().unwrap());
    assert_eq!(numbers, [300, 200, 1_000_000]);
}

/// A plain websocket.
struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn open(gateway: &Replica, path: &str) -> Self {
        let (socket, _) = connect_async(format!("ws://{}{path}", gateway.address())).await.expect("a websocket");
        Self(socket)
    }

    /// Connected to the namespace `/`.
    async fn connected(gateway: &Replica) -> Self {
        let mut socket = Self::open(gateway, WEBSOCKET).await;
        socket.text().await;
        socket.send("40").await;
        socket.text().await;
        socket.text().await;
        socket
    }

    async fn send(&mut self, packet: &str) {
        self.0.send(Message::text(packet)).await.expect("the websocket is open");
    }

    /// The next frame that is no heartbeat, answering those; `None` once the connection is closed.
    async fn next(&mut self) -> Option<Message> {
        loop {
            match self.frame().await? {
                Message::Text(text) if text.as_str() == "2" => self.send("3").await,
                frame @ (Message::Text(_) | Message::Binary(_)) => return Some(frame),
                _ => {}
            }
        }
    }

    async fn text(&mut self) -> String {
        match self.next().await {
            Some(Message::Text(text)) => text.as_str().to_owned(),
            other => panic!("no text but {other:?}"),
        }
    }

    /// The next frame, be it a heartbeat; `None` once the connection is closed.
    async fn frame(&mut self) -> Option<Message> {
        let frame = tokio::time::timeout(SOON, self.0.next()).await.expect("a frame or an end in time")?.ok()?;
        (!frame.is_close()).then_some(frame)
    }

    /// Waits for the end, answering no heartbeat.
    async fn until_closed(&mut self) {
        let closed = async { while self.frame().await.is_some() {} };
        tokio::time::timeout(SOON, closed).await.expect("the connection is closed in time");
    }
}
