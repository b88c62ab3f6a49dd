//! `cargo dev test` and `cargo dev lint`.

mod counts;
mod stack;
mod web;

use std::process::ExitCode;

use baton_servers::{Error, Given, Node, Result, TestStack};

use crate::cargo::{self, Profile};
use crate::tidy;
use counts::{Counts, Reader};

/// What `test` can be told.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The Rust tests only
    #[arg(long)]
    rust: bool,
    /// The web app's checks and tests only, browsers included
    #[arg(long, conflicts_with = "rust")]
    web: bool,
    /// Handed to `cargo test --workspace`; the web is left out then
    #[arg(last = true, conflicts_with = "web")]
    args: Vec<String>,
}

/// Runs formatting, clippy and tidy, all of them, and fails if one did.
pub(crate) fn lint() -> Result<()> {
    let results = [
        cargo::run(&mut cargo::cargo(&["fmt", "--all", "--check"])),
        cargo::run(&mut cargo::cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])),
        tidy::check_workspace(),
    ];
    let failures: Vec<String> = results.into_iter().filter_map(Result::err).map(|error| error.to_string()).collect();
    if failures.is_empty() { Ok(()) } else { Err(Error::new(failures.join("\n       "))) }
}

/// Runs every test and prints `N passed, N failed, N skipped`: always, and as the last line of all.
/// Rust first, then the web: browsers beside a test run would make both slow.
pub(crate) fn test(args: &Args) -> ExitCode {
    let mut counts = Counts::default();
    if !args.web {
        counts.add(rust(&args.args));
    }
    if !args.rust && args.args.is_empty() {
        counts.add(web::test());
    }
    println!("{counts}");
    if counts.all_passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn rust(args: &[String]) -> Result<Counts> {
    println!("baton: getting what the tests need");
    // Held while all tests run, so that a long build between two of them does not end it.
    TestStack::join(&Given::from_environment())?;
    let node = Node::with_packages(&cargo::root().join("crates/e2e/js"), &|line| println!("baton: {line}"))?;
    cargo::run(&mut cargo::build_binaries(Profile::Debug))?;
    let mut tests = cargo::cargo(&["test", "--workspace", "--no-fail-fast"]);
    tests.args(args).env("PATH", node.path()).env_remove("BATON_CHROMIUM");
    counts::run(&mut tests, Reader::Cargo)
}
