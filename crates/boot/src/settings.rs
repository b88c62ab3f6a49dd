//! The settings of an installation: one schema for all services, from one file and the environment.
//!
//! The file is TOML. A variable `BATON_API__LISTEN` stands above `listen` of `[api]` in it; `BATON_CONFIG` names
//! the file and is no setting. Whatever is not known is refused: a mistyped setting must not become a default.

mod read;
mod source;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

pub(crate) use source::FILE_VARIABLE;

/// All settings. Services share them; a service looks only at its own sections.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Postgres.
    pub database: Database,
    /// Redis.
    pub redis: Redis,
    /// Keys of sign-ins; api and gateway want it: [`Settings::require_auth`].
    pub auth: Option<Auth>,
    /// The REST service.
    #[serde(default)]
    pub api: Api,
    /// The realtime service.
    #[serde(default)]
    pub gateway: Gateway,
    /// Mail to staff; jobs wants it: [`Settings::require_mail`].
    #[serde(default)]
    pub mail: Mail,
    /// Probes and metrics.
    #[serde(default)]
    pub operations: Operations,
    /// Logs.
    #[serde(default)]
    pub log: Log,
    /// A bug on purpose.
    #[cfg(feature = "planted")]
    #[serde(default)]
    pub planted: Planted,
}

/// A bug on purpose.
#[cfg(feature = "planted")]
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Planted {
    /// Which.
    pub bug: Option<baton_domain::planted::Bug>,
}

/// Postgres.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Where services log in as `baton_app`, to whom row-level security applies.
    #[serde(deserialize_with = "read::secret")]
    pub url: SecretString,
    /// Where loops over all organisations log in as `baton_system`.
    #[serde(deserialize_with = "read::secret")]
    pub system_url: SecretString,
    /// Where `migrate` logs in as the owner; no other service needs it.
    #[serde(default, deserialize_with = "read::optional_secret")]
    pub owner_url: Option<SecretString>,
    /// Connections a service holds at most.
    #[serde(default = "Database::pool_size", deserialize_with = "read::number")]
    pub pool_size: u32,
    /// Milliseconds a statement may take.
    #[serde(default = "Database::statement_timeout_ms", deserialize_with = "read::number")]
    pub statement_timeout_ms: u64,
}

impl Database {
    fn pool_size() -> u32 {
        16
    }

    fn statement_timeout_ms() -> u64 {
        10_000
    }

    /// How long a statement may take.
    pub fn statement_timeout(&self) -> Duration {
        Duration::from_millis(self.statement_timeout_ms)
    }
}

/// Redis.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redis {
    /// `redis://[user:password@]host:port/db`.
    #[serde(deserialize_with = "read::secret")]
    pub url: SecretString,
    /// What all names in Redis begin with.
    #[serde(default = "Redis::prefix")]
    pub prefix: String,
}

impl Redis {
    fn prefix() -> String {
        baton_live::Keys::DEFAULT_PREFIX.to_owned()
    }
}

/// Keys of sign-ins. There are no defaults, and weak ones are refused.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// Signs access tokens.
    #[serde(deserialize_with = "read::secret")]
    pub token_key: SecretString,
    /// Derives refresh tokens' successors.
    #[serde(deserialize_with = "read::secret")]
    pub refresh_key: SecretString,
}

/// The REST service.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Api {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Origins of browsers it answers, besides its own.
    #[serde(deserialize_with = "read::list")]
    pub allowed_origins: Vec<String>,
    /// Addresses or networks (CIDR) of proxies whose `X-Forwarded-For` is believed.
    #[serde(deserialize_with = "read::list")]
    pub trusted_proxies: Vec<String>,
}

impl Default for Api {
    fn default() -> Self {
        Self { listen: local(8080), allowed_origins: Vec::new(), trusted_proxies: Vec::new() }
    }
}

/// The realtime service.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gateway {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Origins of browsers it accepts, besides its own.
    #[serde(deserialize_with = "read::list")]
    pub allowed_origins: Vec<String>,
    /// Milliseconds between pings to a socket.
    #[serde(deserialize_with = "read::number")]
    pub ping_interval_ms: u64,
    /// Milliseconds a socket has to answer one.
    #[serde(deserialize_with = "read::number")]
    pub ping_timeout_ms: u64,
}

impl Default for Gateway {
    fn default() -> Self {
        Self { listen: local(8081), allowed_origins: Vec::new(), ping_interval_ms: 25_000, ping_timeout_ms: 20_000 }
    }
}

impl Gateway {
    /// How long between pings.
    pub fn ping_interval(&self) -> Duration {
        Duration::from_millis(self.ping_interval_ms)
    }

    /// How long a socket has to answer a ping.
    pub fn ping_timeout(&self) -> Duration {
        Duration::from_millis(self.ping_timeout_ms)
    }
}

/// Mail to staff.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// `smtp://` or `smtps://[user:password@]host[:port][?tls=required|opportunistic]`: where mail is handed over.
    #[serde(deserialize_with = "read::optional_secret")]
    pub smtp_url: Option<SecretString>,
    /// Without a server: where each mail is left as a file.
    pub folder: Option<PathBuf>,
    /// Whom mail is from: `Name <address>`.
    pub from: String,
}

impl Default for Mail {
    fn default() -> Self {
        Self { smtp_url: None, folder: None, from: "Baton <baton@localhost>".to_owned() }
    }
}

/// Probes and metrics.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Operations {
    /// Where they are answered; each service has a default of its own.
    pub listen: Option<SocketAddr>,
}

/// Logs.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// What is logged, such as `info,baton_app=debug`.
    pub filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { filter: "info".to_owned() }
    }
}

fn local(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// Why settings were refused. One line, names the setting and where it came from, never a value.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("the settings file {} cannot be read: {source}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A setting is missing, unknown or not what it should be.
    #[error("setting `{key}`: {problem}")]
    Wrong {
        /// Its name, as `api.listen`.
        key: String,
        /// What is wrong with it and what to do.
        problem: String,
    },
    /// The text of the file is not TOML.
    #[error("{origin}: {problem}")]
    Malformed {
        /// Which file.
        origin: String,
        /// Where and why.
        problem: String,
    },
}

impl SettingsError {
    pub(crate) fn wrong(key: &str, problem: impl Into<String>) -> Self {
        Self::Wrong { key: key.to_owned(), problem: problem.into() }
    }
}

impl Settings {
    /// Reads settings from `file`, if there is one, and the `BATON_…` variables of `environment` above it.
    ///
    /// # Errors
    /// When the file cannot be read, or a setting is unknown, missing, of the wrong form or too weak.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let settings: Self = source::figment(file, environment)?.extract().map_err(source::explain)?;
        settings.check()?;
        Ok(settings)
    }

    /// The keys of sign-ins.
    ///
    /// # Errors
    /// When they are not set; the message says how to make them.
    pub fn require_auth(&self) -> Result<&Auth, SettingsError> {
        let missing = || SettingsError::wrong("auth", format!("token_key and refresh_key must be set; {MAKE_ONE}"));
        self.auth.as_ref().ok_or_else(missing)
    }

    /// Where mail goes.
    ///
    /// # Errors
    /// When neither a server nor a folder is set: mail would be asked for and never written.
    pub fn require_mail(&self) -> Result<&Mail, SettingsError> {
        if self.mail.smtp_url.is_none() && self.mail.folder.is_none() {
            return Err(SettingsError::wrong("mail", "set smtp_url, or folder to leave mail there as files"));
        }
        Ok(&self.mail)
    }

    fn check(&self) -> Result<(), SettingsError> {
        if self.database.pool_size == 0 {
            return Err(SettingsError::wrong("database.pool_size", "at least 1"));
        }
        let Some(auth) = &self.auth else { return Ok(()) };
        check_key("auth.token_key", &auth.token_key)?;
        check_key("auth.refresh_key", &auth.refresh_key)?;
        if auth.token_key.expose_secret() == auth.refresh_key.expose_secret() {
            return Err(SettingsError::wrong("auth.refresh_key", format!("the same as auth.token_key; {MAKE_ONE}")));
        }
        Ok(())
    }
}

const MAKE_ONE: &str = "make each with `openssl rand -base64 48`";
/// Bytes a key has at least.
const KEY_LENGTH: usize = 32;
/// Different characters a key has at least: random ones of that length have far more.
const KEY_VARIETY: usize = 10;

/// Refuses keys that somebody could guess. It cannot know randomness; it knows what people type.
fn check_key(name: &str, key: &SecretString) -> Result<(), SettingsError> {
    let key = key.expose_secret();
    let weak = |why: &str| Err(SettingsError::wrong(name, format!("{why}; {MAKE_ONE}")));
    if key.len() < KEY_LENGTH {
        return weak("shorter than 32 bytes");
    }
    let variety: std::collections::HashSet<char> = key.chars().collect();
    let lower = key.to_lowercase();
    let typed = ["changeme", "change-me", "change_me", "password", "example", "0123456789", "abcdefgh"];
    if variety.len() < KEY_VARIETY || typed.iter().any(|word| lower.contains(word)) {
        return weak("easy to guess");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
