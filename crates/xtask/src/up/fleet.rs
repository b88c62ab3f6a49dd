//! The services, kept running.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use baton_servers::{Daemon, Error, Leash, Result, Signal, says_port_is_taken};

use super::TICK;
use super::folder::{DataFolder, Settings, last_lines, log_to, without_settings_of_tools};
use super::plan::{Instance, WEB};
use super::stop::Stop;
use crate::web::WebApp;

/// How long services may take to finish what they do.
const STOP_PATIENCE: Duration = Duration::from_secs(10);
/// How often a service may die before it was ever ready.
const DEATHS_BEFORE_READY: u32 = 3;
/// How long a probe may take; the next look comes soon.
const PROBE_PATIENCE: Duration = Duration::from_millis(500);

/// What services are started from.
#[derive(Debug)]
pub(super) struct Programs {
    /// The folder of our binaries.
    pub(super) binaries: PathBuf,
    /// Settings that the binaries share; the web server has no use for them, secrets least of all.
    pub(super) settings: Settings,
    /// The built web app, if it is to run.
    pub(super) web: Option<WebApp>,
}

impl Programs {
    fn command(&self, instance: &Instance) -> Command {
        match &self.web {
            Some(web) if instance.service.name == WEB => web.server(),
            _ => {
                let mut binary = Command::new(self.binaries.join(format!("baton-{}", instance.service.name)));
                without_settings_of_tools(&mut binary);
                binary.envs(&self.settings);
                binary
            }
        }
    }
}

/// All replicas of all services.
#[derive(Debug)]
pub(super) struct Fleet(Vec<Member>);

/// One replica and its process.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) instance: Instance,
    daemon: Daemon,
    log: PathBuf,
    deaths: u32,
    ready: bool,
}

impl Fleet {
    /// Starts every instance.
    pub(super) fn start(
        instances: &[Instance],
        programs: &Programs,
        folder: &DataFolder,
        leash: &Leash,
    ) -> Result<Self> {
        let start = |instance: &Instance| {
            let log = folder.log(&instance.label());
            let mut command = programs.command(instance);
            command.envs(instance.settings(instances));
            log_to(&mut command, &log)?;
            let mut daemon = Daemon::new(instance.label(), command).on_leash(leash, Signal::Terminate);
            daemon.start()?;
            Ok(Member { instance: instance.clone(), daemon, log, deaths: 0, ready: false })
        };
        instances.iter().map(start).collect::<Result<_>>().map(Self)
    }

    pub(super) fn members(&self) -> &[Member] {
        &self.0
    }

    /// Waits until every service has said that it is ready. One that keeps dying, or stays silent,
    /// fails it with the last lines of its log.
    pub(super) fn wait_until_ready(&mut self, stop: &Stop, patience: Duration) -> Result<()> {
        let end = Instant::now() + patience;
        loop {
            self.keep_running();
            for member in &mut self.0 {
                member.ready = member.ready || is_ready(member.instance.operations_port);
            }
            let Some(waiting) = self.0.iter().find(|member| !member.ready) else { return Ok(()) };
            if stop.requested() {
                return Err(Error::new("stopped"));
            }
            let hopeless = self.0.iter().find(|member| !member.ready && member.deaths >= DEATHS_BEFORE_READY);
            if let Some(member) = hopeless.or((Instant::now() > end).then_some(waiting)) {
                let name = member.daemon.name();
                return Err(Error::new(format!("{name} does not become ready; {}", last_lines(&member.log))));
            }
            std::thread::sleep(TICK);
        }
    }

    /// Whether a service never became ready because somebody else has its port.
    pub(super) fn lost_a_port(&self) -> bool {
        let mut dead = self.0.iter().filter(|member| !member.ready && member.deaths > 0);
        dead.any(|member| says_port_is_taken(&last_lines(&member.log)))
    }

    /// Starts again what has died. What cannot be started now (its binary is just being built, say) is
    /// tried again.
    pub(super) fn keep_running(&mut self) {
        for member in &mut self.0 {
            match member.daemon.keep_running() {
                Ok(None) => {}
                Ok(Some(status)) => {
                    member.deaths += 1;
                    println!("baton: {} died ({status}) and is started again", member.daemon.name());
                    if !status.success() {
                        println!("{}", last_lines(&member.log));
                    }
                }
                Err(error) => {
                    member.deaths += 1;
                    println!("baton: {error}");
                }
            }
        }
    }

    /// Asks all to finish, together, and kills who does not in time.
    pub(super) fn stop(&mut self) {
        for member in &self.0 {
            member.daemon.signal(Signal::Terminate);
        }
        let end = Instant::now() + STOP_PATIENCE;
        for member in &mut self.0 {
            if !member.daemon.wait(end.saturating_duration_since(Instant::now())) {
                println!("baton: {} did not finish in time and is killed", member.daemon.name());
                member.daemon.kill();
            }
        }
    }
}

impl Member {
    /// Its process, unless it is dead right now.
    pub(super) fn pid(&self) -> Option<u32> {
        self.daemon.pid()
    }
}

/// Whether `/readyz` answers 200.
fn is_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], port)), PROBE_PATIENCE)?;
        stream.set_read_timeout(Some(PROBE_PATIENCE))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(String::from_utf8_lossy(&status).into_owned())
    };
    ask().is_ok_and(|status| status.starts_with("HTTP/1.") && status.ends_with(" 200"))
}
