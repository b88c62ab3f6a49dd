//! The stack under test: started by the same supervisor as a developer's, with its own Postgres and Redis, and broken
//! from outside.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use baton_bench::http::{Http, host_of};
use baton_bench::process::signal;
use baton_bench::ready::{Ready, Service};
use baton_testkit::{Daemon, Leash, Signal, admin};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Result;

/// How long the stack may take to start.
const STARTS_WITHIN: Duration = Duration::from_secs(180);
/// How long it may take to stop.
const STOPS_WITHIN: Duration = Duration::from_secs(30);
/// How long something that was killed may take to be back.
const BACK_WITHIN: Duration = Duration::from_secs(30);
const GLANCE: Duration = Duration::from_millis(50);
/// Milliseconds between the gateway's pings, and for an answer to one: a dead line is noticed within a few seconds.
pub(crate) const PING_MS: u64 = 2_000;

/// Two of each, so that one may be away.
const REPLICAS: &[&str] = &["api=2", "gateway=2", "assigner=2", "sla=2", "jobs=2"];

/// A running stack.
#[derive(Debug)]
pub(crate) struct Stack {
    supervisor: Daemon,
    ready_file: PathBuf,
    /// The owner's address of the database.
    pub(crate) database_url: String,
}

impl Stack {
    /// Starts the binaries of a folder; whatever they leave goes to `folder`.
    pub(crate) async fn start(binaries: &Path, folder: &Path, settings: &[(&str, String)]) -> Result<Self> {
        let ready_file = folder.join("ready.json");
        let log = File::create(folder.join("up.log"))?;
        let mut up = Command::new(binaries.join("xtask"));
        up.args(["up", "--fresh", "--no-web", "--port-base", "0"]);
        up.arg("--bin-dir").arg(binaries).arg("--data-dir").arg(folder.join("data"));
        up.arg("--ready-file").arg(&ready_file);
        for replicas in REPLICAS {
            up.args(["--replicas", replicas]);
        }
        up.env_remove("DATABASE_URL").env_remove("REDIS_URL");
        up.env("BATON_GATEWAY__PING_INTERVAL_MS", PING_MS.to_string());
        up.env("BATON_GATEWAY__PING_TIMEOUT_MS", PING_MS.to_string());
        up.envs(settings.iter().map(|(name, value)| (name, value)));
        up.stdout(log.try_clone()?).stderr(log);
        let mut supervisor = Daemon::new("up", up).on_leash(&Leash::new()?, Signal::Terminate);
        supervisor.start()?;
        let began = std::time::Instant::now();
        while !ready_file.exists() {
            if supervisor.ended()?.is_some() || began.elapsed() > STARTS_WITHIN {
                return Err(format!("the stack does not start; see {}", folder.join("up.log").display()).into());
            }
            tokio::time::sleep(GLANCE).await;
        }
        let database_url = Ready::read(&ready_file)?.database_url;
        Ok(Self { supervisor, ready_file, database_url })
    }

    /// What runs now.
    pub(crate) fn ready(&self) -> Result<Ready> {
        Ready::read(&self.ready_file)
    }

    /// Stops all of it.
    pub(crate) fn stop(&mut self) {
        self.supervisor.stop(Signal::Terminate, STOPS_WITHIN);
    }
}

/// As in `gateway-1`.
pub(crate) fn label(service: &Service) -> String {
    format!("{}-{}", service.name, service.replica)
}

/// Kills a process as a power cut would.
pub(crate) fn kill(pid: u32) -> Result<()> {
    signal(pid, "KILL")
}

/// Freezes a process.
pub(crate) fn freeze(pid: u32) -> Result<()> {
    signal(pid, "STOP")
}

/// Lets a frozen process go on.
pub(crate) fn thaw(pid: u32) -> Result<()> {
    signal(pid, "CONT")
}

/// Waits until a service says that it is ready; `false` when it did not in time.
pub(crate) async fn until_ready(service: Service) -> bool {
    let Ok(host) = host_of(&service.metrics) else { return false };
    until(|| {
        let mut http = Http::to(&host);
        async move { http.send(("GET", "/readyz"), None, None).await.is_ok_and(|answer| answer.is_success()) }
    })
    .await
}

/// Waits until Postgres answers.
pub(crate) async fn until_postgres(url: String) -> bool {
    until(|| {
        let url = url.clone();
        async move { admin::lines(&url, "select 'x'::text as line").await.is_ok() }
    })
    .await
}

/// Waits until Redis answers.
pub(crate) async fn until_redis(url: String) -> bool {
    until(|| {
        let url = url.clone();
        async move { redis(&url, "PING").await.is_ok() }
    })
    .await
}

async fn until<F: Future<Output = bool>>(mut is: impl FnMut() -> F) -> bool {
    // Whatever was just killed may still answer.
    tokio::time::sleep(GLANCE).await;
    let looking = async {
        loop {
            if let Ok(true) = tokio::time::timeout(Duration::from_secs(2), is()).await {
                return;
            }
            tokio::time::sleep(GLANCE).await;
        }
    };
    tokio::time::timeout(BACK_WITHIN, looking).await.is_ok()
}

/// Has Redis carry out a command without arguments of its own.
pub(crate) async fn redis(url: &str, command: &str) -> Result<()> {
    let (login, host) = url.rsplit_once('@').ok_or("a Redis without a login")?;
    let password = login.rsplit_once(':').ok_or("a Redis without a password")?.1;
    let mut stream = TcpStream::connect(host.trim_end_matches('/')).await?;
    stream.write_all(format!("AUTH {password}\r\n{command}\r\nQUIT\r\n").as_bytes()).await?;
    let mut said = String::new();
    stream.read_to_string(&mut said).await?;
    let good = said.lines().take(2).filter(|line| line.starts_with('+')).count() == 2;
    if good { Ok(()) } else { Err(format!("Redis says {said:?}").into()) }
}
