//! A minute of traffic while everything is broken in turn: no rule of the checker is broken. `BATON_CHAOS_SEED` replays
//! a run.

use std::path::Path;
use std::process::Command;

#[test]
fn a_minute_of_faults_breaks_no_promise() {
    build();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chaos");
    let mut run = Command::new(env!("CARGO_BIN_EXE_baton-chaos"));
    run.arg("run").arg("--folder").arg(&folder);
    run.args(seed().iter().flat_map(|seed| ["--seed", seed.as_str()]));
    let ran = run.output().expect("the binary runs");
    let said = String::from_utf8_lossy(&ran.stdout);
    // Shown when it fails, and by `--nocapture`: the seed, the figures, what is broken and where the history is.
    println!("{said}{}", String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "see above; `baton-chaos check` looks at the history again");
}

#[expect(clippy::disallowed_methods, reason = "a switch of the test itself")]
fn seed() -> Option<String> {
    std::env::var("BATON_CHAOS_SEED").ok()
}

/// The services and their supervisor, by the command that `cargo dev` uses; there already when that runs the tests.
#[expect(clippy::expect_used, reason = "a test")]
fn build() {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--workspace", "--bins"]).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    // What cargo told this test about its own package makes build scripts run again that watch it.
    for told in std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()) {
        let own = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
        if own.iter().any(|start| told.starts_with(start)) {
            cargo.env_remove(told);
        }
    }
    assert!(cargo.status().expect("cargo runs").success(), "the services do not build");
}
