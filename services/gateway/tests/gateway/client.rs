//! A small Socket.IO client over a websocket, strict about what it is told.

use std::collections::VecDeque;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

const PATIENCE: Duration = Duration::from_secs(10);

/// A connected socket.
pub(crate) struct Client {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_ack: u64,
    events: VecDeque<(String, Value)>,
}

/// What was said in one packet.
#[derive(Debug, PartialEq)]
enum Said {
    Connected,
    Refused(String),
    Event(String, Value),
    Ack(u64, Value),
    Disconnected,
    Closed,
}

impl Client {
    /// Connects to the gateway at `address`; the refusal's text if it does not let this in.
    pub(crate) async fn connect(address: &str, auth: Value) -> Result<Self, String> {
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
        let (stream, _) = tokio_tungstenite::connect_async(url).await.map_err(|error| error.to_string())?;
        let mut client = Self { stream, next_ack: 0, events: VecDeque::new() };
        let open = client.stream.next().await.unwrap().unwrap();
        assert!(open.to_text().unwrap().starts_with("0{"), "{open:?}");
        client.write(format!("40{auth}")).await;
        match client.said().await {
            Said::Connected => Ok(client),
            Said::Refused(text) => Err(text),
            other => panic!("{other:?}"),
        }
    }

    /// Connects as the holder of `token` and waits to be told that it may begin.
    pub(crate) async fn fresh(address: &str, token: &str) -> (Self, String) {
        let mut client = Self::connect(address, json!({ "token": token })).await.unwrap();
        let ready = client.event("ready").await;
        (client, ready["cursor"].as_str().unwrap().to_owned())
    }

    async fn write(&mut self, packet: String) {
        self.stream.send(Message::text(packet)).await.unwrap();
    }

    async fn said(&mut self) -> Said {
        tokio::time::timeout(PATIENCE, self.said_any()).await.expect("nothing was said")
    }

    async fn said_any(&mut self) -> Said {
        loop {
            let text = match self.stream.next().await {
                Some(Ok(Message::Text(text))) => text.to_string(),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Said::Closed,
                Some(Ok(_)) => continue,
            };
            let (kind, rest) = text.split_at(text.find(['{', '[']).unwrap_or(text.len()));
            let body = || serde_json::from_str::<Value>(rest).unwrap();
            match (kind.get(..2).unwrap_or(kind), kind.get(2..)) {
                ("2", _) => self.write("3".to_owned()).await,
                ("40", _) => return Said::Connected,
                ("41", _) => return Said::Disconnected,
                ("42", _) => {
                    let body = body();
                    return Said::Event(body[0].as_str().unwrap().to_owned(), body[1].clone());
                }
                ("43", Some(id)) => return Said::Ack(id.parse().unwrap(), body()[0].clone()),
                ("44", _) => return Said::Refused(body()["message"].as_str().unwrap().to_owned()),
                ("1", _) => return Said::Closed,
                _ => panic!("{text}"),
            }
        }
    }

    /// Sends a request without waiting for its answer; gives the answer's number.
    pub(crate) async fn send(&mut self, event: &str, payload: Value) -> u64 {
        self.next_ack += 1;
        self.write(format!("42{}{}", self.next_ack, json!([event, payload]))).await;
        self.next_ack
    }

    /// The next answer, with its number.
    pub(crate) async fn answer(&mut self) -> (u64, Value) {
        loop {
            match self.said().await {
                Said::Ack(id, body) => return (id, body),
                Said::Event(name, payload) => self.events.push_back((name, payload)),
                other => panic!("{other:?}"),
            }
        }
    }

    /// Asks and waits for the answer; events that come before it are kept.
    pub(crate) async fn ask(&mut self, event: &str, payload: Value) -> Value {
        let asked = self.send(event, payload).await;
        let (answered, body) = self.answer().await;
        assert_eq!(asked, answered);
        body
    }

    /// The next event, whatever it is.
    pub(crate) async fn any_event(&mut self) -> (String, Value) {
        if let Some(event) = self.events.pop_front() {
            return event;
        }
        match self.said().await {
            Said::Event(name, payload) => (name, payload),
            other => panic!("{other:?}"),
        }
    }

    /// The next event called `name`; those before it are dropped.
    pub(crate) async fn event(&mut self, name: &str) -> Value {
        loop {
            let (event, payload) = self.any_event().await;
            if event == name {
                return payload;
            }
        }
    }

    /// What was heard until nothing was for `quiet`.
    pub(crate) async fn heard(&mut self, quiet: Duration) -> Vec<(String, Value)> {
        let mut heard: Vec<_> = self.events.drain(..).collect();
        while let Ok(said) = tokio::time::timeout(quiet, self.said_any()).await {
            match said {
                Said::Event(name, payload) => heard.push((name, payload)),
                other => panic!("{other:?}"),
            }
        }
        heard
    }

    /// Waits until the server disconnects or closes; gives the events before that.
    pub(crate) async fn ended(&mut self) -> Vec<(String, Value)> {
        let mut heard: Vec<_> = self.events.drain(..).collect();
        loop {
            match self.said().await {
                Said::Event(name, payload) => heard.push((name, payload)),
                Said::Disconnected | Said::Closed => return heard,
                other => panic!("{other:?}"),
            }
        }
    }

    /// Pages `resume` to its end; gives the events and the last cursor.
    pub(crate) async fn resume(&mut self, cursor: &str) -> (Vec<Value>, String) {
        let (mut all, mut cursor) = (Vec::new(), cursor.to_owned());
        loop {
            let page = self.ask("resume", json!({ "cursor": cursor })).await;
            assert_eq!(page["ok"], true, "{page}");
            all.extend(page["events"].as_array().unwrap().iter().cloned());
            cursor = page["cursor"].as_str().unwrap().to_owned();
            if page["more"] == false {
                return (all, cursor);
            }
        }
    }
}
