//! A raw Socket.IO v5 client over Engine.IO v4, websocket only: what a screen hears, and as little else as possible.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use baton_wire::socket::Ready;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use crate::Result;

/// How long an answer may take.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);
/// Small buffers: there are ten thousand of these.
const BUFFER: usize = 2 * 1024;
/// What a narrow line holds.
const NARROW: u32 = 4 * 1024;

/// A connected socket.
#[derive(Debug)]
pub struct Socket {
    ws: WebSocketStream<TcpStream>,
    /// What `ready` said.
    pub ready: Ready,
    /// When anything last came, pings included: a line that is silent for longer than the server's pings are apart
    /// is dead.
    pub heard_at: Instant,
    heard: VecDeque<Event>,
    last_ack: u64,
}

/// An event as it came.
#[derive(Debug, Clone)]
pub struct Event {
    /// When it was here.
    pub at: Instant,
    text: Utf8Bytes,
}

impl Event {
    /// Its name.
    pub fn name(&self) -> &str {
        self.split().map_or("", |(name, _)| name)
    }

    /// Its payload, as JSON.
    pub fn payload(&self) -> &str {
        self.split().map_or("null", |(_, payload)| payload)
    }

    /// `42["name",payload]` in its two parts.
    fn split(&self) -> Option<(&str, &str)> {
        let rest = self.text.strip_prefix("42[\"")?;
        let (name, rest) = rest.split_once('"')?;
        let payload = rest.strip_prefix(',').and_then(|rest| rest.strip_suffix(']'));
        Some((name, payload.unwrap_or("null")))
    }
}

/// What came in.
enum Packet {
    Event(Event),
    Ack(u64, Utf8Bytes),
    Other(Utf8Bytes),
}

impl Socket {
    /// Connects, signs in and waits for `ready`. With a cursor, what was missed has to be asked for by `resume`.
    pub async fn connect(host: &str, token: &str, cursor: Option<&str>) -> Result<Self> {
        Self::connect_over(async { Ok(TcpStream::connect(host).await?) }, (host, token, cursor)).await
    }

    /// Connects through a line that holds little: when nobody reads, the other side knows soon.
    pub(crate) async fn connect_narrow(host: &str, token: &str) -> Result<Self> {
        let stream = async {
            let socket = TcpSocket::new_v4()?;
            socket.set_recv_buffer_size(NARROW)?;
            Ok(socket.connect(host.parse()?).await?)
        };
        Self::connect_over(stream, (host, token, None)).await
    }

    async fn connect_over(
        stream: impl Future<Output = Result<TcpStream>>,
        (host, token, cursor): (&str, &str, Option<&str>),
    ) -> Result<Self> {
        let connected = async { Self::handshake(stream.await?, host, token, cursor).await };
        tokio::time::timeout(ANSWERED_WITHIN, connected).await.map_err(|_| "no answer to a handshake")?
    }

    async fn handshake(stream: TcpStream, host: &str, token: &str, cursor: Option<&str>) -> Result<Self> {
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default().read_buffer_size(BUFFER).write_buffer_size(0);
        let url = format!("ws://{host}/socket.io/?EIO=4&transport=websocket");
        let (mut ws, _) = tokio_tungstenite::client_async_with_config(url, stream, Some(config)).await?;
        let auth = match cursor {
            Some(cursor) => json!({ "token": token, "cursor": cursor }),
            None => json!({ "token": token }),
        };
        ws.send(Message::text(format!("40{auth}"))).await?;
        let mut heard_at = Instant::now();
        loop {
            match read(&mut ws, &mut heard_at).await? {
                Packet::Event(event) if event.name() == "ready" => {
                    let ready = serde_json::from_str(event.payload())?;
                    return Ok(Self { ws, ready, heard_at, heard: VecDeque::new(), last_ack: 0 });
                }
                Packet::Other(text) if text.starts_with("44") => return Err(format!("refused: {text}").into()),
                _ => {}
            }
        }
    }

    /// The next event.
    pub async fn next(&mut self) -> Result<Event> {
        loop {
            if let Some(event) = self.heard.pop_front() {
                return Ok(event);
            }
            if let Packet::Event(event) = read(&mut self.ws, &mut self.heard_at).await? {
                return Ok(event);
            }
        }
    }

    /// Asks for something and gives the acknowledgement. Events that come meanwhile are kept for [`Self::next`].
    pub async fn ask(&mut self, name: &str, payload: &Value) -> Result<Value> {
        let asked = tokio::time::timeout(ANSWERED_WITHIN, self.request(name, payload)).await;
        let answer = asked.map_err(|_| format!("no answer to {name}"))??;
        if answer.get("ok") == Some(&Value::Bool(true)) {
            return Ok(answer);
        }
        Err(format!("{name} was refused: {answer}").into())
    }

    /// Asks for something and gives the acknowledgement, be it a refusal; waits for it as long as it takes.
    pub async fn request(&mut self, name: &str, payload: &Value) -> Result<Value> {
        self.last_ack += 1;
        let id = self.last_ack;
        self.ws.send(Message::text(format!("42{id}{}", json!([name, payload])))).await?;
        loop {
            match read(&mut self.ws, &mut self.heard_at).await? {
                Packet::Event(event) => self.heard.push_back(event),
                Packet::Ack(of, body) if of == id => {
                    let answer: [Value; 1] = serde_json::from_str(&body)?;
                    let [answer] = answer;
                    return Ok(answer);
                }
                _ => {}
            }
        }
    }

    /// Opens a conversation; gives its last `seq`.
    pub async fn join(&mut self, conversation: &str) -> Result<i64> {
        let joined = self.ask("conversation:join", &json!({ "conversation_id": conversation })).await?;
        Ok(joined.get("last_seq").and_then(Value::as_i64).ok_or("a join without last_seq")?)
    }
}

/// The next packet; pings are answered here.
async fn read(ws: &mut WebSocketStream<TcpStream>, heard_at: &mut Instant) -> Result<Packet> {
    loop {
        let text = match ws.next().await {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Close(_))) | None => return Err("the socket was closed".into()),
            Some(Ok(_)) => continue,
            Some(Err(error)) => return Err(error.into()),
        };
        let at = Instant::now();
        *heard_at = at;
        match text.as_bytes() {
            b"2" => ws.send(Message::text("3")).await?,
            b"1" | b"41" => return Err("the socket was disconnected".into()),
            [b'4', b'2', ..] => return Ok(Packet::Event(Event { at, text })),
            [b'4', b'3', ..] => {
                let rest = text.get(2..).unwrap_or_default();
                let digits = rest.find('[').ok_or("an acknowledgement without a body")?;
                let (id, body) = rest.split_at(digits);
                return Ok(Packet::Ack(id.parse()?, body.to_owned().into()));
            }
            _ => return Ok(Packet::Other(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_taken_apart() {
        let event = |text: &str| Event { at: Instant::now(), text: text.to_owned().into() };
        let created = event(r#"42["message:created",{"id":["]"]}]"#);
        assert_eq!((created.name(), created.payload()), ("message:created", r#"{"id":["]"]}"#));
        let bare = event(r#"42["ready"]"#);
        assert_eq!((bare.name(), bare.payload()), ("ready", "null"));
    }
}
