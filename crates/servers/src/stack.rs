//! The test stack: one throwaway Postgres and Redis per machine, shared by every test process.
//!
//! Whoever comes first boots it, under a file lock. Every user holds a shared lock until its process
//! ends, in whatever way. A detached shell (the reaper) stops both once nobody has held that lock for
//! a minute: test binaries that run one after another, and in parallel, meet the same servers.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use crate::account::own_uid;
use crate::data::make_own;
use crate::{Context, Error, PostgresServer, Purpose, RedisServer, Result, Say, is_alive, write_private};

/// Memory that must be free for the data to live there.
const ROOM_BYTES: u64 = 2 << 30;

/// Servers that somebody else runs, to be used instead of our own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// A Postgres, as its administrator.
    pub database_url: Option<String>,
    /// A Redis.
    pub redis_url: Option<String>,
}

impl Given {
    /// `DATABASE_URL` and `REDIS_URL`, where they are set.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a tool: the contract names these two variables")]
    pub fn from_environment() -> Self {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self { database_url: variable("DATABASE_URL"), redis_url: variable("REDIS_URL") }
    }
}

/// The machine's shared test servers. There is one value per process, which lives as long as it does:
/// that holds the servers up.
#[derive(Debug)]
pub struct TestStack {
    database_url: String,
    redis_url: String,
    _in_use: Option<File>,
}

impl TestStack {
    /// Joins the stack, booting it when need be (0.8 s; a join takes 2 ms). What is `given` replaces
    /// its own servers. Blocks: call it outside of async code, or where a pause does no harm. The
    /// first call of a process decides for all.
    pub fn join(given: &Given) -> Result<&'static Self> {
        static STACK: OnceLock<Result<TestStack>> = OnceLock::new();
        STACK.get_or_init(|| Self::join_first(given)).as_ref().map_err(Clone::clone)
    }

    fn join_first(given: &Given) -> Result<Self> {
        if let (Some(database_url), Some(redis_url)) = (&given.database_url, &given.redis_url) {
            return Ok(Self { database_url: database_url.clone(), redis_url: redis_url.clone(), _in_use: None });
        }
        let home = Home {
            folder: std::env::temp_dir().join(format!("baton-tests-{}", own_uid()?)),
            look_every: Duration::from_secs(5),
            looks: 12,
        };
        let (state, in_use) = home.join(&|line| eprintln!("test stack: {line}"))?;
        Ok(Self {
            database_url: given.database_url.clone().unwrap_or(state.database_url),
            redis_url: given.redis_url.clone().unwrap_or(state.redis_url),
            _in_use: Some(in_use),
        })
    }

    /// The administrator's address of Postgres (database `postgres`).
    #[must_use]
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// The address of Redis, shared with all other tests of the machine.
    #[must_use]
    pub fn redis_url(&self) -> &str {
        &self.redis_url
    }
}

/// Where the processes of one user of this machine meet.
struct Home {
    folder: PathBuf,
    look_every: Duration,
    looks: u32,
}

/// The running stack, as written in the state file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    database_url: String,
    redis_url: String,
    postgres_pid: u32,
    redis_pid: u32,
    reaper_pid: u32,
    data: PathBuf,
}

impl Home {
    fn join(&self, say: Say<'_>) -> Result<(State, File)> {
        make_own(&self.folder)?;
        let start = self.open("start.lock")?;
        start.lock().context(|| "cannot wait for the other test processes".into())?;
        let users = self.open("users.lock")?;
        users.lock_shared().context(|| "cannot join the other test processes".into())?;
        let mut state = match self.read() {
            Some(state) if state.is_up() => state,
            left => {
                if let Some(left) = left {
                    left.clear()?;
                }
                self.boot(say)?
            }
        };
        if !is_alive(state.reaper_pid) {
            state.reaper_pid = self.spawn_reaper(&state)?;
            write_private(&self.state_file(), &state.to_text())?;
        }
        Ok((state, users))
    }

    /// Starts both servers and lets them go.
    fn boot(&self, say: Say<'_>) -> Result<State> {
        let data = self.data_folder()?;
        say(&format!("starting Postgres and Redis (data in {})", data.display()));
        let postgres = PostgresServer::start(&data, "postgres", Purpose::Tests, None, say)?;
        let redis = RedisServer::start(None, None, say)?;
        let (database_url, redis_url) = (postgres.url(), redis.url());
        let gone = || Error::new("a server of the test stack died at its start");
        let postgres_pid = postgres.detach().ok_or_else(gone)?;
        let redis_pid = redis.detach().ok_or_else(gone)?;
        Ok(State { database_url, redis_url, postgres_pid, redis_pid, reaper_pid: u32::MAX, data })
    }

    /// An empty folder in memory if there is room, else beside the locks.
    fn data_folder(&self) -> Result<PathBuf> {
        let name = self.folder.file_name().unwrap_or_default();
        let folder = match free_bytes(Path::new("/dev/shm")) {
            Some(free) if free >= ROOM_BYTES => Path::new("/dev/shm").join(name),
            _ => self.folder.join("data"),
        };
        // Its Postgres, if one is left there after a crash, is stopped before its files go.
        make_own(&folder)?;
        PostgresServer::erase(&folder)?;
        Ok(folder)
    }

    /// The reaper outlives its starter and must not keep the starter's output open, or `cargo test | …`
    /// would wait for it.
    fn spawn_reaper(&self, state: &State) -> Result<u32> {
        let reaper = Command::new("sh")
            .args(["-c", include_str!("reaper.sh"), "baton-test-reaper"])
            .arg(self.folder.join("users.lock"))
            .args([self.look_every.as_secs_f64().to_string(), self.looks.to_string()])
            .arg(self.state_file())
            .args([state.postgres_pid.to_string(), state.redis_pid.to_string()])
            .arg(&state.data)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir("/")
            .process_group(0)
            .spawn();
        Ok(reaper.context(|| "cannot start a shell".into())?.id())
    }

    fn open(&self, name: &str) -> Result<File> {
        let path = self.folder.join(name);
        let opened = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        opened.context(|| format!("cannot open {}", path.display()))
    }

    fn state_file(&self) -> PathBuf {
        self.folder.join("stack")
    }

    fn read(&self) -> Option<State> {
        State::from_text(&fs::read_to_string(self.state_file()).ok()?)
    }
}

impl State {
    fn to_text(&self) -> String {
        let Self { database_url, redis_url, postgres_pid, redis_pid, reaper_pid, data } = self;
        let data = data.display();
        format!("{database_url}\n{redis_url}\n{postgres_pid}\n{redis_pid}\n{reaper_pid}\n{data}\n")
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        Some(Self {
            database_url: lines.next()?.to_owned(),
            redis_url: lines.next()?.to_owned(),
            postgres_pid: lines.next()?.parse().ok()?,
            redis_pid: lines.next()?.parse().ok()?,
            reaper_pid: lines.next()?.parse().ok()?,
            data: PathBuf::from(lines.next()?),
        })
    }

    fn is_up(&self) -> bool {
        let answers = |url: &str| {
            port_of(url).is_some_and(|port| {
                TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], port)), Duration::from_secs(1)).is_ok()
            })
        };
        is_alive(self.postgres_pid)
            && is_alive(self.redis_pid)
            && answers(&self.database_url)
            && answers(&self.redis_url)
    }

    /// Puts away what is left of a stack that lost one of its servers.
    fn clear(&self) -> Result<()> {
        let is_redis =
            fs::read_to_string(format!("/proc/{}/comm", self.redis_pid)).is_ok_and(|name| name.starts_with("redis"));
        if is_redis {
            crate::daemon::send(self.redis_pid, crate::Signal::Kill);
        }
        if is_alive(self.reaper_pid) {
            crate::daemon::send(self.reaper_pid, crate::Signal::Kill);
        }
        PostgresServer::erase(&self.data)
    }
}

fn port_of(url: &str) -> Option<u16> {
    let (_, address) = url.rsplit_once('@')?;
    address.split('/').next()?.rsplit_once(':')?.1.parse().ok()
}

/// Free space of the file system that holds `folder`.
fn free_bytes(folder: &Path) -> Option<u64> {
    let df = Command::new("df").arg("-Pk").arg(folder).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&df.stdout);
    let kilobytes: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn hasty_home() -> Home {
        let folder = std::env::temp_dir().join(format!("baton-stack-{}", crate::random_hex(6).unwrap()));
        Home { folder, look_every: Duration::from_millis(200), looks: 2 }
    }

    fn wait_for(what: &str, condition: impl Fn() -> bool) {
        let end = Instant::now() + Duration::from_secs(15);
        while !condition() {
            assert!(Instant::now() < end, "waited in vain for: {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[test]
    fn many_join_one_stack_which_goes_with_the_last() {
        let home = hasty_home();
        let (first, lock) = home.join(&|_| ()).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(home.join(&|_| ()).unwrap().0, first));
            }
        });
        std::thread::sleep(Duration::from_secs(1));
        assert!(first.is_up(), "it stays while somebody uses it");
        drop(lock);
        wait_for("the reaper", || !is_alive(first.postgres_pid) && !is_alive(first.redis_pid) && !first.data.exists());
        let (second, lock) = home.join(&|_| ()).unwrap();
        assert_ne!(second.postgres_pid, first.postgres_pid);
        drop(lock);
        wait_for("the reaper", || !is_alive(second.reaper_pid));
        fs::remove_dir_all(&home.folder).unwrap();
    }

    #[test]
    fn a_stack_that_lost_a_server_is_booted_anew() {
        let home = hasty_home();
        let (first, lock) = home.join(&|_| ()).unwrap();
        crate::daemon::send(first.redis_pid, crate::Signal::Kill);
        wait_for("the end of Redis", || !is_alive(first.redis_pid));
        let (second, other_lock) = home.join(&|_| ()).unwrap();
        assert!(second.is_up());
        assert!(!is_alive(first.postgres_pid), "its other half is put away");
        drop((lock, other_lock));
        wait_for("the reaper", || !is_alive(second.reaper_pid));
        fs::remove_dir_all(&home.folder).unwrap();
    }

    #[test]
    fn what_is_given_needs_no_stack() {
        let given = Given { database_url: Some("postgres://db/x".into()), redis_url: Some("redis://r/".into()) };
        let stack = TestStack::join_first(&given).unwrap();
        assert_eq!((stack.database_url(), stack.redis_url()), ("postgres://db/x", "redis://r/"));
    }
}
