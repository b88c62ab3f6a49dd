//! The ready file of a running stack.

use std::path::Path;

use serde::Deserialize;

use crate::Result;

/// A running stack.
#[derive(Debug, Clone, Deserialize)]
pub struct Ready {
    /// The API's address.
    pub api: String,
    /// The gateway's.
    pub gateway: String,
    /// The database's owner.
    pub database_url: String,
    /// Redis.
    pub redis_url: String,
    /// All processes.
    pub services: Vec<Service>,
    /// The organisation's slug.
    pub organization: String,
    /// Its people.
    pub logins: Vec<Login>,
    /// Postgres, if it is the stack's own.
    pub postgres_pid: Option<u32>,
    /// Redis, if it is the stack's own.
    pub redis_pid: Option<u32>,
}

/// A process.
#[derive(Debug, Clone, Deserialize)]
pub struct Service {
    /// As in `gateway`.
    pub name: String,
    /// Which of its replicas, the first being 0.
    pub replica: u32,
    /// Its process.
    pub pid: u32,
    /// Where clients reach it; where none do, its operations listener.
    pub url: String,
    /// Where its figures are.
    pub metrics: String,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, Deserialize)]
pub struct Login {
    /// As in `team_leader`.
    pub role: String,
    /// Address.
    pub email: String,
    /// Password.
    pub password: String,
}

impl Ready {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            format!("{}: {error}; start a stack first: cargo dev up --release --ready-file …", path.display())
        })?;
        Ok(serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
    }

    /// The process of a service.
    pub fn pid(&self, name: &str) -> Result<u32> {
        let found = self.services.iter().find(|service| service.name == name);
        Ok(found.ok_or_else(|| format!("no {name} runs"))?.pid)
    }
}
