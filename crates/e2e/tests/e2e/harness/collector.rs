//! A collector of spans: takes what the services send by OTLP over gRPC, and knows of it what tests look at.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::ready;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::replica::Settings;

/// What stands before a message of gRPC: whether it is compressed, and its length.
const PREFIX: usize = 5;

/// A span as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) service: String,
    pub(crate) name: String,
    pub(crate) trace: String,
    pub(crate) id: String,
    /// Empty: it is the first of its trace.
    pub(crate) parent: String,
    pub(crate) attributes: BTreeMap<String, String>,
}

/// Where spans arrive, for as long as it lives.
#[derive(Debug)]
pub(crate) struct Collector {
    port: u16,
    spans: Spans,
    _serving: JoinSet<()>,
}

type Spans = Arc<Mutex<Vec<Span>>>;

impl Collector {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (spans, mut serving) = (Spans::default(), JoinSet::new());
        serving.spawn(accept(listener, Arc::clone(&spans)));
        Self { port, spans, _serving: serving }
    }

    /// Has a service send its spans here, and soon.
    pub(crate) fn settings(&self) -> Settings {
        vec![
            ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://127.0.0.1:{}", self.port)),
            ("OTEL_BSP_SCHEDULE_DELAY", "100".to_owned()),
        ]
    }

    /// The spans of a trace so far.
    pub(crate) fn of(&self, trace: &str) -> Vec<Span> {
        let spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.iter().filter(|span| span.trace == trace).cloned().collect()
    }
}

async fn accept(listener: TcpListener, spans: Spans) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, Arc::clone(&spans)));
    }
}

async fn serve(stream: TcpStream, spans: Spans) {
    let service = service_fn(move |request| take(request, Arc::clone(&spans)));
    // It ends when the service does, however that comes.
    let _ended = http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}

async fn take(
    request: Request<Incoming>,
    spans: Spans,
) -> Result<Response<impl Body<Data = Bytes, Error = Infallible>>, hyper::Error> {
    let body = request.into_body().collect().await?.to_bytes();
    let export = Export::decode(body.slice(PREFIX..)).expect("spans");
    spans.lock().unwrap_or_else(PoisonError::into_inner).extend(export.into_spans());
    let trailers = HeaderMap::from_iter([("grpc-status".parse().expect("a name"), HeaderValue::from_static("0"))]);
    let empty = Full::new(Bytes::from_static(&[0; PREFIX])).with_trailers(ready(Some(Ok(trailers))));
    let mut response = Response::new(empty);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    Ok(response)
}

// The messages of opentelemetry-proto, as far as they are read here.

#[derive(Clone, PartialEq, Message)]
struct Export {
    #[prost(message, repeated, tag = "1")]
    resources: Vec<ResourceSpans>,
}

#[derive(Clone, PartialEq, Message)]
struct ResourceSpans {
    #[prost(message, optional, tag = "1")]
    resource: Option<Resource>,
    #[prost(message, repeated, tag = "2")]
    scopes: Vec<ScopeSpans>,
}

#[derive(Clone, PartialEq, Message)]
struct Resource {
    #[prost(message, repeated, tag = "1")]
    attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct ScopeSpans {
    #[prost(message, repeated, tag = "2")]
    spans: Vec<RawSpan>,
}

#[derive(Clone, PartialEq, Message)]
struct RawSpan {
    #[prost(bytes = "vec", tag = "1")]
    trace: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    id: Vec<u8>,
    #[prost(bytes = "vec", tag = "4")]
    parent: Vec<u8>,
    #[prost(string, tag = "5")]
    name: String,
    #[prost(message, repeated, tag = "9")]
    attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct KeyValue {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(message, optional, tag = "2")]
    value: Option<AnyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct AnyValue {
    #[prost(string, optional, tag = "1")]
    text: Option<String>,
    #[prost(int64, optional, tag = "3")]
    number: Option<i64>,
}

impl Export {
    fn into_spans(self) -> impl Iterator<Item = Span> {
        self.resources.into_iter().flat_map(|from| {
            let mut resource = named(from.resource.map(|resource| resource.attributes).unwrap_or_default());
            let service = resource.remove("service.name").unwrap_or_default();
            let spans = from.scopes.into_iter().flat_map(|scope| scope.spans);
            spans.map(move |raw| Span {
                service: service.clone(),
                name: raw.name,
                trace: hex(&raw.trace),
                id: hex(&raw.id),
                parent: hex(&raw.parent),
                attributes: named(raw.attributes),
            })
        })
    }
}

fn named(attributes: Vec<KeyValue>) -> BTreeMap<String, String> {
    let text = |value: AnyValue| value.text.or_else(|| value.number.map(|number| number.to_string()));
    attributes.into_iter().filter_map(|pair| Some((pair.key, text(pair.value?)?))).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
