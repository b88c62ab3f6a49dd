//! `post` and `post-paced`: staff answer in many conversations, customers' screens hear it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::Result;
use crate::pace::paced;
use crate::pgbench::{self, Pgbench};
use crate::report::Report;
use crate::talk::{Size, Talk, WARM_UP};
use crate::watch::Watch;
use crate::world::World;

/// Members of the staff for each poster, since a person may ask 200 times a second.
const NAMES_PER_POSTER: usize = 4;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How long it is measured
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Connections that post, each as fast as it is answered
    #[arg(long, default_value_t = 8)]
    posters: usize,
    /// Conversations
    #[arg(long, default_value_t = 50)]
    conversations: usize,
    /// Sockets of each conversation's customer
    #[arg(long, default_value_t = 2)]
    sockets: usize,
    /// Run the same statements with pgbench afterwards
    #[arg(long)]
    pgbench: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PacedArgs {
    /// How long it is measured
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Messages a second
    #[arg(long, default_value_t = 200.0)]
    rate: f64,
    /// Conversations
    #[arg(long, default_value_t = 50)]
    conversations: usize,
    /// Sockets of each conversation's customer
    #[arg(long, default_value_t = 2)]
    sockets: usize,
}

/// Runs `post`.
pub(crate) async fn run(world: &World, args: &Args) -> Result<Report> {
    let size = Size {
        conversations: args.conversations,
        customer_sockets: args.sockets,
        staff_sockets: 0,
        staff: args.posters * NAMES_PER_POSTER,
    };
    let (talk, screens) = Talk::begin(world, size).await?;
    println!("posting for {} s", args.seconds);
    let measured_from = Instant::now() + WARM_UP;
    let end = measured_from + Duration::from_secs(args.seconds);
    let mut posters = JoinSet::new();
    for nth in 0..args.posters {
        posters.spawn(Arc::clone(&talk).post_on((nth, args.posters), (measured_from, end)));
    }
    tokio::time::sleep_until(measured_from.into()).await;
    let watch = Watch::begin(&world.ready).await;
    posters.join_all().await;
    let watched = watch.end(&world.ready).await;
    talk.end(screens).await;

    let mut report = Report::new("post", args.seconds as f64);
    let rate = talk.stored() as f64 / args.seconds as f64;
    report.figure("messages/s", rate);
    talk.tell(&mut report);
    report.inside(watched);
    let (answered, delivered) = (talk.answered.summary(), talk.seen.latencies.summary());
    report.at_most("post → screen p99 / HTTP p99", delivered.p99_ms / answered.p99_ms, 3.0, "×");
    if args.pgbench {
        compare(world, args, (&talk, rate), &mut report).await?;
    }
    Ok(report)
}

/// Runs the statements of a post with pgbench in the same conversations, with and without row-level security.
async fn compare(world: &World, args: &Args, (talk, rate): (&Talk, f64), report: &mut Report) -> Result<()> {
    let author = talk.staff.first().ok_or("nobody to post as")?;
    let ids: Vec<&str> = talk.conversations.iter().map(|conversation| conversation.id.as_str()).collect();
    for (name, without_rls) in [("with RLS", false), ("without RLS", true)] {
        let run = Pgbench { author: &author.id, conversations: &ids, without_rls, seconds: args.seconds };
        println!("pgbench {name} for {} s, the sequencer stopped meanwhile", args.seconds);
        let measured = pgbench::run(&world.ready, &run)?;
        report.figure(&format!("pgbench {name}: transactions/s"), measured.tps);
        report.figure(&format!("pgbench {name}: latency ms"), measured.latency_ms);
        let ratio = rate / measured.tps;
        if without_rls {
            report.figure("messages/s / pgbench without RLS", ratio);
        } else {
            report.at_least("messages/s / pgbench", ratio, 0.6, "×");
        }
    }
    pgbench::wait_until_told(&world.ready).await
}

/// Runs `post-paced`.
pub(crate) async fn run_paced(world: &World, args: &PacedArgs) -> Result<Report> {
    let staff = (args.rate / 100.0).ceil() as usize + 3;
    let size = Size { conversations: args.conversations, customer_sockets: args.sockets, staff_sockets: 0, staff };
    let mut report = Report::new("post-paced", args.seconds as f64);
    let talk = at_rate(world, size, (args.rate, args.seconds), &mut report).await?;
    let (answered, delivered) = (talk.answered.summary(), talk.seen.latencies.summary());
    report.at_most("HTTP p99", answered.p99_ms, 10.0, "ms");
    report.at_most("post → screen p50", delivered.p50_ms, 6.0, "ms");
    report.at_most("post → screen p99", delivered.p99_ms, 15.0, "ms");
    Ok(report)
}

/// How many connections post what is due.
const HANDS: usize = 32;

/// Posts at a rate, after a warm-up at the same rate.
pub(crate) async fn at_rate(
    world: &World,
    size: Size,
    (rate, seconds): (f64, u64),
    report: &mut Report,
) -> Result<Arc<Talk>> {
    let (talk, screens) = Talk::begin(world, size).await?;
    println!("posting {rate}/s for {seconds} s");
    let unmeasured = (rate * WARM_UP.as_secs_f64()) as u64;
    let mut posters = JoinSet::new();
    for (nth, due) in paced(rate, WARM_UP + Duration::from_secs(seconds), HANDS).into_iter().enumerate() {
        posters.spawn(Arc::clone(&talk).post_due(nth, due, unmeasured));
    }
    tokio::time::sleep(WARM_UP).await;
    let watch = Watch::begin(&world.ready).await;
    posters.join_all().await;
    let watched = watch.end(&world.ready).await;
    talk.end(screens).await;
    report.figure("messages/s", talk.stored() as f64 / seconds as f64);
    talk.tell(report);
    report.inside(watched);
    Ok(talk)
}
