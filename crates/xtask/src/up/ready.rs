//! The ready file and the table: what a person or a test needs to know about a running stack.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use baton_servers::{Context, PostgresServer, RedisServer, Result, write_private};
use serde::{Deserialize, Serialize};

use super::Servers;
use super::fleet::Fleet;
use super::plan::WEB;

/// The ready file, in the form of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Ready {
    api: Option<String>,
    gateway: Option<String>,
    web: Option<String>,
    database_url: String,
    redis_url: String,
    services: Vec<ReadyService>,
    organization: &'static str,
    logins: Vec<Login>,
    postgres_pid: Option<u32>,
    redis_pid: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ReadyService {
    name: &'static str,
    replica: u32,
    pid: u32,
    url: String,
    metrics: String,
}

/// A person of the demo organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Login {
    role: String,
    email: String,
    password: String,
}

/// The demo's logins, as `baton-migrate seed` wrote them.
pub(super) fn read_logins(file: &Path) -> Result<Vec<Login>> {
    let text = fs::read_to_string(file).context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).context(|| format!("{} is not a list of logins", file.display()))
}

/// Removes the files: nothing is ready any more.
pub(super) fn remove(files: &[PathBuf]) {
    for file in files {
        let _gone_already = fs::remove_file(file);
    }
}

impl Ready {
    /// What runs now.
    pub(super) fn new(fleet: &Fleet, servers: &Servers, logins: Vec<Login>) -> Self {
        let first = |name: &str| {
            let mut members = fleet.members().iter();
            members.find(|member| member.instance.service.name == name).map(|member| member.instance.url())
        };
        let services = fleet.members().iter().map(|member| ReadyService {
            name: member.instance.service.name,
            replica: member.instance.replica,
            pid: member.pid().unwrap_or_default(),
            url: member.instance.url(),
            metrics: member.instance.metrics(),
        });
        Self {
            api: first("api"),
            gateway: first("gateway"),
            web: first(WEB),
            database_url: servers.database_url.clone(),
            redis_url: servers.redis_url.clone(),
            services: services.collect(),
            organization: "demo",
            logins,
            postgres_pid: servers.postgres.as_ref().and_then(PostgresServer::pid),
            redis_pid: servers.redis.as_ref().and_then(RedisServer::pid),
        }
    }

    /// Takes the pids of now; answers whether one has changed. Who is dead right now keeps its old
    /// pid: the new one follows within a second.
    pub(super) fn refresh(&mut self, fleet: &Fleet, servers: &Servers) -> bool {
        let old = self.clone();
        for (service, member) in self.services.iter_mut().zip(fleet.members()) {
            service.pid = member.pid().unwrap_or(service.pid);
        }
        self.postgres_pid = servers.postgres.as_ref().and_then(PostgresServer::pid).or(self.postgres_pid);
        self.redis_pid = servers.redis.as_ref().and_then(RedisServer::pid).or(self.redis_pid);
        *self != old
    }

    /// Writes it to every file, whole, for its owner only.
    pub(super) fn write(&self, files: &[PathBuf]) -> Result<()> {
        let json = serde_json::to_string_pretty(self).context(|| "cannot write the ready file".into())?;
        files.iter().try_for_each(|file| write_private(file, &json))
    }

    /// The one table that `up` prints.
    pub(super) fn table(&self, logs: &Path) -> String {
        let mut table = String::from("\nBaton is up.\n\n");
        for ReadyService { name, replica, url, metrics, .. } in &self.services {
            let label = format!("{name}-{replica}");
            let _ = writeln!(table, "  {label:<12} {url:<24} metrics {metrics}");
        }
        if let Some(web) = &self.web {
            let _ = writeln!(table, "\n  sign in: agents at {web}/, customers at {web}/portal/");
        }
        let _ = writeln!(table, "\n  logins of the organisation `{}`", self.organization);
        for Login { role, email, password } in &self.logins {
            let _ = writeln!(table, "  {role:<12} {email:<32} {password}");
        }
        let _ = writeln!(table, "\n  psql '{}'\n  redis-cli -u '{}'", self.database_url, self.redis_url);
        let _ = write!(table, "  logs in {}", logs.display());
        table
    }
}
