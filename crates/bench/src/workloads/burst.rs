//! `assign-burst`: a queue full of tickets when the first leaders come.

use std::time::{Duration, Instant};

use futures::future::try_join_all;

use crate::Result;
use crate::leaders::{Handed, attend};
use crate::pace::Stamps;
use crate::report::Report;
use crate::watch::Watch;
use crate::world::{Role, World};

/// Tickets that a leader may carry.
const EACH: usize = 1_000;
const PRIORITIES: [&str; 4] = ["normal", "low", "urgent", "high"];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Tickets that wait
    #[arg(long, default_value_t = 5_000)]
    tickets: usize,
}

/// Runs it.
pub(crate) async fn run(world: &World, args: &Args) -> Result<Report> {
    let count = args.tickets.div_ceil(EACH);
    println!("set-up: {count} leaders, {} tickets", args.tickets);
    let (slug, team) = world.team("burst").await?;
    let leaders = world.people(Role::Leader, count, Some(&team)).await?;
    let customers = world.people(Role::Customer, 20, None).await?;
    let handed = Handed::new(&world.run, args.tickets, Stamps::for_at_most(0))?;
    let describe = |n: usize| {
        let priority = PRIORITIES.iter().cycle().nth(n % PRIORITIES.len());
        (Handed::subject(&world.run, n as u64), priority.copied().unwrap_or("normal"))
    };
    let opening = Instant::now();
    let tickets = world.tickets(&customers, &team, args.tickets, describe).await?;
    let opened = args.tickets as f64 / opening.elapsed().as_secs_f64();
    let screens = attend(world, &leaders, &handed).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;

    println!("the leaders come");
    let watch = Watch::begin(&world.ready).await;
    let start = Instant::now();
    try_join_all(leaders.iter().map(|leader| world.choose(leader, "online"))).await?;
    let (committed, ()) =
        tokio::join!(committed(world, &slug, start), handed.wait_for(args.tickets as u64, Duration::from_secs(10)));
    let shown = start.elapsed();
    let watched = watch.end(&world.ready).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop(screens);
    world.clear(&tickets).await?;

    let mut report = Report::new("assign-burst", shown.as_secs_f64());
    let rate = args.tickets as f64 / committed?.as_secs_f64();
    report.figure("tickets", args.tickets as f64);
    report.figure("opened/s in set-up, 8 at once", opened);
    report.figure("assignments/s committed", rate);
    report.figure("assignments/s on screens", handed.tickets() as f64 / shown.as_secs_f64());
    handed.tell(&mut report, args.tickets as u64);
    report.wrong("out of order", handed.out_of_order());
    report.at_least("assignments/s committed", rate, 1_000.0, "/s");
    report.inside(watched);
    Ok(report)
}

/// How long until nothing waits in the queue any more, as the API tells.
async fn committed(world: &World, slug: &str, start: Instant) -> Result<Duration> {
    while start.elapsed() < Duration::from_secs(120) {
        if world.queue(slug).await?.waiting == 0 {
            return Ok(start.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err("tickets still wait after two minutes".into())
}
