//! `cargo dev test` and `cargo dev lint`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use baton_servers::{Context, Error, Given, Node, Result, TestStack};

use crate::cargo::{self, Profile};
use crate::tidy;

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
pub(crate) fn test(args: &[String]) -> ExitCode {
    let mut counts = prepare_and_run(args).unwrap_or_else(|error| {
        eprintln!("error: {error}");
        Counts::default()
    });
    if !counts.complete && counts.failed == 0 {
        // A build that failed or a test binary that crashed prints no result of its own.
        counts.failed = 1;
    }
    println!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped);
    if counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn prepare_and_run(args: &[String]) -> Result<Counts> {
    println!("baton: getting what the tests need");
    // Held while all tests run, so that a long build between two of them does not end it.
    TestStack::join(&Given::from_environment())?;
    let path = prepare_node(&cargo::root().join("crates/e2e/js"))?;
    cargo::run(&mut cargo::build_binaries(Profile::Debug))?;
    let mut tests = cargo::cargo(&["test", "--workspace", "--no-fail-fast"]);
    tests.args(args);
    if let Some(path) = path {
        tests.env("PATH", path);
    }
    run_counting(&mut tests)
}

/// Installs the packages of `folder`, if it is there and they are older than their lock file. Answers
/// the PATH that has a Node which is new enough.
fn prepare_node(folder: &Path) -> Result<Option<String>> {
    if !folder.join("package.json").exists() {
        return Ok(None);
    }
    let node = Node::get(&|line| println!("baton: {line}"))?;
    let changed = |file: &str| fs::metadata(folder.join(file)).and_then(|found| found.modified()).ok();
    if changed("node_modules/.package-lock.json") < changed("package-lock.json") {
        println!("baton: npm ci in {}", folder.display());
        cargo::run(node.npm().args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))?;
    }
    Ok(Some(node.path()))
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
    /// Whether cargo says that all went well.
    complete: bool,
}

/// Runs the tests, shows what they say as they say it, and adds up their results.
fn run_counting(command: &mut Command) -> Result<Counts> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().context(|| format!("cannot run `{}`", cargo::shown(command)))?;
    let mut counts = Counts::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.context(|| "cannot read what the tests say".into())?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            counts.add(&line);
        }
    }
    counts.complete = child.wait().context(|| "cannot wait for the tests".into())?.success();
    Ok(counts)
}

impl Counts {
    /// Adds a line such as `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; …`.
    fn add(&mut self, line: &str) {
        let Some((_, results)) = line.split_once("test result: ").and_then(|(_, rest)| rest.split_once(". ")) else {
            return;
        };
        for result in results.split("; ") {
            match result.split_once(' ').and_then(|(number, what)| Some((number.parse::<u64>().ok()?, what))) {
                Some((number, "passed")) => self.passed += number,
                Some((number, "failed")) => self.failed += number,
                Some((number, "ignored")) => self.skipped += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_add_up() {
        let mut counts = Counts::default();
        counts.add("running 3 tests");
        counts.add("test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s");
        counts.add("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        assert_eq!(counts, Counts { passed: 6, failed: 2, skipped: 1, complete: false });
    }
}
