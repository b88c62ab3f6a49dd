//! The web app's half of `cargo dev test`.

use std::process::Command;

use baton_servers::{Chromium, Result};

use super::counts::{self, Counts, Reader};
use super::stack::Stack;
use crate::cargo::{self, Profile};
use crate::web::WebApp;

/// Checks, unit tests, build, and the browser's tests over a stack of their own.
pub(super) fn test() -> Result<Counts> {
    println!("baton: getting what the web's tests need");
    let web = WebApp::prepare()?;
    let mut counts = Counts::default();
    for words in [["run", "check"].as_slice(), &["test"]] {
        counts.add(step(web.npm(words)));
    }
    counts.add(browsers(&web));
    Ok(counts)
}

fn browsers(web: &WebApp) -> Result<Counts> {
    web.build(|mut command| cargo::run(&mut command))?;
    let mut counts = step(web.npm(&["run", "sizes"]))?;
    let chromium = Chromium::get(&|line| println!("baton: {line}"))?;
    cargo::run(&mut cargo::build_binaries(Profile::Debug))?;
    let stack = Stack::start(&cargo::binaries(Profile::Debug)?)?;
    let mut tests = web.npm(&["run", "e2e"]);
    tests.env("BATON_READY_FILE", stack.ready_file()).env("BATON_CHROMIUM", chromium.program());
    let seen = step(tests);
    if !seen.as_ref().is_ok_and(|seen| seen.all_passed()) {
        stack.keep_logs();
    }
    counts.add(seen);
    Ok(counts)
}

/// Runs one of npm's scripts. Without colours, which would stand between its numbers.
fn step(mut command: Command) -> Result<Counts> {
    counts::run(command.env("NO_COLOR", "1").env_remove("FORCE_COLOR"), Reader::Npm)
}
