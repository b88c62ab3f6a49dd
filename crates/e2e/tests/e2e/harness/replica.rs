//! One process of a service.

use std::cell::Cell;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use baton_testkit::{Daemon, Leash, Signal, free_port, wait_for};

use super::PATIENCE;
use super::binaries::binaries;

/// A service that can be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Api,
    Gateway,
    Assigner,
    Sla,
    Jobs,
}

impl Service {
    pub(crate) const ALL: [Self; 5] = [Self::Api, Self::Gateway, Self::Assigner, Self::Sla, Self::Jobs];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Gateway => "gateway",
            Self::Assigner => "assigner",
            Self::Sla => "sla",
            Self::Jobs => "jobs",
        }
    }

    pub(crate) fn binary(self) -> String {
        format!("baton-{}", self.name())
    }
}

/// Settings as environment variables.
pub(crate) type Settings = Vec<(&'static str, String)>;

/// A replica: its process may be killed and started again, its addresses stay.
#[derive(Debug)]
pub(crate) struct Replica {
    pub(crate) service: Service,
    log: PathBuf,
    ports: Mutex<Ports>,
    settings: Settings,
    arguments: &'static [&'static str],
    daemon: Mutex<Option<Daemon>>,
}

#[derive(Debug, Clone, Copy)]
struct Ports {
    public: u16,
    operations: u16,
}

impl Ports {
    fn draw() -> Self {
        Self { public: free_port().expect("a port"), operations: free_port().expect("a port") }
    }
}

/// Ends every process of this test binary with it, whatever its end.
pub(super) fn leash() -> &'static Leash {
    static LEASH: OnceLock<Leash> = OnceLock::new();
    LEASH.get_or_init(|| Leash::new().expect("a shell to watch over processes"))
}

impl Replica {
    /// A replica whose process is not started yet; it logs into `folder`.
    pub(crate) fn new(service: Service, number: usize, folder: &Path, settings: &Settings) -> Self {
        let log = folder.join(format!("{}-{number}.log", service.name()));
        let (ports, daemon, settings) = (Mutex::new(Ports::draw()), Mutex::new(None), settings.clone());
        Self { service, log, ports, settings, arguments: &[], daemon }
    }

    /// Has its process started with arguments.
    pub(crate) fn with_arguments(self, arguments: &'static [&'static str]) -> Self {
        Self { arguments, ..self }
    }

    /// Has its process started with another setting.
    pub(crate) fn with_setting(mut self, name: &'static str, value: &str) -> Self {
        self.settings.push((name, value.to_owned()));
        self
    }

    /// Where clients reach it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Host and port for clients.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.ports().public)
    }

    fn operations(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.ports().operations)
    }

    fn ports(&self) -> Ports {
        *self.ports.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn daemon(&self) -> MutexGuard<'_, Option<Daemon>> {
        self.daemon.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts its process, or starts it again, without waiting for it.
    pub(crate) fn start(&self) {
        let mut daemon = Daemon::new(self.service.name(), self.command()).on_leash(leash(), Signal::Kill);
        daemon.start().expect("the process starts");
        *self.daemon() = Some(daemon);
    }

    fn command(&self) -> Command {
        let ports = self.ports();
        let log = File::options().create(true).append(true).open(&self.log).expect("a log file");
        let mut command = Command::new(binaries().join(self.service.binary()));
        command.args(self.arguments).env_clear().env("RUST_BACKTRACE", "1");
        command.env("BATON_OPERATIONS__LISTEN", format!("127.0.0.1:{}", ports.operations));
        let listen = match self.service {
            Service::Api => Some("BATON_API__LISTEN"),
            Service::Gateway => Some("BATON_GATEWAY__LISTEN"),
            Service::Assigner | Service::Sla | Service::Jobs => None,
        };
        command.envs(listen.map(|name| (name, format!("127.0.0.1:{}", ports.public))));
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command.stdout(log.try_clone().expect("a second handle")).stderr(log);
        command
    }

    /// Waits until it says that it is ready. At its first start a port may have been taken meanwhile: it gets others.
    pub(crate) async fn until_ready(&self) {
        let deaths = Cell::new(0);
        wait_for(&format!("{} to be ready", self.service.name()), PATIENCE, async || {
            if self.ended().is_some() {
                deaths.set(deaths.get() + 1);
                assert!(deaths.get() < 3, "{} does not start:\n{}", self.service.name(), self.log_tail());
                *self.ports.lock().unwrap_or_else(PoisonError::into_inner) = Ports::draw();
                self.start();
            }
            let answer = reqwest::get(self.operations("/readyz")).await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
    }

    /// Kills it (`kill -9`).
    pub(crate) fn kill(&self) {
        if let Some(mut daemon) = self.daemon().take() {
            daemon.kill();
        }
    }

    /// Asks it to end (SIGTERM).
    pub(crate) fn terminate(&self) {
        if let Some(daemon) = self.daemon().as_ref() {
            daemon.signal(Signal::Terminate);
        }
    }

    /// How it ended, if it has since it was last asked.
    fn ended(&self) -> Option<ExitStatus> {
        self.daemon().as_mut()?.ended().expect("a child that can be asked")
    }

    /// Waits for its end after [`Replica::terminate`].
    pub(crate) async fn until_ended(&self, within: Duration) -> ExitStatus {
        wait_for(&format!("the end of {}", self.service.name()), within, async || self.ended()).await
    }

    /// Its `/metrics`.
    pub(crate) async fn metrics(&self) -> String {
        reqwest::get(self.operations("/metrics")).await.expect("metrics").text().await.expect("a text")
    }

    /// A number of its `/metrics`, summed over labels unless they are part of `name`; 0 when there is none of that name.
    pub(crate) async fn metric(&self, name: &str) -> f64 {
        let answer = self.metrics().await;
        let is_named = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{']));
        let lines = answer.lines().filter(|line| is_named(line));
        lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }

    /// What it logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The end of its log, with all that it found worth a warning.
    pub(crate) fn log_tail(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        let end = lines.len().saturating_sub(5);
        let told = lines.iter().enumerate().filter(|(at, line)| *at >= end || is_warning(line)).map(|(_, line)| *line);
        let told: Vec<&str> = told.collect();
        let shown = told.get(told.len().saturating_sub(30)..).unwrap_or_default();
        format!("--- {}\n{}", self.log.display(), shown.join("\n"))
    }
}

fn is_warning(line: &str) -> bool {
    ["\"WARN\"", "\"ERROR\"", "panicked"].iter().any(|word| line.contains(word))
}
