//! `idle`: sockets that do nothing but answer pings.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::{StreamExt, TryStreamExt};
use tokio::task::JoinSet;

use crate::Result;
use crate::process::{check_files, cpu_seconds, resident_kb};
use crate::report::Report;
use crate::socket::Socket;
use crate::watch::Watch;
use crate::world::{Person, Role, World};

/// Sockets of one customer.
const PER_PERSON: usize = 200;
/// How many connect at once.
const CONNECTING: usize = 64;
/// Sockets that come and stay before memory is looked at: what the process takes once is not theirs.
const FIRST: usize = 100;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How long their heartbeats are looked at: pings go out every 25 s
    #[arg(long, default_value_t = 75)]
    seconds: u64,
    /// Sockets
    #[arg(long, default_value_t = 10_000)]
    sockets: usize,
}

/// Runs it.
pub(crate) async fn run(world: &World, args: &Args) -> Result<Report> {
    check_files(&world.ready, args.sockets as u64)?;
    let gateway = world.ready.pid("gateway")?;
    let people = world.people(Role::Customer, args.sockets.div_ceil(PER_PERSON), None).await?;
    let mut swarm = Swarm::default();
    swarm.grow(world, &people, FIRST).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = resident_kb(gateway)?;
    let quiet = used_in(gateway, Duration::from_secs(10)).await?;
    println!("connecting {} sockets", args.sockets);
    let start = Instant::now();
    swarm.grow(world, &people, args.sockets).await?;
    let connected = start.elapsed();
    tokio::time::sleep(Duration::from_secs(5)).await;
    let after = resident_kb(gateway)?;
    println!("looking on for {} s", args.seconds);
    let watch = Watch::begin(&world.ready).await;
    let busy = used_in(gateway, Duration::from_secs(args.seconds)).await?;
    let watched = watch.end(&world.ready).await;

    let mut report = Report::new("idle", args.seconds as f64);
    let each = after.saturating_sub(before) as f64 / args.sockets as f64;
    report.figure("sockets", (args.sockets + FIRST) as f64);
    report.figure("connects/s", args.sockets as f64 / connected.as_secs_f64());
    report.figure("gateway resident before, MB", before as f64 / 1_024.0);
    report.figure("gateway resident with them, MB", after as f64 / 1_024.0);
    report.figure("gateway resident at the end, MB", resident_kb(gateway)? as f64 / 1_024.0);
    report.figure("gateway cores before", quiet);
    report.figure("gateway cores with them", busy);
    report.wrong("sockets cut", swarm.cut.load(Ordering::Relaxed));
    report.at_most("resident for each socket", each, 25.0, "kB");
    report.at_most("heartbeats", (busy - quiet).max(0.0) * 100.0, 1.0, "% of a core");
    report.inside(watched);
    Ok(report)
}

/// Sockets that are looked at until this is dropped.
#[derive(Debug, Default)]
struct Swarm {
    tasks: JoinSet<()>,
    cut: Arc<AtomicU64>,
}

impl Swarm {
    async fn grow(&mut self, world: &World, people: &[Person], by: usize) -> Result<()> {
        let connecting = people.iter().cycle().take(by).map(|who| Socket::connect(&world.gateway, &who.token, None));
        let mut connected = futures::stream::iter(connecting).buffer_unordered(CONNECTING);
        while let Some(mut socket) = connected.try_next().await? {
            let cut = Arc::clone(&self.cut);
            self.tasks.spawn(async move {
                while socket.next().await.is_ok() {}
                cut.fetch_add(1, Ordering::Relaxed);
            });
        }
        Ok(())
    }
}

/// The share of a core that a process uses during `time`.
async fn used_in(pid: u32, time: Duration) -> Result<f64> {
    let before = cpu_seconds(pid)?;
    tokio::time::sleep(time).await;
    Ok((cpu_seconds(pid)? - before) / time.as_secs_f64())
}
