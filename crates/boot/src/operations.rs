//! The operations listener: probes and metrics, on a port that is not for clients.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use prometheus::{Encoder, TextEncoder};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::readiness::Readiness;
use crate::tasks::spawn;

/// How many connections are served at once; others wait in the kernel.
const CONNECTIONS: usize = 64;
/// How long a request's head may take to arrive, and an idle connection may stay.
const HEAD_WITHIN: Duration = Duration::from_secs(5);
/// How big a request's head may be.
const HEAD_BYTES: usize = 16 * 1024;

/// Listens at `address` and answers until the process ends, also while it drains. Gives the address in use.
pub(crate) async fn listen(address: SocketAddr, readiness: Readiness) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    spawn("operations", accept(listener, readiness));
    Ok(address)
}

async fn accept(listener: TcpListener, readiness: Readiness) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // Never closed, so this never fails.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let readiness = readiness.clone();
                spawn("operations connection", async move {
                    serve(stream, readiness).await;
                    drop(place);
                });
            }
            // Out of file descriptors, most likely: a pause, or this loop takes what processor is left.
            Err(error) => {
                tracing::warn!(%error, "the operations listener cannot accept");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn serve(stream: TcpStream, readiness: Readiness) {
    let service = service_fn(|request| {
        let readiness = readiness.clone();
        async move { Ok::<_, Infallible>(answer(&request, &readiness).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD_BYTES)
        .max_headers(64)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "an operations connection ended early");
    }
}

async fn answer(request: &Request<Incoming>, readiness: &Readiness) -> Response<Full<Bytes>> {
    let path = request.uri().path();
    match (request.method(), path) {
        (&Method::GET | &Method::HEAD, "/livez") => respond(StatusCode::OK, PLAIN, "alive\n"),
        (&Method::GET | &Method::HEAD, "/readyz") => match readiness.state().await {
            Ok(()) => respond(StatusCode::OK, PLAIN, "ready\n"),
            Err(reason) => respond(StatusCode::SERVICE_UNAVAILABLE, PLAIN, format!("not ready: {reason}\n")),
        },
        (&Method::GET | &Method::HEAD, "/metrics") => metrics(),
        (_, "/livez" | "/readyz" | "/metrics") => respond(StatusCode::METHOD_NOT_ALLOWED, PLAIN, ""),
        _ => respond(StatusCode::NOT_FOUND, PLAIN, "not found\n"),
    }
}

fn metrics() -> Response<Full<Bytes>> {
    let mut text = Vec::new();
    match TextEncoder::new().encode(&prometheus::gather(), &mut text) {
        Ok(()) => respond(StatusCode::OK, prometheus::TEXT_FORMAT, text),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be shown");
            respond(StatusCode::INTERNAL_SERVER_ERROR, PLAIN, "")
        }
    }
}

const PLAIN: &str = "text/plain; charset=utf-8";

fn respond(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn ask(address: SocketAddr, head: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let written = stream.write_all(format!("{head}\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).await;
        let mut answer = Vec::new();
        // A head that is too big is answered before it is read: what the reset leaves is enough.
        if stream.read_to_end(&mut answer).await.is_err() || written.is_err() {
            answer.extend_from_slice(b" (reset)");
        }
        String::from_utf8(answer).unwrap()
    }

    #[tokio::test]
    async fn probes_and_metrics_over_tcp() {
        let readiness = Readiness::new();
        let address = listen((std::net::Ipv4Addr::LOCALHOST, 0).into(), readiness.clone()).await.unwrap();
        assert!(ask(address, "GET /livez HTTP/1.1").await.starts_with("HTTP/1.1 200"));
        let answer = ask(address, "GET /readyz HTTP/1.1").await;
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("starting"), "{answer}");
        readiness.set_check(async || Ok(()));
        assert!(ask(address, "GET /readyz HTTP/1.1").await.starts_with("HTTP/1.1 200"));
        readiness.drain();
        assert!(ask(address, "GET /readyz HTTP/1.1").await.contains("draining"));
        assert!(ask(address, "GET /livez HTTP/1.1").await.starts_with("HTTP/1.1 200"));

        crate::metrics::TICKS.with_label_values(&["probe"]).inc();
        let metrics = ask(address, "GET /metrics HTTP/1.1").await;
        assert!(metrics.contains("baton_loop_ticks_total{loop=\"probe\"} 1"), "{metrics}");
        assert!(metrics.contains("process_resident_memory_bytes"), "{metrics}");

        assert!(ask(address, "GET /else HTTP/1.1").await.starts_with("HTTP/1.1 404"));
        assert!(ask(address, "POST /livez HTTP/1.1").await.starts_with("HTTP/1.1 405"));
        let huge = format!("GET /livez HTTP/1.1\r\nX: {}", "x".repeat(64 * 1024));
        let answer = ask(address, &huge).await;
        assert!(answer.starts_with("HTTP/1.1 431") || answer == " (reset)", "{answer}");
    }
}
