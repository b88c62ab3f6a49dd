//! Where a server's data lives, when the folder asked for is out of its account's reach.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::account::own_uid;
use crate::{Context, Error, Result};

/// The name, inside the folder asked for, of the link to data kept elsewhere.
const LINK: &str = "servers";

/// Makes `asked` and answers the folder in which servers keep their data: `asked` itself, or, when
/// root asks for one under a closed parent (its home, a `mktemp -d`), a folder under /var/tmp to
/// which `asked/servers` then points.
pub(crate) fn place(asked: &Path) -> Result<PathBuf> {
    fs::create_dir_all(asked).context(|| format!("cannot make {}", asked.display()))?;
    let asked = asked.canonicalize().context(|| format!("cannot resolve {}", asked.display()))?;
    if own_uid()? != 0 || is_open_to_all(&asked) {
        return Ok(asked);
    }
    let elsewhere = PathBuf::from(format!("/var/tmp/baton-{:016x}", fnv1a(asked.as_os_str().as_encoded_bytes())));
    make_own(&elsewhere)?;
    let link = asked.join(LINK);
    if fs::read_link(&link).ok().as_deref() != Some(&*elsewhere) {
        if link.is_symlink() {
            fs::remove_file(&link).context(|| format!("cannot replace {}", link.display()))?;
        }
        symlink(&elsewhere, &link).context(|| format!("cannot link {}", link.display()))?;
    }
    Ok(elsewhere)
}

/// Makes `dir`, which others may pass through but not list, or checks that the one there is ours: in
/// a folder that everyone may write to, somebody else could have put it there.
pub(crate) fn make_own(dir: &Path) -> Result<()> {
    match DirBuilder::new().mode(0o711).create(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            return Err(error).context(|| format!("cannot make {}", dir.display()));
        }
        _ => {}
    }
    let found = fs::symlink_metadata(dir).context(|| format!("cannot look at {}", dir.display()))?;
    if !found.is_dir() || found.uid() != own_uid()? {
        return Err(Error::new(format!("{} exists and is not a folder of yours: remove it", dir.display())));
    }
    Ok(())
}

/// Whether every folder on the way lets everybody through.
fn is_open_to_all(dir: &Path) -> bool {
    dir.ancestors().all(|step| fs::metadata(step).is_ok_and(|found| found.permissions().mode() & 0o001 != 0))
}

/// FNV-1a: a stable name for a path, not a defence.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_parent_moves_the_data_elsewhere() {
        let closed = std::env::temp_dir().join(format!("baton-closed-{}", crate::random_hex(6).unwrap()));
        DirBuilder::new().mode(0o700).create(&closed).unwrap();
        let asked = closed.join("data");
        let placed = place(&asked).unwrap();
        if own_uid().unwrap() == 0 {
            assert!(placed.starts_with("/var/tmp"), "{}", placed.display());
            assert_eq!(fs::read_link(asked.join(LINK)).unwrap(), placed);
            assert_eq!(place(&asked).unwrap(), placed, "the same folder has the same place");
            fs::remove_dir(placed).unwrap();
        } else {
            assert_eq!(placed, asked.canonicalize().unwrap());
        }
        fs::remove_dir_all(closed).unwrap();
    }
}
