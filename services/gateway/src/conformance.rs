//! The handlers of the public Socket.IO protocol test suite (socketio/socket.io-protocol, v5), for tests of what is
//! below the gateway: packets, namespaces, acknowledgements, binary attachments, heartbeats.
//!
//! Nobody signs in here, so it listens on loopback only.

use std::convert::Infallible;
use std::fmt;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use baton_boot::{BoxError, Process};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, SerializeTuple, Serializer};
use serde_json::Value;
use socketioxide::SocketIo;
use socketioxide::extract::{AckSender, Data, SocketRef, TryData};
use socketioxide::handler::ConnectHandler;

use crate::line::Peer;
use crate::listen::Listener;

/// The heartbeat the suite expects, and how long it gives a connection without a namespace.
const PING_INTERVAL: Duration = Duration::from_millis(300);
const PING_TIMEOUT: Duration = Duration::from_millis(200);
const CONNECT_TIMEOUT: Duration = Duration::from_millis(1_000);
const MAX_PAYLOAD: u64 = 1_000_000;

/// Serves the suite's handlers until told to end.
pub(crate) async fn run(process: Process) -> Result<(), BoxError> {
    let address = process.settings.gateway.listen;
    if !address.ip().is_loopback() {
        return Err(format!("--conformance lets anybody in: it listens on loopback only, not at {address}").into());
    }
    let listener = Listener::bind(address)?;
    tracing::warn!(address = %listener.address()?, "conformance: nobody signs in here");
    let (sockets, io) = SocketIo::builder()
        .ping_interval(PING_INTERVAL)
        .ping_timeout(PING_TIMEOUT)
        .connect_timeout(CONNECT_TIMEOUT)
        .max_payload(MAX_PAYLOAD)
        .build_layer();
    io.ns("/", connected.with(prepare));
    io.ns("/custom", connected.with(prepare));
    let app = Router::new().fallback(async || StatusCode::NOT_FOUND).layer(sockets);
    process.readiness.ready();
    let app = app.into_make_service_with_connect_info::<Peer>();
    let served = axum::serve(listener, app).with_graceful_shutdown(process.shutdown.clone().cancelled_owned());
    let closed = async {
        process.shutdown.cancelled().await;
        io.close().await;
    };
    let (served, ()) = tokio::join!(served.into_future(), closed);
    Ok(served?)
}

async fn connected(socket: SocketRef, TryData(auth): TryData<Value>) {
    let _ = socket.emit("auth", &auth.unwrap_or_default());
}

/// Sets the handlers before the client is told that it is connected, and may send.
async fn prepare(socket: SocketRef) -> Result<(), Infallible> {
    socket.on("message", async |socket: SocketRef, Data(arguments): Data<Arguments>| {
        let _ = socket.emit("message-back", &arguments);
    });
    socket.on("message-with-ack", async |Data(arguments): Data<Arguments>, ack: AckSender| {
        let _ = ack.send(&arguments);
    });
    Ok(())
}

/// All arguments of an event, whatever they are. A tuple to socketioxide: it gives and takes all, not the first.
#[derive(Debug, Clone, PartialEq)]
struct Arguments(Vec<Argument>);

impl Serialize for Arguments {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.0.len())?;
        for argument in &self.0 {
            tuple.serialize_element(argument)?;
        }
        tuple.end()
    }
}

impl<'de> Deserialize<'de> for Arguments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Arguments;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("arguments")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Arguments, A::Error> {
                let mut all = Vec::new();
                while let Some(argument) = seq.next_element()? {
                    all.push(argument);
                }
                Ok(Arguments(all))
            }
        }
        deserializer.deserialize_tuple_struct("Arguments", usize::MAX, All)
    }
}

/// A JSON value that may hold bytes.
#[derive(Debug, Clone, PartialEq)]
enum Argument {
    Plain(Value),
    Bytes(Vec<u8>),
    List(Vec<Argument>),
    Map(Vec<(String, Argument)>),
}

impl Serialize for Argument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(value) => value.serialize(serializer),
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Argument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyArgument)
    }
}

struct AnyArgument;

impl<'de> Visitor<'de> for AnyArgument {
    type Value = Argument;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Argument, E> {
        Ok(Argument::Plain(Value::Null))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Argument, E> {
        Ok(Argument::Plain(value.into()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Argument, E> {
        Ok(Argument::Plain(value.into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Argument, E> {
        Ok(Argument::Plain(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Argument, E> {
        Ok(Argument::Plain(value.into()))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Argument, E> {
        Ok(Argument::Plain(value.into()))
    }

    fn visit_bytes<E: de::Error>(self, value: &[u8]) -> Result<Argument, E> {
        Ok(Argument::Bytes(value.to_vec()))
    }

    fn visit_byte_buf<E: de::Error>(self, value: Vec<u8>) -> Result<Argument, E> {
        Ok(Argument::Bytes(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Argument, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Argument::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Argument, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Argument::Map(entries))
    }
}
