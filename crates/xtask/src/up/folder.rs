//! The data folder of one `up`: its lock, its secrets, its logs.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use baton_servers::{Context, Error, Given, PostgresServer, Result, random_hex, read_or_create};
use serde::{Deserialize, Serialize};

/// Settings that all services share, as environment variables.
pub(super) type Settings = BTreeMap<&'static str, String>;

/// A data folder that this process has to itself.
#[derive(Debug)]
pub(super) struct DataFolder {
    path: PathBuf,
    _lock: File,
}

/// Made once per data folder; whoever reads them owns its demo.
#[derive(Debug, Serialize, Deserialize)]
struct Secrets {
    app_password: String,
    system_password: String,
    token_key: String,
    refresh_key: String,
}

impl Secrets {
    fn new() -> Result<Self> {
        Ok(Self {
            app_password: random_hex(16)?,
            system_password: random_hex(16)?,
            token_key: random_hex(32)?,
            refresh_key: random_hex(32)?,
        })
    }
}

impl DataFolder {
    /// Makes the folder and locks it; refused while another `up` runs in it.
    pub(super) fn open(path: &Path) -> Result<Self> {
        fs::create_dir_all(path.join("logs")).context(|| format!("cannot make {}", path.display()))?;
        let path = path.canonicalize().context(|| format!("cannot resolve {}", path.display()))?;
        let file = path.join("up.lock");
        let lock = File::options().read(true).write(true).create(true).truncate(false).open(&file);
        let mut lock = lock.context(|| format!("cannot open {}", file.display()))?;
        if lock.try_lock().is_err() {
            let holder = fs::read_to_string(&file).unwrap_or_default();
            return Err(Error::new(format!(
                "another `cargo dev up` (pid {}) runs in {}; stop it, or choose another --data-dir",
                holder.trim(),
                path.display()
            )));
        }
        let written = lock.set_len(0).and_then(|()| writeln!(lock, "{}", std::process::id()));
        written.context(|| format!("cannot write {}", file.display()))?;
        let folder = Self { path, _lock: lock };
        // Whoever waits for this file must not find the last run's.
        let _ = fs::remove_file(folder.ready_file());
        for log in fs::read_dir(folder.logs()).into_iter().flatten().flatten() {
            let _old_log = fs::remove_file(log.path());
        }
        Ok(folder)
    }

    /// Removes data, mail, secrets and logins. Servers that were given are not ours to empty.
    pub(super) fn erase(&self, given: &Given) -> Result<()> {
        if given.database_url.is_some() {
            return Err(Error::new("--fresh does not empty the database of DATABASE_URL: drop and create it yourself"));
        }
        println!("baton: removing the old data");
        PostgresServer::erase(&self.path)?;
        let _there_was_none = fs::remove_dir_all(self.mail());
        for file in [self.secrets_file(), self.logins_file()] {
            match fs::remove_file(&file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).context(|| format!("cannot remove {}", file.display()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The settings that all services share, for their environment.
    pub(super) fn settings(&self, database_url: &str, redis_url: &str) -> Result<Settings> {
        let file = self.secrets_file();
        let text = read_or_create(&file, || {
            serde_json::to_string_pretty(&Secrets::new()?).context(|| "cannot write secrets".into())
        })?;
        let secrets: Secrets = serde_json::from_str(&text)
            .context(|| format!("{} is damaged (--fresh makes a new one)", file.display()))?;
        Ok(Settings::from([
            ("BATON_DATABASE__URL", with_login(database_url, "baton_app", &secrets.app_password)?),
            ("BATON_DATABASE__SYSTEM_URL", with_login(database_url, "baton_system", &secrets.system_password)?),
            ("BATON_REDIS__URL", redis_url.to_owned()),
            ("BATON_AUTH__TOKEN_KEY", secrets.token_key),
            ("BATON_AUTH__REFRESH_KEY", secrets.refresh_key),
            ("BATON_MAIL__FOLDER", self.mail().display().to_string()),
        ]))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn logs(&self) -> PathBuf {
        self.path.join("logs")
    }

    fn mail(&self) -> PathBuf {
        self.path.join("mail")
    }

    pub(super) fn log(&self, name: &str) -> PathBuf {
        self.logs().join(name).with_extension("log")
    }

    pub(super) fn ready_file(&self) -> PathBuf {
        self.path.join("ready.json")
    }

    pub(super) fn logins_file(&self) -> PathBuf {
        self.path.join("demo-logins.json")
    }

    fn secrets_file(&self) -> PathBuf {
        self.path.join("secrets.json")
    }
}

/// The same database for another login role.
fn with_login(url: &str, role: &str, password: &str) -> Result<String> {
    let parts = url.split_once("://").map(|(scheme, rest)| (scheme, rest.split_once('/').unwrap_or((rest, ""))));
    let (scheme, (authority, path)) = parts.ok_or_else(|| Error::new("DATABASE_URL is not postgres://…"))?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    Ok(format!("{scheme}://{role}:{password}@{host}/{path}"))
}

/// Takes from `command` what is meant for tools or for the web server: the services refuse settings that
/// they do not know.
pub(super) fn without_settings_of_tools(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_no_setting_of_services) {
            command.env_remove(&name);
        }
    }
}

/// Settings have a section, as in `BATON_API__LISTEN`; `BATON_CONFIG` names their file.
fn is_no_setting_of_services(name: &str) -> bool {
    let Some(path) = name.strip_prefix("BATON_") else { return false };
    path.starts_with("WEB__") || (path != "CONFIG" && !path.contains("__"))
}

/// Sends what `command` says to the end of `log`.
pub(super) fn log_to(command: &mut Command, log: &Path) -> Result<()> {
    let file = File::options().create(true).append(true).open(log);
    let file = file.context(|| format!("cannot open {}", log.display()))?;
    command.stdout(file.try_clone().context(|| "cannot share a log".into())?).stderr(file);
    Ok(())
}

/// The end of a log, to be shown with what went wrong.
pub(super) fn last_lines(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.get(lines.len().saturating_sub(15)..).unwrap_or_default();
    format!("the last lines of {}:\n  {}", log.display(), last.join("\n  "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_replaces_another() {
        let url = with_login("postgres://postgres:p@127.0.0.1:5432/baton?sslmode=disable", "baton_app", "q").unwrap();
        assert_eq!(url, "postgres://baton_app:q@127.0.0.1:5432/baton?sslmode=disable");
        assert_eq!(with_login("postgres://db/x", "a", "b").unwrap(), "postgres://a:b@db/x");
        assert!(with_login("host=db", "a", "b").is_err());
    }

    #[test]
    fn services_see_no_variables_of_tools() {
        for name in ["BATON_CHROMIUM", "BATON_READY_FILE", "BATON_WEB__ORGANIZATION"] {
            assert!(is_no_setting_of_services(name), "{name}");
        }
        for name in ["BATON_CONFIG", "BATON_LOG__FILTER", "PATH"] {
            assert!(!is_no_setting_of_services(name), "{name}");
        }
    }

    #[test]
    fn a_folder_is_for_one_and_its_secrets_stay() {
        let path = std::env::temp_dir().join(format!("baton-folder-{}", random_hex(6).unwrap()));
        let folder = DataFolder::open(&path).unwrap();
        let refused = DataFolder::open(&path).unwrap_err().to_string();
        assert!(refused.contains(&format!("pid {}", std::process::id())), "{refused}");
        let settings = folder.settings("postgres://a:b@h/d", "redis://r/").unwrap();
        drop(folder);
        let folder = DataFolder::open(&path).unwrap();
        assert_eq!(folder.settings("postgres://a:b@h/d", "redis://r/").unwrap(), settings);
        fs::remove_dir_all(path).unwrap();
    }
}
