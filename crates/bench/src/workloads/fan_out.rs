//! `fan-out`: one conversation on many screens, half of them the customer's, half of them staff's.

use crate::Result;
use crate::process::check_files;
use crate::report::Report;
use crate::talk::Size;
use crate::world::World;

use super::post::at_rate;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How long it is measured
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Messages a second
    #[arg(long, default_value_t = 50.0)]
    rate: f64,
    /// Screens
    #[arg(long, default_value_t = 1_000)]
    sockets: usize,
}

/// Runs it.
pub(crate) async fn run(world: &World, args: &Args) -> Result<Report> {
    check_files(&world.ready, args.sockets as u64)?;
    let size = Size {
        conversations: 1,
        customer_sockets: args.sockets / 2,
        staff_sockets: args.sockets - args.sockets / 2,
        staff: 10,
    };
    let mut report = Report::new("fan-out", args.seconds as f64);
    let talk = at_rate(world, size, (args.rate, args.seconds), &mut report).await?;
    let delivered = talk.seen.latencies.summary();
    report.figure("sockets", args.sockets as f64);
    report.figure("deliveries/s", delivered.count as f64 / args.seconds as f64);
    report.at_most("post → screen p50", delivered.p50_ms, 6.0, "ms");
    report.at_most("post → screen p99", delivered.p99_ms, 12.0, "ms");
    Ok(report)
}
