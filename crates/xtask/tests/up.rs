//! `cargo dev up` for real, with stand-ins for the services: what dies comes back, and nothing stays.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use baton_servers::{is_alive, random_hex};
use serde_json::Value;

/// A running `up` and its folder; killed, and the folder removed, when a test fails.
struct Up {
    process: Child,
    folder: PathBuf,
}

impl Up {
    fn start(args: &[&str]) -> Self {
        Self::start_with(args, |_| ())
    }

    /// Starts it once `prepare` has seen the folder of its binaries.
    fn start_with(args: &[&str], prepare: impl FnOnce(&Path)) -> Self {
        let folder = std::env::temp_dir().join(format!("baton-up-{}", random_hex(6).unwrap()));
        let binaries = folder.join("bin");
        fs::create_dir_all(&binaries).unwrap();
        for name in ["api", "gateway", "assigner", "sla", "jobs", "migrate"] {
            fs::copy(stand_in(), binaries.join(format!("baton-{name}"))).unwrap();
        }
        prepare(&binaries);
        let process = command(&folder).args(args).stdout(Stdio::null()).spawn().unwrap();
        Self { process, folder }
    }

    fn ready(&self) -> Option<Value> {
        serde_json::from_str(&fs::read_to_string(self.folder.join("asked.json")).ok()?).ok()
    }

    fn wait_ready(&self) -> Value {
        wait_for("the ready file", Duration::from_secs(30), || self.ready())
    }

    fn is_gone(&mut self) -> bool {
        self.process.try_wait().unwrap().is_some()
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        signal("TERM", self.process.id().into());
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["up", "--port-base", "0", "--data-dir"]).arg(folder.join("data"));
    command.arg("--bin-dir").arg(folder.join("bin")).arg("--ready-file").arg(folder.join("asked.json"));
    command.env_remove("DATABASE_URL").env_remove("REDIS_URL");
    command
}

fn stand_in() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let built = own.ancestors().nth(2).unwrap().join("examples/stand_in");
    assert!(built.exists(), "run all of `cargo test -p xtask`: it builds the stand-in ({})", built.display());
    built
}

fn signal(name: &str, pid: u64) {
    Command::new("sh").args(["-c", &format!("kill -s {name} {pid}")]).status().unwrap();
}

fn wait_for<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + patience;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "waited in vain for: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Every pid of a ready file.
fn pids(ready: &Value) -> Vec<u64> {
    let services = ready["services"].as_array().unwrap().iter().map(|service| &service["pid"]);
    services.chain([&ready["postgres_pid"], &ready["redis_pid"]]).map(|pid| pid.as_u64().unwrap()).collect()
}

fn all_gone(pids: &[u64]) -> Option<()> {
    pids.iter().all(|pid| !is_alive(u32::try_from(*pid).unwrap())).then_some(())
}

#[test]
fn what_dies_comes_back_and_ctrl_c_leaves_nothing() {
    let mut up = Up::start(&["--no-web", "--replicas", "gateway=2"]);
    let mut ready = up.wait_ready();
    assert_eq!(ready["services"].as_array().unwrap().len(), 6);
    assert_eq!(ready["logins"][0]["role"], "admin");
    assert_eq!(ready["web"], Value::Null);
    assert_eq!(ready["gateway"], ready["services"][1]["url"], "the top level is replica 0");

    for (place, patience) in [("/services/0/pid", 1), ("/services/2/pid", 1), ("/redis_pid", 2), ("/postgres_pid", 2)] {
        let old = ready.pointer(place).unwrap().as_u64().unwrap();
        signal("KILL", old);
        ready = wait_for(place, Duration::from_secs(patience), || {
            up.ready().filter(|ready| ready.pointer(place).unwrap().as_u64() != Some(old))
        });
    }
    let database = ready["database_url"].as_str().unwrap().to_owned();
    wait_for("Postgres on its old port", Duration::from_secs(2), || {
        let address = database.rsplit_once('@').unwrap().1.split_once('/').unwrap().0;
        std::net::TcpStream::connect(address).ok()
    });

    signal("INT", up.process.id().into());
    wait_for("the end of up", Duration::from_secs(15), || up.is_gone().then_some(()));
    all_gone(&pids(&ready)).expect("Ctrl-C leaves nothing running");
    assert_eq!(up.ready(), None, "nothing is ready any more");
}

#[test]
fn a_second_up_is_refused_and_a_killed_one_leaves_nothing() {
    let mut up = Up::start(&["--only", "api"]);
    let ready = up.wait_ready();
    assert_eq!(ready["gateway"], Value::Null);

    let second = command(&up.folder).output().unwrap();
    let words = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(!second.status.success() && words.contains("another `cargo dev up`"), "{words}");
    assert!(up.ready().is_some(), "the refused leaves the ready file alone");

    signal("KILL", up.process.id().into());
    wait_for("the end of up", Duration::from_secs(5), || up.is_gone().then_some(()));
    wait_for("the end of all it started", Duration::from_secs(15), || all_gone(&pids(&ready)));
}

#[test]
fn a_port_that_was_taken_before_its_service_came_is_drawn_anew() {
    let up = Up::start_with(&["--only", "api"], |binaries| fs::write(binaries.join("taken"), "").unwrap());
    let ready = up.wait_ready();
    let taken = fs::read_to_string(up.folder.join("bin/taken")).unwrap();
    let metrics = ready["services"][0]["metrics"].as_str().unwrap();
    assert!(taken.starts_with("127.0.0.1:") && !metrics.contains(&taken), "{metrics} is not {taken}");
}
