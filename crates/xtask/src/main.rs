//! The developer's hand: `cargo dev up`, `test`, `lint`, `tidy`, `demo`, `bench`.
#![expect(clippy::print_stdout, reason = "a command-line tool talks to its user")]

mod cargo;
mod metadata;
mod suite;
mod tidy;
mod up;
mod web;

use std::path::PathBuf;
use std::process::ExitCode;

use baton_servers::Result;
use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo dev", about = "Works on Baton: starts it, tests it, measures it")]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Start everything in the foreground, until Ctrl-C
    Up(up::Args),
    /// Run every test; the last line counts them
    Test(suite::Args),
    /// Formatting, clippy, tidy: all that CI checks before the tests
    Lint,
    /// The rules of the house over crates, sources and licences
    Tidy,
    /// Against a running stack, play customers and leaders for a minute
    Demo {
        /// The running stack's ready file
        #[arg(long, default_value = "target/dev/ready.json")]
        ready_file: PathBuf,
        /// Handed to `baton-bench demo`
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Build in release and run `baton-bench`
    Bench {
        /// Handed to `baton-bench`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Task::Up(args) => up::up(&args),
        Task::Test(args) => return suite::test(&args),
        Task::Lint => suite::lint(),
        Task::Tidy => tidy::check_workspace(),
        Task::Demo { ready_file, args } => demo(ready_file, args),
        Task::Bench { args } => cargo::run_tool("baton-bench", cargo::Profile::Release, &args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn demo(ready_file: PathBuf, args: Vec<String>) -> Result<()> {
    let mut all = vec!["demo".to_owned(), "--ready-file".to_owned(), ready_file.display().to_string()];
    all.extend(args);
    cargo::run_tool("baton-bench", cargo::Profile::Debug, &all)
}
