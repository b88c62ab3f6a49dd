//! A private Postgres.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::account::Account;
use crate::daemon::{GLANCE, send};
use crate::{
    Context, Daemon, Error, Leash, PostgresTools, Result, Say, Signal, data, is_alive, random_hex, read_or_create,
};

/// The administrator's login role.
const ADMINISTRATOR: &str = "postgres";
/// The longest a start may take; recovery after a crash is part of it.
const START_PATIENCE: Duration = Duration::from_secs(60);
/// The longest an orderly stop may take.
const STOP_PATIENCE: Duration = Duration::from_secs(20);
/// How often another port is tried when somebody was quicker to take one.
const PORT_TRIES: u32 = 5;

/// The settings of every server.
const COMMON_SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "shared_buffers=256MB",
    "synchronous_commit=on",
    "max_wal_size=4GB",
    "timezone=UTC",
    "log_timezone=UTC",
    "logging_collector=off",
];

/// What a Postgres is for, which decides how much it cares for its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Development and bench: durable, as in production.
    Development,
    /// Tests: gone with the machine's memory, so nothing is synced; commits stay synchronous, for
    /// without syncing they cost nothing and tests should meet the order of production. Logins use
    /// md5, whose client side does not cost an unoptimised build 100 ms per connection as SCRAM's does.
    Tests,
    /// Tests that kill, freeze and fill it. What is committed outlives the process, though not the machine: nothing is
    /// synced. Few connections, so that they are soon taken; logins as in [`Self::Tests`].
    Faults,
}

impl Purpose {
    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Development => &["max_connections=200", "fsync=on", "password_encryption=scram-sha-256"],
            Self::Tests => &[
                "max_connections=400",
                "fsync=off",
                "full_page_writes=off",
                "wal_level=minimal",
                "max_wal_senders=0",
                "password_encryption=md5",
            ],
            Self::Faults => &["max_connections=60", "fsync=off", "password_encryption=md5"],
        }
    }

    fn login(self) -> &'static str {
        match self {
            Self::Development => "scram-sha-256",
            Self::Tests | Self::Faults => "md5",
        }
    }

    fn syncs(self) -> bool {
        self == Self::Development
    }
}

/// A private Postgres in a folder, on a loopback port, with a random administrator's password.
/// Dropped, it is stopped.
#[derive(Debug)]
pub struct PostgresServer {
    daemon: Daemon,
    port: u16,
    password: String,
    database: String,
    files: Files,
}

/// The files of one server; everything but `data` belongs to the caller.
#[derive(Debug, Clone)]
struct Files {
    data: PathBuf,
    password: PathBuf,
    log: PathBuf,
}

impl Files {
    fn of(folder: &Path) -> Result<Self> {
        let folder = data::place(folder)?;
        let (data, password, log) = ("postgres", "postgres.password", "postgres.log");
        Ok(Self { data: folder.join(data), password: folder.join(password), log: folder.join(log) })
    }
}

impl PostgresServer {
    /// Starts the server of `folder` on a free port, on its first start with an empty database called
    /// `database`. The caller owns the folder: a server left running in it by a dead owner is stopped
    /// first. On `leash`, the server stops should this process be killed.
    pub fn start(folder: &Path, database: &str, purpose: Purpose, leash: Option<&Leash>, say: Say<'_>) -> Result<Self> {
        let tools = PostgresTools::get(say)?;
        let account = Account::for_server("postgres")?;
        let cluster = Cluster { tools, account, files: Files::of(folder)?, purpose };
        let password = read_or_create(&cluster.files.password, || random_hex(16))?;
        if cluster.files.data.join("PG_VERSION").exists() {
            stop_leftover(&cluster.files.data);
        } else {
            say("making a Postgres data folder");
            cluster.create(&password, database)?;
        }
        let mut tries = 0;
        loop {
            tries += 1;
            let port = crate::free_port()?;
            let mut daemon = Daemon::new("postgres", cluster.server(port)?);
            if let Some(leash) = leash {
                daemon = daemon.on_leash(leash, Signal::Interrupt);
            }
            let (password, database) = (password.clone(), database.to_owned());
            let mut server = Self { daemon, port, password, database, files: cluster.files.clone() };
            match server.start_again() {
                Err(error) if tries < PORT_TRIES && crate::says_port_is_taken(&error.to_string()) => {}
                result => return result.map(|()| server),
            }
        }
    }

    /// The administrator's address of the database made at the first start.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://{ADMINISTRATOR}:{}@127.0.0.1:{}/{}", self.password, self.port, self.database)
    }

    /// The port, the same for the life of this value.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The postmaster, while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.daemon.pid()
    }

    /// Starts it again if it has died; never waits, so call it often. Answers whether it had died.
    pub fn keep_running(&mut self) -> Result<bool> {
        Ok(self.daemon.keep_running()?.is_some())
    }

    /// Cuts all clients and stops, with a checkpoint.
    pub fn stop(&mut self) {
        self.daemon.stop(Signal::Interrupt, STOP_PATIENCE);
    }

    /// Kills the postmaster as a power cut would; its backends follow by themselves.
    pub fn kill(&mut self) {
        self.daemon.kill();
    }

    /// Freezes it with all its backends, as a machine that hangs: connections stay, and are even accepted, but nothing is
    /// answered.
    pub fn freeze(&self) {
        self.signal_all(Signal::Freeze);
    }

    /// Lets it go on after [`Self::freeze`].
    pub fn thaw(&self) {
        self.signal_all(Signal::Thaw);
    }

    /// Signals the postmaster, then its backends, which lead groups of their own.
    fn signal_all(&self, signal: Signal) {
        self.daemon.signal(signal);
        self.pid().into_iter().flat_map(children_of).for_each(|pid| send(pid, signal));
    }

    /// Starts it on the same port after [`Self::stop`] or [`Self::kill`], and waits until it answers.
    pub fn start_again(&mut self) -> Result<()> {
        self.daemon.start()?;
        let end = Instant::now() + START_PATIENCE;
        while !is_ready(&self.files.data, self.pid()) {
            // After a kill the old backends may hold the shared memory for a moment: try again.
            let failed = self.daemon.keep_running()?;
            if Instant::now() > end
                || (failed.is_some() && !last_lines(&self.files.log).contains("shared memory block"))
            {
                return Err(Error::new(format!("Postgres does not start:\n{}", last_lines(&self.files.log))));
            }
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }

    /// Stops it (if it runs) and starts it on the same port.
    pub fn restart(&mut self) -> Result<()> {
        self.stop();
        self.start_again()
    }

    /// Removes the data of `folder`, where a server may have been before. None may run in it now.
    pub fn erase(folder: &Path) -> Result<()> {
        let files = Files::of(folder)?;
        stop_leftover(&files.data);
        for path in [files.data, files.password, files.log] {
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            match removed {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).context(|| format!("cannot remove {}", path.display()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Lets it live on without an owner; answers the postmaster.
    #[must_use]
    pub(crate) fn detach(mut self) -> Option<u32> {
        std::mem::replace(&mut self.daemon, Daemon::new("gone", Command::new("false"))).detach()
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What it takes to make a data folder and to run a server on it.
struct Cluster {
    tools: PostgresTools,
    account: Option<Account>,
    files: Files,
    purpose: Purpose,
}

impl Cluster {
    /// Makes the data folder beside its place and moves it there, so that an interrupted try leaves
    /// nothing that looks like one.
    fn create(&self, password: &str, database: &str) -> Result<()> {
        let data = &self.files.data;
        let fresh = data.with_extension("new");
        let _left_by_a_failed_try = fs::remove_dir_all(&fresh);
        fs::create_dir(&fresh).context(|| format!("cannot make {}", fresh.display()))?;
        Account::give(self.account, &fresh)?;
        let password_copy = data.with_extension("pwfile");
        crate::write_private(&password_copy, password)?;
        Account::give(self.account, &password_copy)?;
        // Not every system knows C.UTF-8; C compares the same, only lower() is blind to accents.
        let made = self
            .init_database(&fresh, &password_copy, "C.UTF-8")
            .or_else(|_| self.init_database(&fresh, &password_copy, "C"));
        let _copy_is_useless_now = fs::remove_file(&password_copy);
        made?;
        self.create_database(&fresh, database)?;
        fs::rename(&fresh, data).context(|| format!("cannot make {}", data.display()))
    }

    fn init_database(&self, folder: &Path, password: &Path, locale: &str) -> Result<()> {
        let mut initdb = self.command("initdb");
        initdb.arg("--pgdata").arg(folder).arg("--pwfile").arg(password);
        initdb.args(["--username", ADMINISTRATOR, "--encoding", "UTF8", "--locale", locale]);
        initdb.args(["--auth", self.purpose.login()]);
        if !self.purpose.syncs() {
            initdb.arg("--no-sync");
        }
        succeed(initdb.stdin(Stdio::null()), "")
    }

    /// Creates a database while no server runs: the packages without `psql` can do that, too.
    fn create_database(&self, folder: &Path, database: &str) -> Result<()> {
        if database == "postgres" {
            return Ok(());
        }
        let mut single = self.command("postgres");
        single.args(["--single", "-D"]).arg(folder).arg("postgres");
        succeed(single.stdin(Stdio::piped()), &format!("CREATE DATABASE \"{database}\";\n"))
    }

    /// The server in the foreground.
    fn server(&self, port: u16) -> Result<Command> {
        let path = &self.files.log;
        let log = OpenOptions::new().create(true).append(true).open(path);
        let log = log.context(|| format!("cannot open {}", path.display()))?;
        let mut server = self.command("postgres");
        server.arg("-D").arg(&self.files.data).args(["-p", &port.to_string()]);
        for setting in COMMON_SETTINGS.iter().chain(self.purpose.settings()) {
            server.args(["-c", setting]);
        }
        server.stdout(log.try_clone().context(|| "cannot share the log".into())?).stderr(log);
        Ok(server)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.tools.program(program));
        Account::apply(self.account, &mut command);
        command
    }
}

fn succeed(command: &mut Command, input: &str) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.context(|| format!("cannot run {name}"))?;
    if let Some(mut pipe) = child.stdin.take() {
        pipe.write_all(input.as_bytes()).context(|| format!("{name} takes no input"))?;
    }
    let output = child.wait_with_output().context(|| format!("cannot wait for {name}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::new(format!("{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim())))
}

/// Whether the postmaster `pid` says so in its pid file: the eighth line of the file of the same process.
fn is_ready(data: &Path, pid: Option<u32>) -> bool {
    let file = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let mut lines = file.lines().map(str::trim);
    pid.is_some() && lines.next().and_then(|line| line.parse().ok()) == pid && lines.nth(6) == Some("ready")
}

/// The processes that `parent` started and that still run, as /proc tells.
fn children_of(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| parent_of(*pid) == Some(parent)).collect()
}

fn parent_of(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // pid (command) state parent …; the command may hold spaces and brackets.
    stat.rsplit(") ").next()?.split(' ').nth(1)?.parse().ok()
}

/// Stops a postmaster whose owner died without doing so.
fn stop_leftover(data: &Path) {
    let file = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let Some(pid) = file.lines().next().and_then(|line| line.trim().parse().ok()) else { return };
    // The file survives a crash: the number may belong to anybody now.
    let is_postgres = fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() == "postgres");
    if !is_postgres {
        return;
    }
    send(pid, Signal::Interrupt);
    let end = Instant::now() + STOP_PATIENCE;
    while is_alive(pid) && Instant::now() < end {
        std::thread::sleep(GLANCE);
    }
    send(pid, Signal::Kill);
}

fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(12)..).unwrap_or_default().join("\n")
}
