//! `baton-bench`: puts load on a running stack from outside, checks that nothing is lost, doubled or out of order, and
//! says how fast it was. Its light clients serve other black-box tools too.
#![expect(clippy::print_stdout, reason = "a command-line tool talks to its user")]

pub mod http;
pub mod process;
pub mod ready;
pub mod socket;
pub mod world;

mod leaders;
mod pace;
mod pgbench;
mod report;
mod screen;
mod talk;
mod watch;
mod workloads;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use ready::Ready;
use report::Report;
use workloads::{assign, burst, demo, fan_out, idle, post, stalled, storm};
use world::World;

/// Anything that ends a run.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// What may end a run.
pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, Parser)]
#[command(name = "baton-bench", about = "Puts load on a running stack, checks every delivery, says how fast it was")]
struct Cli {
    #[command(subcommand)]
    workload: Workload,
    /// The running stack's ready file
    #[arg(long, global = true, default_value = "target/dev/ready.json")]
    ready_file: PathBuf,
    /// Add the report to this file, a line of JSON
    #[arg(long, global = true, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Workload {
    /// Posters in a closed loop: as many messages as it takes
    Post(post::Args),
    /// Messages at a fixed rate
    PostPaced(post::PacedArgs),
    /// One conversation on many screens
    FanOut(fan_out::Args),
    /// Tickets at a fixed rate, handed to leaders who are there
    Assign(assign::Args),
    /// A full queue when the first leaders come
    AssignBurst(burst::Args),
    /// Sockets that do nothing
    Idle(idle::Args),
    /// One of many screens does not read
    Stalled(stalled::Args),
    /// The gateway is killed; all its sockets come back
    Storm(storm::Args),
    /// Plays customers and leaders
    Demo(demo::Args),
}

/// Runs the workload that the command line names.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    match runtime.block_on(run(&cli)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            println!("\nsomething was lost, doubled, out of order or failed: see `checked`");
            ExitCode::FAILURE
        }
        Err(error) => failed(&error),
    }
}

fn failed(error: &Error) -> ExitCode {
    println!("error: {error}");
    ExitCode::FAILURE
}

/// Runs one workload; whether nothing was wrong.
async fn run(cli: &Cli) -> Result<bool> {
    let world = World::open(Ready::read(&cli.ready_file)?).await?;
    let report: Report = match &cli.workload {
        Workload::Post(args) => post::run(&world, args).await?,
        Workload::PostPaced(args) => post::run_paced(&world, args).await?,
        Workload::FanOut(args) => fan_out::run(&world, args).await?,
        Workload::Assign(args) => assign::run(&world, args).await?,
        Workload::AssignBurst(args) => burst::run(&world, args).await?,
        Workload::Idle(args) => idle::run(&world, args).await?,
        Workload::Stalled(args) => stalled::run(&world, args).await?,
        Workload::Storm(args) => storm::run(world, args, &cli.ready_file).await?,
        Workload::Demo(args) => demo::run(&world, args).await?,
    };
    report.publish(cli.json.as_deref())?;
    Ok(report.is_sound())
}
