//! Whom a server runs as. Postgres refuses root, and nothing needs a Redis that is root.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::{Context, Error, Result};

/// An unprivileged account to which root hands a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// The account for a server: `None` unless this process is root (then servers run as the caller),
    /// else the package's own user, else `nobody`.
    pub(crate) fn for_server(package_user: &str) -> Result<Option<Self>> {
        if own_uid()? != 0 {
            return Ok(None);
        }
        let accounts = fs::read_to_string("/etc/passwd").context(|| "cannot read /etc/passwd".into())?;
        find(&accounts, package_user).or_else(|| find(&accounts, "nobody")).map(Some).ok_or_else(|| {
            Error::new(format!("running as root, and neither user `{package_user}` nor `nobody` exists"))
        })
    }

    /// Makes `command` run as this account. The working directory moves to `/`, for the caller's own
    /// may be closed to it.
    pub(crate) fn apply(account: Option<Self>, command: &mut Command) {
        command.current_dir("/");
        if let Some(Self { uid, gid }) = account {
            command.uid(uid).gid(gid);
        }
    }

    /// Gives `path` to this account.
    pub(crate) fn give(account: Option<Self>, path: &Path) -> Result<()> {
        let Some(Self { uid, gid }) = account else { return Ok(()) };
        chown(path, Some(uid), Some(gid)).context(|| format!("cannot give {} away", path.display()))
    }
}

/// The user this process runs as.
pub(crate) fn own_uid() -> Result<u32> {
    if let Ok(own) = fs::metadata("/proc/self") {
        return Ok(own.uid());
    }
    let id = Command::new("id").arg("-u").output().context(|| "cannot run `id -u`".into())?;
    String::from_utf8_lossy(&id.stdout).trim().parse().context(|| "`id -u` printed no number".into())
}

fn find(passwd: &str, name: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next()? != name {
            return None;
        }
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Account { uid, gid })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_an_account_by_its_whole_name() {
        let passwd =
            "root:x:0:0::/root:/bin/sh\npostgres-old:x:7:7::/:\npostgres:x:101:104:PostgreSQL,,,:/var:/bin/sh\n";
        assert_eq!(find(passwd, "postgres"), Some(Account { uid: 101, gid: 104 }));
        assert_eq!(find(passwd, "redis"), None);
    }
}
