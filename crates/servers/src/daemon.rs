//! Child processes that are kept running while their owner lives and never outlive it.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::{Context, Error, Result};

/// A process that lived shorter than this died early: the next start waits.
const EARLY: Duration = Duration::from_secs(5);
/// The first pause after an early death; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause: the contract promises a new start within a second.
const LONGEST_PAUSE: Duration = Duration::from_millis(800);
/// How often a wait looks again.
pub(crate) const GLANCE: Duration = Duration::from_millis(10);

/// What can be told to a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM: finish and leave. To Postgres: leave when every client has.
    Terminate,
    /// SIGINT. To Postgres: cut the clients and leave.
    Interrupt,
    /// SIGKILL.
    Kill,
    /// SIGSTOP: freeze, as a machine that hangs.
    Freeze,
    /// SIGCONT: go on after [`Signal::Freeze`].
    Thaw,
}

impl Signal {
    fn name(self) -> &'static str {
        match self {
            Self::Terminate => "TERM",
            Self::Interrupt => "INT",
            Self::Kill => "KILL",
            Self::Freeze => "STOP",
            Self::Thaw => "CONT",
        }
    }
}

/// Sends `signal` to the process group that `pid` leads, or to `pid` alone when it leads none. A
/// process that is gone already is no error.
pub(crate) fn send(pid: u32, signal: Signal) {
    // The shell's own `kill`: std has none, and a slim Debian has no /bin/kill.
    let _gone_already = Command::new("sh")
        .args(["-c", r#"kill -s "$1" -- "-$2" || kill -s "$1" -- "$2""#, "sh", signal.name(), &pid.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// Whether process `pid` runs (a zombie does not).
#[must_use]
pub fn is_alive(pid: u32) -> bool {
    if !std::path::Path::new("/proc/self").exists() {
        // Not Linux: ask ps, which those systems bring.
        let state = Command::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).output();
        return state.is_ok_and(|ps| ps.status.success() && !ps.stdout.starts_with(b"Z"));
    }
    // pid (command) state …; the command may hold spaces and brackets.
    std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| !stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with(['Z', 'X'])))
}

/// A child process with the recipe to start it again.
///
/// It leads its own process group, so that Ctrl-C in the terminal reaches the owner only, who then
/// stops things in order; dropped, it is killed with its group.
#[derive(Debug)]
pub struct Daemon {
    name: String,
    command: Command,
    input: Option<String>,
    leash: Option<(Leash, Signal)>,
    child: Option<Child>,
    started: Instant,
    pause: Duration,
}

impl Daemon {
    /// A process that is not started yet. `command` brings its own stdout and stderr.
    #[must_use]
    pub fn new(name: impl Into<String>, mut command: Command) -> Self {
        command.process_group(0).stdin(Stdio::null());
        let (leash, input, child) = (None, None, None);
        Self { name: name.into(), command, input, leash, child, started: Instant::now(), pause: Duration::ZERO }
    }

    /// Feeds `text` to its standard input at every start: a secret shows neither in `ps` nor on disk.
    #[must_use]
    pub fn with_input(mut self, text: String) -> Self {
        self.command.stdin(Stdio::piped());
        self.input = Some(text);
        self
    }

    /// Has it stopped by `signal` should this process die without a chance to do so.
    #[must_use]
    pub fn on_leash(mut self, leash: &Leash, signal: Signal) -> Self {
        self.leash = Some((leash.clone(), signal));
        self
    }

    /// What it is called in messages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The process that was started last, if it has not been seen to end.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Starts it, unless it runs.
    pub fn start(&mut self) -> Result<()> {
        if self.ended()?.is_none() && self.child.is_some() {
            return Ok(());
        }
        self.started = Instant::now();
        let mut child = self
            .command
            .spawn()
            .context(|| format!("cannot start {} ({})", self.name, self.command.get_program().to_string_lossy()))?;
        if let (Some(text), Some(mut pipe)) = (&self.input, child.stdin.take()) {
            pipe.write_all(text.as_bytes()).context(|| format!("{} does not read its settings", self.name))?;
        }
        if let Some((leash, signal)) = &self.leash {
            leash.hold(child.id(), *signal);
        }
        self.child = Some(child);
        Ok(())
    }

    /// How it ended, told once; `None` while it runs or when it was not started.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        let Some(child) = &mut self.child else { return Ok(None) };
        let status = child.try_wait().context(|| format!("cannot wait for {}", self.name))?;
        if status.is_some() {
            self.release();
        }
        Ok(status)
    }

    /// Starts it again if it has ended: at once after a long life, after a growing pause (under a
    /// second) when it keeps dying early. Never waits itself: call it often.
    /// Answers how it ended, when that is news.
    pub fn keep_running(&mut self) -> Result<Option<ExitStatus>> {
        let news = self.ended()?;
        if news.is_some() {
            let early = self.started.elapsed() < EARLY;
            self.pause = if early { (self.pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE) } else { Duration::ZERO };
            self.started = Instant::now();
        }
        if self.child.is_none() && self.started.elapsed() >= self.pause {
            self.start().inspect_err(|_| self.pause = LONGEST_PAUSE)?;
        }
        Ok(news)
    }

    /// Sends `signal` to it and its group.
    pub fn signal(&self, signal: Signal) {
        if let Some(pid) = self.pid() {
            send(pid, signal);
        }
    }

    /// Waits until it has ended, at most `patience`; answers whether it has.
    pub fn wait(&mut self, patience: Duration) -> bool {
        let end = Instant::now() + patience;
        loop {
            if self.child.is_none() || !matches!(self.ended(), Ok(None)) {
                return true;
            }
            if Instant::now() >= end {
                return false;
            }
            std::thread::sleep(GLANCE);
        }
    }

    /// Asks it to end by `signal`, and kills it when `patience` is over.
    pub fn stop(&mut self, signal: Signal, patience: Duration) {
        self.signal(signal);
        if !self.wait(patience) {
            self.kill();
        }
    }

    /// Kills it and its group, and waits for its end.
    pub fn kill(&mut self) {
        self.signal(Signal::Kill);
        if let Some(child) = &mut self.child {
            // Once more by handle, should there be no shell to do it; errors mean that it is gone.
            let _gone = child.kill();
            let _status = child.wait();
        }
        self.release();
    }

    /// Lets it live on without an owner; answers its pid.
    #[must_use]
    pub fn detach(mut self) -> Option<u32> {
        let pid = self.pid();
        self.release();
        pid
    }

    fn release(&mut self) {
        if let (Some((leash, _)), Some(child)) = (&self.leash, &self.child) {
            leash.release(child.id());
        }
        self.child = None;
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Stops what it holds when this process ends without having done so itself, by `kill -9` too.
///
/// It is a small shell at the other end of a pipe: the kernel closes the pipe with this process,
/// whatever its end. Clones hold the same leash.
#[derive(Debug, Clone)]
pub struct Leash(Arc<Mutex<ChildStdin>>);

impl Leash {
    const SCRIPT: &str = include_str!("leash.sh");

    /// Starts the watching shell.
    pub fn new() -> Result<Self> {
        let mut shell = Command::new("sh")
            .args(["-c", Self::SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir("/")
            .process_group(0)
            .spawn()
            .context(|| "cannot start a shell".into())?;
        let pipe = shell.stdin.take().ok_or_else(|| Error::new("a shell without input"))?;
        Ok(Self(Arc::new(Mutex::new(pipe))))
    }

    /// From now on `pid` is stopped by `signal` (killed ten seconds later) should this process die.
    pub fn hold(&self, pid: u32, signal: Signal) {
        self.tell(&format!("hold {pid} {}\n", signal.name()));
    }

    /// `pid` has ended, or may live on.
    pub fn release(&self, pid: u32) {
        self.tell(&format!("release {pid}\n"));
    }

    fn tell(&self, line: &str) {
        // Best effort: the leash is the second line of defence, and without it work still goes on.
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper() -> Daemon {
        let mut command = Command::new("sleep");
        command.arg("600");
        Daemon::new("sleeper", command)
    }

    fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
        let end = Instant::now() + Duration::from_secs(5);
        while !condition() {
            assert!(Instant::now() < end, "waited in vain for: {what}");
            std::thread::sleep(GLANCE);
        }
    }

    #[test]
    fn the_killed_is_started_again_within_a_second() {
        let mut daemon = sleeper();
        daemon.start().unwrap();
        for _ in 0..3 {
            let first = daemon.pid().unwrap();
            daemon.signal(Signal::Kill);
            let killed = Instant::now();
            wait_for("a new process", || {
                daemon.keep_running().unwrap();
                daemon.pid().is_some_and(|pid| pid != first)
            });
            assert!(killed.elapsed() < Duration::from_secs(1));
        }
    }

    #[test]
    fn a_dropped_daemon_takes_its_group_along() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & echo $!; wait"]).stdout(Stdio::piped());
        let mut daemon = Daemon::new("family", command);
        daemon.start().unwrap();
        let mut line = String::new();
        let stdout = daemon.child.as_mut().unwrap().stdout.take().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line).unwrap();
        let grandchild: u32 = line.trim().parse().unwrap();
        assert!(is_alive(grandchild));
        drop(daemon);
        wait_for("the grandchild's end", || !is_alive(grandchild));
    }

    #[test]
    fn the_leash_stops_what_it_holds_when_its_owner_is_gone() {
        let leash = Leash::new().unwrap();
        let mut held = sleeper().on_leash(&leash, Signal::Terminate);
        let mut released = sleeper().on_leash(&leash, Signal::Terminate);
        held.start().unwrap();
        released.start().unwrap();
        leash.release(released.pid().unwrap());
        // The owner's death is the closing of the pipe: the last clone goes.
        (held.leash, released.leash) = (None, None);
        drop(leash);
        wait_for("the end of what was held", || held.ended().unwrap().is_some());
        assert_eq!(released.ended().unwrap(), None);
    }
}
