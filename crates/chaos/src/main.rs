//! `baton-chaos`: traffic while everything is broken in turn, recorded; and a checker that decides from the record
//! alone. See docs/RELIABILITY.md.
#![expect(clippy::print_stdout, reason = "a command-line tool talks to its user")]

mod call;
mod check;
mod dump;
mod faults;
mod floor;
mod history;
mod people;
mod plan;
mod proxy;
mod run;
mod screen;
mod stack;
mod traffic;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use baton_bench::{Error, Result};
use clap::{Parser, Subcommand};

use check::{Finding, History, Latency};

#[derive(Debug, Parser)]
#[command(name = "baton-chaos", about = "Breaks a stack of its own under traffic, and checks what it promised")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run, and check what was recorded
    Run(run::Args),
    /// Check a history that was recorded before
    Check {
        /// Its file
        history: PathBuf,
    },
    /// Tell the rules
    Rules,
}

fn main() -> ExitCode {
    match act(Cli::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether no rule was broken.
fn act(command: Command) -> Result<bool> {
    match command {
        Command::Run(args) => {
            let seed = match args.seed {
                Some(seed) => seed,
                None => u64::from_str_radix(&baton_bench::world::random(4)?, 16)?,
            };
            println!("seed {seed}");
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            let history = runtime.block_on(run::run(&args, seed))?;
            check(&history)
        }
        Command::Check { history } => check(&history),
        Command::Rules => {
            for rule in check::RULES {
                println!("{:<14} {}", rule.name, rule.holds);
            }
            Ok(true)
        }
    }
}

fn check(file: &Path) -> Result<bool> {
    let history = History::of(history::read(file)?);
    println!("seed {}, {} s; {}", history.run.seed, history.run.seconds, history.run.conditions);
    for (what, figure) in check::figures(&history) {
        println!("  {figure:>9}  {what}");
    }
    let (answers, screens) = check::latencies(&history);
    tell("post → answer", answers);
    tell("post → screen", screens);
    let findings = check::check(&history);
    for rule in check::RULES {
        let broken = findings.iter().find(|finding| finding.rule == rule.name);
        println!("  {:>9}  {}: {}", broken.map_or(0, |finding| finding.count), rule.name, rule.holds);
        for line in broken.iter().flat_map(|finding| &finding.first) {
            println!("             {line}");
        }
    }
    if !findings.is_empty() {
        let rules: Vec<&str> = findings.iter().map(|Finding { rule, .. }| *rule).collect();
        println!("broken: {} (seed {}, history in {})", rules.join(" "), history.run.seed, file.display());
    }
    Ok(findings.is_empty())
}

fn tell(what: &str, Latency { count, p50, p99 }: Latency) {
    let ms = |micros: i64| micros as f64 / 1_000.0;
    println!("  {count:>9}  {what} while nothing is broken: p50 {:.1} ms, p99 {:.1} ms", ms(p50), ms(p99));
}
