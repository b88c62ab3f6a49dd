//! The services' binaries, built once.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use super::replica::Service;

/// If it is set, the binaries are taken as they are.
const PREBUILT: &str = "CARGO_E2E_PREBUILT";
/// After this time the logs of an earlier run are of no interest.
const OLD: Duration = Duration::from_secs(3_600);

/// The folder of this run: binaries and logs.
pub(crate) fn run_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let all = Path::new(env!("CARGO_TARGET_TMPDIR"));
        clear_old_runs(all);
        let own = all.join(format!("e2e-{}", std::process::id()));
        fs::create_dir_all(&own).expect("a folder for this run");
        own
    })
}

/// Takes away the binaries of runs that are over, and their logs when nobody looks for them any more.
fn clear_old_runs(all: &Path) {
    for entry in fs::read_dir(all).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(pid) = name.strip_prefix("e2e-").filter(|pid| pid.parse::<u32>().is_ok()) else { continue };
        if Path::new("/proc").join(pid).exists() {
            continue;
        }
        let _gone_already = fs::remove_dir_all(entry.path().join("bin"));
        let changed = entry.metadata().and_then(|found| found.modified());
        if changed.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > OLD)) {
            let _gone_already = fs::remove_dir_all(entry.path());
        }
    }
}

/// Builds the services, if need be, and gives the folder of links to them. Links, so that a build that somebody starts
/// meanwhile takes no binary away from a replica that is about to be restarted.
pub(crate) fn binaries() -> &'static Path {
    static BINARIES: OnceLock<PathBuf> = OnceLock::new();
    BINARIES.get_or_init(|| {
        let built = target_folder();
        let lock = File::create(built.join("e2e-build.lock")).expect("a lock file");
        lock.lock().expect("the lock of other test processes");
        if !is_set(PREBUILT) {
            build(&built);
        }
        let own = run_folder().join("bin");
        fs::create_dir_all(&own).expect("a folder for the binaries");
        for service in Service::ALL {
            let (from, to) = (built.join(service.binary()), own.join(service.binary()));
            let linked = fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(drop));
            linked.unwrap_or_else(|error| panic!("cannot link {}: {error}", from.display()));
        }
        own
    })
}

/// Where cargo put this test, and so the services of the same profile.
fn target_folder() -> PathBuf {
    let own = std::env::current_exe().expect("this test's own path");
    own.ancestors().nth(2).expect("target/<profile>/deps/e2e-…").to_owned()
}

/// The same command as `cargo dev` uses: with other packages cargo would pick other features and build anew.
fn build(target: &Path) {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--workspace", "--bins"]).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    if target.ends_with("release") {
        cargo.arg("--release");
    }
    // What cargo told this test about its own package makes build scripts run again that watch it.
    for (name, _) in environment() {
        let told = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
        if told.iter().any(|start| name.starts_with(start)) {
            cargo.env_remove(&name);
        }
    }
    let built = cargo.status().expect("cargo runs");
    assert!(built.success(), "the services do not build ({built})");
}

#[expect(clippy::disallowed_methods, reason = "a switch of the test itself")]
fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some()
}

#[expect(clippy::disallowed_methods, reason = "to take out of it what is this test's alone")]
fn environment() -> Vec<(String, String)> {
    std::env::vars().collect()
}
