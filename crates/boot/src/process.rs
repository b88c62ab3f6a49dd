//! The life of a service's process, from its arguments to its exit code.

mod arguments;
mod signals;

use std::error::Error;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::time::Duration;

use baton_live::Redis;
use futures::FutureExt;
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::readiness::Readiness;
use crate::settings::{Settings, SettingsError};
use crate::tasks::{chain, panic_text};
use crate::telemetry::Telemetry;
use crate::{operations, telemetry};

/// Any error, for where it is only told.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// How long a service has to end after it was told to.
const ENDED_WITHIN: Duration = Duration::from_secs(30);

/// What a service is called and where its operations listener is by default.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// Its name in logs and traces: `api`.
    pub name: &'static str,
    /// Where probes and metrics are answered unless `operations.listen` says otherwise; `None` for commands that do
    /// their work and end.
    pub default_operations: Option<SocketAddr>,
}

/// What a service is given to run with.
pub struct Process {
    /// The settings of the installation.
    pub settings: Settings,
    /// Cancelled on SIGTERM or SIGINT: stop accepting, finish, return.
    pub shutdown: CancellationToken,
    /// What `/readyz` answers.
    pub readiness: Readiness,
    /// The arguments that are not boot's own (`--config FILE`).
    pub args: Vec<String>,
}

impl Process {
    /// The installation's Redis, not yet connected.
    ///
    /// # Errors
    /// When its address is not one.
    pub fn redis(&self) -> Result<Redis, SettingsError> {
        let redis = &self.settings.redis;
        let wrong = |error: baton_live::Error| SettingsError::wrong("redis.url", error.to_string());
        Ok(Redis::new(redis.url.expose_secret()).map_err(wrong)?.with_prefix(&redis.prefix))
    }
}

/// Runs a service: the whole of its `main` besides [`crate::allocator!`].
///
/// Reads arguments and settings, starts logs, traces and the operations listener on a multi-thread tokio, then
/// `run`. SIGTERM or SIGINT makes the process not ready at once and cancels [`Process::shutdown`]; `run` then has
/// 30 s to return, and a second signal ends the waiting.
///
/// Exits with 0 when `run` returned `Ok`; 2 when settings or arguments are refused; 1 when the start failed, `run`
/// returned an error or panicked, or did not end in time. Errors are one line on stderr.
pub fn main<F, Fut>(service: Service, run: F) -> ExitCode
where
    F: FnOnce(Process) -> Fut,
    Fut: Future<Output = Result<(), BoxError>>,
{
    ExitCode::from(code(service, run))
}

fn code<F, Fut>(service: Service, run: F) -> u8
where
    F: FnOnce(Process) -> Fut,
    Fut: Future<Output = Result<(), BoxError>>,
{
    match whole(service, run) {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("baton-{}: {}", service.name, chain(&*error));
            if error.is::<SettingsError>() { 2 } else { 1 }
        }
    }
}

fn whole<F, Fut>(service: Service, run: F) -> Result<(), BoxError>
where
    F: FnOnce(Process) -> Fut,
    Fut: Future<Output = Result<(), BoxError>>,
{
    let environment = arguments::environment();
    let arguments = arguments::parse(std::env::args().skip(1), &environment)?;
    let settings = Settings::load(arguments.config.as_deref(), environment)?;
    #[cfg(feature = "planted")]
    settings.planted.bug.into_iter().for_each(baton_domain::planted::plant);
    let filter = EnvFilter::try_new(&settings.log.filter)
        .map_err(|error| SettingsError::wrong("log.filter", error.to_string()))?;

    // As many workers as the machine has cores.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_name(service.name).build()?;
    let outcome = runtime.block_on(async {
        let telemetry = telemetry::start(service.name, filter)?;
        let process =
            Process { settings, shutdown: CancellationToken::new(), readiness: Readiness::new(), args: arguments.rest };
        let outcome = start_and_run(service, process, run).await;
        flush(telemetry).await;
        outcome
    });
    // Tasks that are still at it have had their time.
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}

async fn start_and_run<F, Fut>(service: Service, process: Process, run: F) -> Result<(), BoxError>
where
    F: FnOnce(Process) -> Fut,
    Fut: Future<Output = Result<(), BoxError>>,
{
    let shutdown = process.shutdown.clone();
    let again = signals::listen(process.readiness.clone(), shutdown.clone())?;
    let listen = service.default_operations.map(|default| process.settings.operations.listen.unwrap_or(default));
    if let Some(address) = listen {
        let listening = operations::listen(address, process.readiness.clone()).await;
        let address = listening.map_err(|error| format!("the operations listener at {address}: {error}"))?;
        tracing::info!(operations = %address, "started");
    }
    let overdue = async {
        shutdown.cancelled().await;
        tokio::select! {
            () = tokio::time::sleep(ENDED_WITHIN) => "not ended within 30 s of being told to",
            () = again.cancelled() => "told twice to end",
        }
    };
    let outcome = tokio::select! {
        outcome = AssertUnwindSafe(async { run(process).await }).catch_unwind() => match outcome {
            Ok(outcome) => outcome,
            Err(panic) => Err(format!("panicked: {}", panic_text(&*panic)).into()),
        },
        why = overdue => Err(why.into()),
    };
    match &outcome {
        Ok(()) => tracing::info!("ended"),
        Err(error) => tracing::error!(error = chain(&**error), "ended with an error"),
    }
    outcome
}

async fn flush(telemetry: Telemetry) {
    // It blocks, and the exporter's connection wants this runtime to go on meanwhile.
    let _ = tokio::task::spawn_blocking(move || telemetry.flush()).await;
}

#[cfg(test)]
mod tests;
