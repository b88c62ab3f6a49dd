//! A whole stack for the browser's tests.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use baton_servers::{Context, Daemon, Error, Leash, PostgresServer, Result, Signal, random_hex};

/// The longest until everything is ready: `up` itself waits two minutes for its services.
const READY_PATIENCE: Duration = Duration::from_secs(180);
/// The longest until everything is stopped.
const STOP_PATIENCE: Duration = Duration::from_secs(40);
/// How often a wait looks again.
const GLANCE: Duration = Duration::from_millis(50);

/// A `cargo dev up` in a folder of its own, on free ports. Dropped, it is stopped and forgotten.
#[derive(Debug)]
pub(super) struct Stack {
    up: Daemon,
    folder: PathBuf,
    keeps_logs: std::cell::Cell<bool>,
}

impl Stack {
    /// Starts it from the binaries in `binaries`, and waits until it is ready.
    pub(super) fn start(binaries: &Path) -> Result<Self> {
        println!("baton: starting a stack for the browser's tests");
        let folder = std::env::temp_dir().join(format!("baton-web-tests-{}", random_hex(6)?));
        fs::create_dir_all(&folder).context(|| format!("cannot make {}", folder.display()))?;
        let mut up = Command::new(binaries.join("xtask"));
        up.args(["up", "--port-base", "0", "--bin-dir"]).arg(binaries).arg("--data-dir").arg(&folder);
        let log = File::create(folder.join("up.log")).context(|| "cannot make a log file".into())?;
        up.stdout(log.try_clone().context(|| "cannot share the log".into())?).stderr(log);
        let mut up = Daemon::new("cargo dev up", up).on_leash(&Leash::new()?, Signal::Terminate);
        up.start()?;
        let mut stack = Self { up, folder, keeps_logs: false.into() };
        stack.wait_until_ready()?;
        Ok(stack)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let end = Instant::now() + READY_PATIENCE;
        while !self.ready_file().exists() {
            if self.up.ended()?.is_some() || Instant::now() > end {
                let log = fs::read_to_string(self.folder.join("up.log")).unwrap_or_default();
                return Err(Error::new(format!("the stack for the browser's tests does not start:\n{log}")));
            }
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }

    /// Its addresses and logins.
    pub(super) fn ready_file(&self) -> PathBuf {
        self.folder.join("ready.json")
    }

    /// Leaves the logs for whoever wants to know what went wrong.
    pub(super) fn keep_logs(&self) {
        println!("baton: the stack's logs are kept in {}", self.folder.join("logs").display());
        self.keeps_logs.set(true);
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.up.stop(Signal::Terminate, STOP_PATIENCE);
        // What cannot be removed is left to the system's own tidying of temporary files.
        let _data = PostgresServer::erase(&self.folder);
        if !self.keeps_logs.get() {
            let _rest = fs::remove_dir_all(&self.folder);
        }
    }
}
