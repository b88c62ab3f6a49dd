//! Calls cargo and runs what it built.

use std::path::{Path, PathBuf};
use std::process::Command;

use baton_servers::{Context, Error, Result};

use crate::metadata::Metadata;

/// How binaries are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Debug,
    Release,
}

impl Profile {
    fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap_or(own).to_owned()
}

/// `cargo <args>` in the workspace, free of what `cargo run` told this process about its own package:
/// some build scripts (ring's) watch those variables and would build anew each time.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(args).current_dir(root());
    for (name, _) in std::env::vars_os() {
        let told = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
            .iter()
            .any(|p| told.starts_with(p))
        {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// The command that builds all binaries. Always the whole workspace: with `-p` cargo would pick other
/// features and compile half of it again.
pub(crate) fn build_binaries(profile: Profile) -> Command {
    match profile {
        Profile::Debug => cargo(&["build", "--workspace", "--bins"]),
        Profile::Release => cargo(&["build", "--workspace", "--bins", "--release"]),
    }
}

/// Where [`build_binaries`] puts them.
pub(crate) fn binaries(profile: Profile) -> Result<PathBuf> {
    Ok(Metadata::of_members()?.target_directory.join(profile.folder()))
}

/// Runs a command in the foreground; whatever it says goes to the terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command.status().context(|| format!("cannot run `{shown}`"))?;
    if status.success() { Ok(()) } else { Err(Error::new(format!("`{shown}` failed ({status})"))) }
}

/// A command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Builds and runs one of the workspace's own tools.
pub(crate) fn run_tool(name: &str, profile: Profile, args: &[String]) -> Result<()> {
    run(&mut build_binaries(profile))?;
    run(Command::new(binaries(profile)?.join(name)).args(args))
}
