//! The ready file of a running stack.

use std::path::Path;

use serde::Deserialize;

use crate::Result;

/// A running stack.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Ready {
    /// The API's address.
    pub(crate) api: String,
    /// The gateway's.
    pub(crate) gateway: String,
    /// The database's owner.
    pub(crate) database_url: String,
    /// Redis.
    pub(crate) redis_url: String,
    /// All processes.
    pub(crate) services: Vec<Service>,
    /// The organisation's slug.
    pub(crate) organization: String,
    /// Its people.
    pub(crate) logins: Vec<Login>,
    /// Postgres, if it is the stack's own.
    pub(crate) postgres_pid: Option<u32>,
    /// Redis, if it is the stack's own.
    pub(crate) redis_pid: Option<u32>,
}

/// A process.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Service {
    /// As in `gateway`.
    pub(crate) name: String,
    /// Its process.
    pub(crate) pid: u32,
    /// Where its figures are.
    pub(crate) metrics: String,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Login {
    /// As in `team_leader`.
    pub(crate) role: String,
    /// Address.
    pub(crate) email: String,
    /// Password.
    pub(crate) password: String,
}

impl Ready {
    /// Reads the file.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            format!("{}: {error}; start a stack first: cargo dev up --release --ready-file …", path.display())
        })?;
        Ok(serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
    }

    /// The process of a service.
    pub(crate) fn pid(&self, name: &str) -> Result<u32> {
        let found = self.services.iter().find(|service| service.name == name);
        Ok(found.ok_or_else(|| format!("no {name} runs"))?.pid)
    }
}
