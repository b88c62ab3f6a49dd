//! `storm`: the gateway is killed under load; all sockets come back by themselves and miss nothing.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::{StreamExt, TryStreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::Result;
use crate::process::{check_files, signal};
use crate::ready::Ready;
use crate::report::{Latencies, Report};
use crate::socket::Socket;
use crate::world::{Person, Role, World, random};

/// Sockets of one customer.
const PER_PERSON: usize = 200;
const CONNECTING: usize = 64;
/// The pauses of a Socket.IO client before it connects again: from half to one and a half of this, then of more.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Sockets
    #[arg(long, default_value_t = 10_000)]
    sockets: usize,
    /// Messages a second meanwhile, over all customers
    #[arg(long, default_value_t = 20.0)]
    rate: f64,
    /// How long after the kill the last message is posted
    #[arg(long, default_value_t = 20)]
    seconds: u64,
}

/// What all sockets of a storm share.
#[derive(Debug)]
struct Storm {
    gateway: String,
    killed: std::sync::OnceLock<Instant>,
    back: Latencies,
    returned: AtomicU64,
    refused: AtomicU64,
    resyncs: AtomicU64,
    lost: AtomicU64,
    doubled: AtomicU64,
}

/// One socket and what it has applied.
struct Guest {
    storm: Arc<Storm>,
    token: String,
    cursor: String,
    last: Arc<AtomicI64>,
}

#[derive(Deserialize)]
struct Told<'a> {
    #[serde(borrow)]
    cursor: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    data: Option<ToldData>,
}

#[derive(Deserialize)]
struct ToldData {
    seq: Option<i64>,
}

/// Runs it. The stack's supervisor starts the gateway again.
pub(crate) async fn run(world: World, args: &Args, ready_file: &Path) -> Result<Report> {
    check_files(&world.ready, args.sockets as u64)?;
    let (_, team) = world.team("storm").await?;
    let people = world.people(Role::Customer, args.sockets.div_ceil(PER_PERSON), None).await?;
    let tickets = world.tickets(&people, &team, people.len(), |n| (format!("Storm {n}"), "normal")).await?;
    let storm = Arc::new(Storm {
        gateway: world.gateway.clone(),
        killed: std::sync::OnceLock::new(),
        back: Latencies::new()?,
        returned: AtomicU64::new(0),
        refused: AtomicU64::new(0),
        resyncs: AtomicU64::new(0),
        lost: AtomicU64::new(0),
        doubled: AtomicU64::new(0),
    });
    println!("connecting {} sockets", args.sockets);
    let mut guests = JoinSet::new();
    let lasts = connect(&storm, &people, args.sockets, &mut guests).await?;
    println!("posting {}/s, then killing the gateway", args.rate);
    let stop = Instant::now() + Duration::from_secs(3 + args.seconds);
    let posting = post(&world, &people, &tickets, (args.rate, stop));
    let killing = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        let _ = storm.killed.set(Instant::now());
        signal(Ready::read(ready_file)?.pid("gateway")?, "KILL")
    };
    let (posted, killed) = tokio::join!(posting, killing);
    killed?;
    let posted = posted?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    guests.shutdown().await;

    // The ticket's own first message is seq 1, which was there before the sockets.
    let mut missing = 0;
    for (n, last) in lasts.iter().enumerate() {
        let expected = 1 + posted.get(n % people.len()).copied().unwrap_or_default();
        missing += (expected - last.load(Ordering::Relaxed)).max(0);
    }
    Ok(report(&storm, args, u64::try_from(missing)?))
}

fn report(storm: &Storm, args: &Args, missing: u64) -> Report {
    let mut report = Report::new("storm", args.seconds as f64);
    let back = storm.back.summary();
    let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
    report.figure("sockets", args.sockets as f64);
    report.figure("came back", count(&storm.returned) as f64);
    report.latency("kill → back and caught up", &back);
    report.wrong("not back", (args.sockets as u64).saturating_sub(count(&storm.returned)));
    report.wrong("handshakes refused", count(&storm.refused));
    report.wrong("resyncs", count(&storm.resyncs));
    report.wrong("lost", count(&storm.lost) + missing);
    report.wrong("doubled", count(&storm.doubled));
    report.at_most("all back and caught up", back.max_ms / 1_000.0, 15.0, "s");
    report
}

async fn connect(
    storm: &Arc<Storm>,
    people: &[Person],
    count: usize,
    guests: &mut JoinSet<()>,
) -> Result<Vec<Arc<AtomicI64>>> {
    let connecting = people.iter().cycle().take(count).map(async |who| {
        let socket = Socket::connect(&storm.gateway, &who.token, None).await?;
        Ok::<_, crate::Error>((socket, who.token.clone()))
    });
    let mut connected = futures::stream::iter(connecting).buffered(CONNECTING);
    let mut lasts = Vec::with_capacity(count);
    while let Some((socket, token)) = connected.try_next().await? {
        let last = Arc::new(AtomicI64::new(1));
        lasts.push(Arc::clone(&last));
        let guest = Guest { storm: Arc::clone(storm), token, cursor: socket.ready.cursor.clone(), last };
        guests.spawn(guest.stay(socket));
    }
    Ok(lasts)
}

/// Posts to the customers in turn; gives how many each got.
async fn post(world: &World, people: &[Person], tickets: &[String], (rate, stop): (f64, Instant)) -> Result<Vec<i64>> {
    let mut posted = vec![0; people.len()];
    let mut tick = tokio::time::interval(Duration::from_secs_f64(1.0 / rate));
    for n in (0..people.len()).cycle() {
        tick.tick().await;
        if Instant::now() > stop {
            break;
        }
        let (Some(who), Some(ticket), Some(count)) = (people.get(n), tickets.get(n), posted.get_mut(n)) else { break };
        let path = format!("/v1/conversations/{ticket}/messages");
        let _: Value = world.call(who, ("POST", &path), Some(json!({ "body": "Is anybody there?" }))).await?;
        *count += 1;
    }
    Ok(posted)
}

impl Guest {
    async fn stay(mut self, mut socket: Socket) {
        loop {
            while let Ok(event) = socket.next().await {
                self.apply(event.payload());
            }
            socket = self.come_back().await;
            if let Some(killed) = self.storm.killed.get() {
                self.storm.back.record(killed.elapsed());
                self.storm.returned.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn apply(&mut self, payload: &str) {
        let Ok(told) = serde_json::from_str::<Told<'_>>(payload) else { return };
        if let Some(cursor) = told.cursor {
            self.cursor = cursor.into_owned();
        }
        let seq = told.data.and_then(|data| data.seq);
        let (Some("message:created"), Some(seq)) = (told.kind.as_deref(), seq) else { return };
        let last = self.last.load(Ordering::Relaxed);
        if seq == 1 {
            // The ticket's own first message, told a moment after the socket came.
        } else if seq <= last {
            self.storm.doubled.fetch_add(1, Ordering::Relaxed);
        } else {
            self.storm.lost.fetch_add(u64::try_from(seq - last - 1).unwrap_or_default(), Ordering::Relaxed);
            self.last.store(seq, Ordering::Relaxed);
        }
    }

    async fn come_back(&mut self) -> Socket {
        let mut pause = PAUSE;
        loop {
            tokio::time::sleep(pause.mul_f64(0.5 + chance())).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            match Socket::connect(&self.storm.gateway, &self.token, Some(&self.cursor)).await {
                Ok(mut socket) => match self.catch_up(&mut socket).await {
                    Ok(()) => return socket,
                    Err(error) => {
                        if error.to_string().contains("resync_required") {
                            self.storm.resyncs.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                },
                // Nobody listens while the gateway is dead; anything else is a refusal.
                Err(error) if error.to_string().contains("refused (os error") => {}
                Err(error) => {
                    if self.storm.refused.fetch_add(1, Ordering::Relaxed) == 0 {
                        println!("a handshake failed: {error}");
                    }
                }
            }
        }
    }

    async fn catch_up(&mut self, socket: &mut Socket) -> Result<()> {
        loop {
            let page = socket.ask("resume", &json!({ "cursor": self.cursor })).await?;
            for event in page.get("events").and_then(Value::as_array).into_iter().flatten() {
                self.apply(&event.to_string());
            }
            if let Some(cursor) = page.get("cursor").and_then(Value::as_str) {
                self.cursor = cursor.to_owned();
            }
            if page.get("more") != Some(&Value::Bool(true)) {
                return Ok(());
            }
        }
    }
}

/// From 0 to 1.
fn chance() -> f64 {
    let drawn = random(2).ok().and_then(|hex| u16::from_str_radix(&hex, 16).ok());
    f64::from(drawn.unwrap_or_default()) / f64::from(u16::MAX)
}
