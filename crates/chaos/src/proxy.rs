//! A TCP proxy between clients and a service: it cuts, delays, swallows and half-opens connections.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::Result;
use crate::history::Broken;

/// How long each piece of a delayed connection is held, and for how long it is delayed.
const HELD: Duration = Duration::from_millis(150);
pub(crate) const DELAYED: Duration = Duration::from_secs(2);
const PIECE: usize = 16 * 1024;

/// How a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Whole,
    /// Slow until then.
    Slow(Instant),
    Cut,
    /// Open, and whatever is said on it is lost.
    Swallowing,
    /// The service's end is closed, the client's stays open and silent.
    HalfOpen,
}

#[derive(Debug, Default)]
struct Lines {
    open: BTreeMap<u64, watch::Sender<Mode>>,
    next: u64,
}

/// A way to one service.
#[derive(Debug)]
pub(crate) struct Proxy {
    /// Where clients connect: `host:port`.
    pub(crate) address: String,
    /// The service, as in `gateway-1`.
    pub(crate) name: String,
    lines: Arc<Mutex<Lines>>,
    _serving: JoinSet<()>,
}

impl Mode {
    fn is_whole(self) -> bool {
        match self {
            Self::Whole => true,
            Self::Slow(until) => Instant::now() >= until,
            Self::Cut | Self::Swallowing | Self::HalfOpen => false,
        }
    }
}

impl Proxy {
    /// Opens a way to `upstream` (`host:port`).
    pub(crate) async fn open(name: String, upstream: String) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let lines: Arc<Mutex<Lines>> = Arc::default();
        let mut serving = JoinSet::new();
        let shared = Arc::clone(&lines);
        serving.spawn(async move {
            let mut open = JoinSet::new();
            loop {
                let Ok((client, _)) = listener.accept().await else { continue };
                open.spawn(line(client, upstream.clone(), Arc::clone(&shared)));
                while open.try_join_next().is_some() {}
            }
        });
        Ok(Self { address, name, lines, _serving: serving })
    }

    /// Breaks one of the open connections; the number chooses which and how. `None` when there is none.
    pub(crate) fn strike(&self, number: u64) -> Option<Broken> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let whole: Vec<_> = lines.open.values().filter(|line| line.borrow().is_whole()).collect();
        let line = whole.get(usize::try_from(number >> 8).ok()?.checked_rem(whole.len())?)?;
        let (mode, broken) = match number % 8 {
            0..=3 => (Mode::Cut, Broken::Cut),
            4 => (Mode::Swallowing, Broken::Swallowed),
            5 => (Mode::HalfOpen, Broken::HalfOpen),
            _ => (Mode::Slow(Instant::now() + DELAYED), Broken::Delayed),
        };
        line.send(mode).ok()?;
        Some(broken)
    }
}

async fn line(client: TcpStream, upstream: String, lines: Arc<Mutex<Lines>>) {
    // Who cannot be connected is cut.
    let Ok(service) = TcpStream::connect(upstream).await else { return };
    if client.set_nodelay(true).and_then(|()| service.set_nodelay(true)).is_err() {
        return;
    }
    let (told, mode) = watch::channel(Mode::Whole);
    let number = {
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.next += 1;
        let number = lines.next;
        lines.open.insert(number, told);
        number
    };
    carry(client, service, mode).await;
    lines.lock().unwrap_or_else(PoisonError::into_inner).open.remove(&number);
}

/// Carries both ways until either end closes or the connection is broken.
async fn carry(client: TcpStream, service: TcpStream, mut mode: watch::Receiver<Mode>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_service, mut to_service) = service.into_split();
    let half_open = tokio::select! {
        () = pump(&mut from_client, &mut to_service, mode.clone()) => false,
        () = pump(&mut from_service, &mut to_client, mode.clone()) => false,
        changed = mode.wait_for(|mode| matches!(mode, Mode::Cut | Mode::HalfOpen)) => {
            changed.is_ok_and(|mode| *mode == Mode::HalfOpen)
        }
    };
    drop((from_service, to_service));
    let mut unheard = [0; 512];
    while half_open && from_client.read(&mut unheard).await.is_ok_and(|read| read > 0) {}
}

/// Carries one way until the source ends or the other side does not take it.
async fn pump(from: &mut OwnedReadHalf, to: &mut OwnedWriteHalf, mode: watch::Receiver<Mode>) {
    let mut piece = vec![0; PIECE];
    loop {
        let read = match from.read(&mut piece).await {
            Ok(read) if read > 0 => read,
            _ => return,
        };
        let now = *mode.borrow();
        match now {
            Mode::Swallowing => continue,
            Mode::Slow(until) if Instant::now() < until => tokio::time::sleep(HELD).await,
            Mode::Slow(_) | Mode::Whole | Mode::Cut | Mode::HalfOpen => {}
        }
        if to.write_all(piece.get(..read).unwrap_or_default()).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A service that says everything twice, behind a proxy, and a client of it.
    async fn echo() -> (Proxy, TcpStream, JoinSet<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = listener.local_addr().unwrap().to_string();
        let mut service = JoinSet::new();
        service.spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let (mut from, mut to) = socket.split();
            let _client_went = tokio::io::copy(&mut from, &mut to).await;
        });
        let proxy = Proxy::open("echo-0".to_owned(), upstream).await.unwrap();
        let mut client = TcpStream::connect(&proxy.address).await.unwrap();
        assert_eq!(say(&mut client).await, Some(2), "a whole connection carries");
        (proxy, client, service)
    }

    /// How much came back of two bytes; `None`: nothing did for a while.
    async fn say(client: &mut TcpStream) -> Option<usize> {
        let _broken = client.write_all(b"hi").await;
        let mut heard = [0; 8];
        let read = tokio::time::timeout(Duration::from_secs(1), client.read(&mut heard)).await;
        read.ok().map(|read| read.unwrap_or_default())
    }

    #[tokio::test]
    async fn connections_are_broken_in_every_way() {
        for (number, broken, heard) in [
            (0, Broken::Cut, Some(0)),
            (4, Broken::Swallowed, None),
            (5, Broken::HalfOpen, None),
            (6, Broken::Delayed, Some(2)),
        ] {
            let (proxy, mut client, _service) = echo().await;
            assert_eq!(proxy.strike(number), Some(broken));
            let said = std::time::Instant::now();
            assert_eq!(say(&mut client).await, heard, "{broken:?}");
            assert!(broken != Broken::Delayed || said.elapsed() >= HELD);
        }
    }

    #[tokio::test]
    async fn what_is_broken_is_not_struck_again() {
        let (proxy, _client, _service) = echo().await;
        assert_eq!(proxy.strike(4), Some(Broken::Swallowed));
        assert_eq!(proxy.strike(0), None);
    }
}
