//! The web app in `web/`: its packages, its build, its server.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use baton_servers::{Context, Error, Node, Result};

use crate::cargo;

/// What `npm run build` makes of it; the rest of `web/` tests it or runs it.
const SOURCES: &[&str] =
    &["src", "public", "portal", "index.html", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json"];

/// The web app's folder, and a Node with what it needs.
#[derive(Debug)]
pub(crate) struct WebApp {
    folder: PathBuf,
    node: Node,
}

impl WebApp {
    /// Gets Node and the packages, where they are missing or old.
    pub(crate) fn prepare() -> Result<Self> {
        let folder = cargo::root().join("web");
        if !folder.join("package.json").exists() {
            return Err(Error::new(format!("there is no web app in {}", folder.display())));
        }
        let node = Node::with_packages(&folder, &|line| println!("baton: {line}"))?;
        Ok(Self { folder, node })
    }

    /// Builds it through `run`, if it has changed since the last build.
    pub(crate) fn build(&self, run: impl FnOnce(Command) -> Result<()>) -> Result<()> {
        // Two builds at a time would remove each other's files.
        let lock = File::open(self.folder.join("package.json")).context(|| "cannot open package.json".into())?;
        lock.lock().context(|| "cannot wait for another build of the web app".into())?;
        let built = self.folder.join("dist/index.html");
        let newest = self.newest_source();
        if changed(&built) >= newest {
            return Ok(());
        }
        println!("baton: building the web app");
        run(self.npm(&["run", "--silent", "build", "--", "--logLevel", "warn"]))?;
        // It is as new as what was there when it began: what changed during the build is not in it.
        let page = File::options().write(true).open(&built);
        let page = page.context(|| format!("the build left no {}", built.display()))?;
        newest.map_or(Ok(()), |newest| page.set_modified(newest)).context(|| format!("cannot date {}", built.display()))
    }

    fn newest_source(&self) -> Option<SystemTime> {
        let mut left: Vec<PathBuf> = SOURCES.iter().map(|name| self.folder.join(name)).collect();
        let mut newest = None;
        while let Some(path) = left.pop() {
            // A folder changes when something in it goes.
            newest = newest.max(changed(&path));
            left.extend(fs::read_dir(&path).into_iter().flatten().flatten().map(|entry| entry.path()));
        }
        newest
    }

    /// `npm <words>` in its folder.
    pub(crate) fn npm(&self, words: &[&str]) -> Command {
        let mut npm = self.node.npm();
        npm.args(words).current_dir(&self.folder);
        npm
    }

    /// The server of the built app.
    pub(crate) fn server(&self) -> Command {
        let mut server = Command::new(self.node.program());
        server.arg(self.folder.join("server/server.mjs"));
        server
    }
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|found| found.modified()).ok()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use baton_servers::random_hex;

    use super::*;

    #[test]
    fn it_is_built_when_a_source_is_newer_than_the_build() {
        let folder = std::env::temp_dir().join(format!("baton-web-app-{}", random_hex(6).unwrap()));
        for part in ["src/inbox", "dist"] {
            fs::create_dir_all(folder.join(part)).unwrap();
        }
        let node = Node::get(&|line| eprintln!("{line}")).unwrap();
        let web = WebApp { folder: folder.clone(), node };
        let write = |name: &str, second: u64| {
            fs::write(folder.join(name), name).unwrap();
            let file = File::options().write(true).open(folder.join(name)).unwrap();
            file.set_modified(UNIX_EPOCH + Duration::from_secs(second)).unwrap();
        };
        let date = |name: &str, second: u64| {
            let found = File::open(folder.join(name)).unwrap();
            found.set_modified(UNIX_EPOCH + Duration::from_secs(second)).unwrap();
        };
        let builds = || {
            let mut built = false;
            web.build(|command| {
                assert!(cargo::shown(&command).contains("build"));
                fs::write(folder.join("dist/index.html"), "page").unwrap();
                built = true;
                Ok(())
            })
            .unwrap();
            built
        };
        write("package.json", 10);
        write("src/inbox/list.ts", 20);
        date("src", 5);
        date("src/inbox", 5);
        assert!(builds(), "there is no build yet");
        assert!(!builds(), "nothing has changed");
        write("src/inbox/list.ts", 30);
        assert!(builds(), "a source has changed");
        write("dist/notes.txt", 90);
        assert!(!builds(), "what is built is no source");
        date("src/inbox", 40);
        assert!(builds(), "a source has gone");
        assert!(web.build(|_| Err(Error::new("no"))).is_ok(), "and nothing since");
        fs::remove_dir_all(folder).unwrap();
    }
}
