//! Secrets of one data folder: random, never constants, readable by their owner only.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::{Context, Error, Result};

/// `bytes` random bytes of the system's generator, in hexadecimal.
pub fn random_hex(bytes: usize) -> Result<String> {
    let mut random = vec![0; bytes];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut random))
        .context(|| "cannot read /dev/urandom".into())?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writes `text` to `path`, mode 0600 from its first byte on, by rename: a reader sees the old file
/// or the whole new one.
pub fn write_private(path: &Path, text: &str) -> Result<()> {
    let name = path.file_name().ok_or_else(|| Error::new(format!("{} is no file name", path.display())))?;
    let fresh = path.with_file_name(format!(".{}.{}", name.to_string_lossy(), random_hex(4)?));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&fresh)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&fresh, path));
    written.context(|| format!("cannot write {}", path.display()))
}

/// The text of `path`; when there is no such file, what `create` makes is written there first.
pub fn read_or_create(path: &Path, create: impl FnOnce() -> Result<String>) -> Result<String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let text = create()?;
            write_private(path, &text)?;
            Ok(text)
        }
        Err(error) => Err(error).context(|| format!("cannot read {}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_secret_is_made_once_and_closed_to_others() {
        let path = std::env::temp_dir().join(format!("baton-secret-{}", random_hex(8).unwrap()));
        let first = read_or_create(&path, || random_hex(16)).unwrap();
        assert_eq!(first.len(), 32);
        assert_eq!(read_or_create(&path, || random_hex(16)).unwrap(), first);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::remove_file(path).unwrap();
    }
}
