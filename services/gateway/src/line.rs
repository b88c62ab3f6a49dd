//! The lines under the sockets, so that one that is stuck can be cut.
//!
//! socketioxide ends a socket by telling its client so, through the same buffer that is full when a client does not
//! read; and a writer that waits for such a client waits for ever. Cutting the TCP connection ends both, and is what
//! makes a Socket.IO client come back by itself.

use std::collections::HashMap;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};

use axum::extract::ConnectInfo;
use axum::extract::connect_info::Connected;
use axum::http::{Extensions, Uri};
use axum::serve::IncomingStream;
use futures::task::AtomicWaker;
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::listen::Listener;

/// A TCP connection, as a switch.
#[derive(Debug, Default)]
pub(crate) struct Line {
    cut: AtomicBool,
    reader: AtomicWaker,
    writer: AtomicWaker,
}

impl Line {
    /// Ends the connection: whoever reads from it or writes to it gets an error.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        self.reader.wake();
        self.writer.wake();
    }

    fn check(&self) -> io::Result<()> {
        if self.cut.load(Ordering::SeqCst) { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }
}

/// A stream that ends when its line is cut.
#[derive(Debug)]
pub(crate) struct Wire<S> {
    stream: S,
    line: Arc<Line>,
}

impl<S> Wire<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream, line: Arc::default() }
    }

    pub(crate) fn line(&self) -> &Arc<Line> {
        &self.line
    }

    /// Runs a write so that a cut wakes it: the waker is in place before the line is looked at.
    fn write<T>(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        run: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>>
    where
        S: Unpin,
    {
        let this = self.get_mut();
        this.line.writer.register(context.waker());
        this.line.check()?;
        run(Pin::new(&mut this.stream), context)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.line.reader.register(context.waker());
        this.line.check()?;
        Pin::new(&mut this.stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.write(context, |stream, context| stream.poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.write(context, AsyncWrite::poll_flush)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.write(context, AsyncWrite::poll_shutdown)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write(context, |stream, context| stream.poll_write_vectored(context, parts))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// Who a request came from.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    line: Arc<Line>,
}

impl Connected<IncomingStream<'_, Listener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        Self { line: Arc::clone(stream.io().line()) }
    }
}

/// Finds the line of a socket. A socket that began with polling got its line when it was upgraded.
#[derive(Debug, Default)]
pub(crate) struct Lines(Mutex<Upgrades>);

#[derive(Debug, Default)]
struct Upgrades {
    lines: HashMap<Sid, Weak<Line>>,
    prune_at: usize,
}

impl Lines {
    /// Notes the line of a request that upgrades a socket.
    pub(crate) fn note(&self, uri: &Uri, extensions: &Extensions) {
        let Some(sid) = upgraded(uri) else { return };
        let Some(ConnectInfo(peer)) = extensions.get::<ConnectInfo<Peer>>() else { return };
        let mut upgrades = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if upgrades.lines.len() >= upgrades.prune_at {
            // Anybody may claim to upgrade anything: what is kept is bounded by the connections there are.
            upgrades.lines.retain(|_, line| line.strong_count() > 0);
            upgrades.prune_at = upgrades.lines.len() * 2 + 64;
        }
        upgrades.lines.insert(sid, Arc::downgrade(&peer.line));
    }

    /// The socket's own connection; none while it polls, over connections that others may share.
    pub(crate) fn of(&self, socket: &SocketRef) -> Option<Arc<Line>> {
        let upgraded = self.0.lock().unwrap_or_else(PoisonError::into_inner).lines.get(&socket.id).map(Weak::upgrade);
        if let Some(line) = upgraded.flatten() {
            return Some(line);
        }
        let request = socket.req_parts();
        if parameter(&request.uri, "transport") != Some("websocket") {
            return None;
        }
        request.extensions.get::<ConnectInfo<Peer>>().map(|ConnectInfo(peer)| Arc::clone(&peer.line))
    }

    /// Forgets a socket that is gone.
    pub(crate) fn forget(&self, sid: Sid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).lines.remove(&sid);
    }
}

/// The socket that a request moves to a websocket of its own.
fn upgraded(uri: &Uri) -> Option<Sid> {
    if parameter(uri, "transport") != Some("websocket") {
        return None;
    }
    parameter(uri, "sid")?.parse().ok()
}

fn parameter<'u>(uri: &'u Uri, name: &str) -> Option<&'u str> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn a_cut_wakes_a_stuck_reader_and_a_stuck_writer() {
        let (near, _far) = tokio::io::duplex(8);
        let wire = Wire::new(near);
        let line = Arc::clone(wire.line());
        let (mut read, mut write) = tokio::io::split(wire);
        let reads = async { read.read_u8().await.map_err(|error| error.kind()) };
        let writes = async { write.write_all(&[0; 64]).await.map_err(|error| error.kind()) };
        let cut = async {
            tokio::task::yield_now().await;
            line.cut();
        };
        let (read, written, ()) = tokio::join!(reads, writes, cut);
        assert_eq!(read, Err(io::ErrorKind::ConnectionReset));
        assert_eq!(written, Err(io::ErrorKind::ConnectionReset));
    }

    #[test]
    fn only_upgrades_are_noted() {
        let sid = Sid::new();
        let upgrade: Uri = format!("/socket.io/?EIO=4&transport=websocket&sid={sid}").parse().unwrap();
        assert_eq!(upgraded(&upgrade), Some(sid));
        for other in ["/socket.io/?EIO=4&transport=websocket", "/socket.io/?transport=polling&sid=x", "/socket.io/"] {
            assert_eq!(upgraded(&other.parse().unwrap()), None, "{other}");
        }
    }
}
