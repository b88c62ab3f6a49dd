//! A private Redis: empty at every start, for Baton keeps nothing there that it cannot rebuild.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::account::Account;
use crate::daemon::GLANCE;
use crate::{Context, Daemon, Error, Leash, RedisTools, Result, Say, Signal, random_hex};

/// The longest a start may take on a busy machine.
const START_PATIENCE: Duration = Duration::from_secs(10);
/// The longest an orderly stop may take.
const STOP_PATIENCE: Duration = Duration::from_secs(5);
/// How often another port is tried when somebody was quicker to take one.
const PORT_TRIES: u32 = 5;

/// A private Redis on a loopback port with a random password; keeps nothing on disk. Dropped, it is
/// killed.
#[derive(Debug)]
pub struct RedisServer {
    daemon: Daemon,
    port: u16,
    password: String,
}

impl RedisServer {
    /// Starts a server on a free port, logging to `log`. On `leash`, it stops should this process be
    /// killed.
    pub fn start(log: Option<&Path>, leash: Option<&Leash>, say: Say<'_>) -> Result<Self> {
        let tools = RedisTools::get(say)?;
        let account = Account::for_server("redis")?;
        let mut tries = 0;
        loop {
            tries += 1;
            let mut server = Self::prepare(&tools, account, log, leash)?;
            match server.start_again() {
                Err(_) if tries < PORT_TRIES => {}
                result => return result.map(|()| server),
            }
        }
    }

    fn prepare(
        tools: &RedisTools,
        account: Option<Account>,
        log: Option<&Path>,
        leash: Option<&Leash>,
    ) -> Result<Self> {
        let (port, password) = (crate::free_port()?, random_hex(16)?);
        let mut command = Command::new(tools.server());
        command.arg("-").stderr(Stdio::null());
        command.stdout(match log {
            Some(path) => File::create(path).context(|| format!("cannot make {}", path.display()))?.into(),
            None => Stdio::null(),
        });
        Account::apply(account, &mut command);
        let settings = format!(
            "port {port}\nbind 127.0.0.1\nrequirepass {password}\nsave \"\"\nappendonly no\ndir /\ndaemonize no\n"
        );
        let mut daemon = Daemon::new("redis", command).with_input(settings);
        if let Some(leash) = leash {
            daemon = daemon.on_leash(leash, Signal::Terminate);
        }
        Ok(Self { daemon, port, password })
    }

    /// The address, with every right.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://:{}@127.0.0.1:{}/", self.password, self.port)
    }

    /// The port, the same for the life of this value.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The process, while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.daemon.pid()
    }

    /// Starts it again if it has died; never waits, so call it often. Answers whether it had died.
    pub fn keep_running(&mut self) -> Result<bool> {
        Ok(self.daemon.keep_running()?.is_some())
    }

    /// Stops it in order.
    pub fn stop(&mut self) {
        self.daemon.stop(Signal::Terminate, STOP_PATIENCE);
    }

    /// Kills it: clients see their connections cut, all data is gone.
    pub fn kill(&mut self) {
        self.daemon.kill();
    }

    /// Freezes or thaws it, or whatever else `signal` does: a frozen Redis accepts connections and
    /// never answers.
    pub fn signal(&self, signal: Signal) {
        self.daemon.signal(signal);
    }

    /// Has it carry out `command`, written as a line (`CONFIG SET maxmemory 1mb`); gives the first line of its answer.
    pub fn tell(&self, command: &str) -> Result<String> {
        let said = say(self.port, &self.password, command).context(|| format!("Redis does not hear {command:?}"))?;
        if said.starts_with('-') { Err(Error::new(format!("{command:?}: {said}"))) } else { Ok(said) }
    }

    /// Starts it, empty, on the same port after [`Self::stop`] or [`Self::kill`], and waits until it
    /// answers.
    pub fn start_again(&mut self) -> Result<()> {
        self.daemon.start()?;
        let end = Instant::now() + START_PATIENCE;
        while !answers(self.port, &self.password) {
            if let Some(status) = self.daemon.ended()? {
                return Err(Error::new(format!("Redis does not start on port {}: {status}", self.port)));
            }
            if Instant::now() > end {
                return Err(Error::new(format!("Redis does not answer on port {}", self.port)));
            }
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }

    /// Stops it (if it runs) and starts it, empty, on the same port.
    pub fn restart(&mut self) -> Result<()> {
        self.stop();
        self.start_again()
    }

    /// Lets it live on without an owner; answers its pid.
    #[must_use]
    pub(crate) fn detach(self) -> Option<u32> {
        self.daemon.detach()
    }
}

/// Whether a Redis with this password answers: somebody else's on the same port does not count.
fn answers(port: u16, password: &str) -> bool {
    say(port, password, "PING").is_ok_and(|said| said == "+PONG")
}

/// The first line of the answer to `command`, over a connection of its own.
fn say(port: u16, password: &str, command: &str) -> std::io::Result<String> {
    let patience = Duration::from_millis(500);
    let mut stream = TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], port)), patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.write_all(format!("AUTH {password}\r\n{command}\r\n").as_bytes())?;
    let mut lines = BufReader::new(stream).lines();
    let mut next = || lines.next().unwrap_or_else(|| Err(ErrorKind::UnexpectedEof.into()));
    if next()? != "+OK" {
        return Err(ErrorKind::PermissionDenied.into());
    }
    next()
}

/// A Redis of one test's own, to be stopped, frozen and emptied at will; nine milliseconds, 12 MB.
/// Killed when dropped, and when the test process ends in whatever way.
#[derive(Debug)]
pub struct PrivateRedis(RedisServer);

impl PrivateRedis {
    /// Starts one.
    pub fn start() -> Result<Self> {
        static LEASH: OnceLock<Result<Leash>> = OnceLock::new();
        let leash = LEASH.get_or_init(Leash::new).as_ref().map_err(Clone::clone)?;
        RedisServer::start(None, Some(leash), &|line| eprintln!("{line}")).map(Self)
    }
}

impl std::ops::Deref for PrivateRedis {
    type Target = RedisServer;

    fn deref(&self) -> &RedisServer {
        &self.0
    }
}

impl std::ops::DerefMut for PrivateRedis {
    fn deref_mut(&mut self) -> &mut RedisServer {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_redis_comes_back_on_its_port() {
        let mut redis = PrivateRedis::start().unwrap();
        let (port, first) = (redis.port(), redis.pid().unwrap());
        assert!(answers(port, &redis.password));
        assert!(!answers(port, "somebody else's"));
        redis.tell("SET key value").unwrap();
        redis.tell("CONFIG SET maxmemory 1").unwrap();
        assert!(redis.tell("SET key value").unwrap_err().to_string().contains("OOM"), "it is full");
        assert_eq!(redis.tell("STRLEN key").unwrap(), ":5");
        redis.kill();
        assert!(!answers(port, &redis.password));
        redis.start_again().unwrap();
        assert_eq!(redis.port(), port);
        assert_ne!(redis.pid(), Some(first));
        redis.signal(Signal::Freeze);
        assert!(!answers(port, &redis.password), "the frozen does not answer");
        redis.signal(Signal::Thaw);
        assert!(answers(port, &redis.password));
        let last = redis.pid().unwrap();
        drop(redis);
        assert!(!crate::is_alive(last));
    }
}
