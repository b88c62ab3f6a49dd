//! The handlers of the public protocol suite: what it asks of them, in a few packets.

use std::process::Stdio;
use std::time::Duration;

use baton_testkit::{free_port, wait_for};
use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

fn command(listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton-gateway"));
    command
        .arg("--conformance")
        .env("BATON_DATABASE__URL", "postgres://x/x")
        .env("BATON_DATABASE__SYSTEM_URL", "postgres://x/x")
        .env("BATON_REDIS__URL", "redis://127.0.0.1:1")
        .env("BATON_GATEWAY__LISTEN", listen)
        .env("BATON_OPERATIONS__LISTEN", "127.0.0.1:0")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}

#[tokio::test]
async fn refuses_to_be_open_to_the_world() {
    assert_eq!(command("0.0.0.0:0").status().await.unwrap().code(), Some(1));
}

#[tokio::test]
async fn echoes_what_the_suite_sends() {
    let address = format!("127.0.0.1:{}", free_port().unwrap());
    let _process = command(&address).spawn().unwrap();
    let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
    let connected = async || tokio_tungstenite::connect_async(&url).await.ok();
    let (mut stream, _) = wait_for("the gateway", Duration::from_secs(10), connected).await;
    let mut said: Vec<String> = Vec::new();
    let talk = [
        Message::text(r#"40{"token":"123"}"#),
        Message::text(r#"42["message",1,"2",{"3":[true]}]"#),
        Message::text(r#"42456["message-with-ack",1,"2",{"3":[false]}]"#),
        Message::text(r#"452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#),
        Message::binary(vec![1, 2, 3]),
        Message::binary(vec![4, 5, 6]),
        Message::text(r#"40/custom,{"a":1}"#),
        Message::text("40/random"),
    ];
    for packet in talk {
        let connects = packet.to_text().is_ok_and(|text| text.starts_with("40{"));
        stream.send(packet).await.unwrap();
        // Nothing may be said before the namespace is open.
        while connects && !said.iter().any(|said| said.starts_with("40{")) {
            said.extend(hear(&mut stream).await);
        }
    }
    while said.len() < 11 {
        said.extend(hear(&mut stream).await);
    }
    for expected in [
        r#"42["auth",{"token":"123"}]"#,
        r#"42["message-back",1,"2",{"3":[true]}]"#,
        r#"43456[1,"2",{"3":[false]}]"#,
        r#"452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#,
        r#"b"\x01\x02\x03""#,
        r#"b"\x04\x05\x06""#,
        r#"42/custom,["auth",{"a":1}]"#,
        r#"44/random,{"message":"Invalid namespace"}"#,
    ] {
        assert!(said.iter().any(|said| said == expected), "{expected} is not in {said:#?}");
    }
}

/// What is said next, unless it is a ping, which is answered.
async fn hear(stream: &mut WebSocketStream<MaybeTlsStream<TcpStream>>) -> Option<String> {
    match stream.next().await.unwrap().unwrap() {
        Message::Text(text) if text.as_str() == "2" => {
            stream.send(Message::text("3")).await.unwrap();
            None
        }
        Message::Text(text) => Some(text.to_string()),
        Message::Binary(bytes) => Some(format!("{bytes:?}")),
        other => panic!("{other:?}"),
    }
}
