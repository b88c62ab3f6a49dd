//! The Node process in which the reference client (`js/client.mjs`) runs, with the real socket.io-client. One process
//! hosts the sockets of all tests.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use baton_testkit::Node;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::PATIENCE;

/// Hears what one client tells.
pub(crate) type Listener = Box<dyn Fn(Value) + Send + Sync>;

/// The process.
pub(crate) struct Driver {
    /// Its end of the pipe closes with this process, and ends it.
    stdin: Mutex<ChildStdin>,
    _child: Child,
    asked: AtomicU64,
    /// Whoever waits for the answer to a request.
    waiting: Mutex<HashMap<u64, oneshot::Sender<Value>>>,
    listeners: Mutex<HashMap<String, Arc<Listener>>>,
}

impl Driver {
    /// The process, started by whoever needs it first.
    pub(crate) fn get() -> &'static Self {
        static DRIVER: OnceLock<&'static Driver> = OnceLock::new();
        DRIVER.get_or_init(Self::start)
    }

    fn start() -> &'static Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("js");
        let node = node_with_packages(&folder);
        let mut child = Command::new(node)
            .arg(folder.join("driver.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let stdin = Mutex::new(child.stdin.take().expect("a pipe"));
        let stdout = child.stdout.take().expect("a pipe");
        let driver: &'static Self = Box::leak(Box::new(Self {
            stdin,
            _child: child,
            asked: AtomicU64::new(0),
            waiting: Mutex::default(),
            listeners: Mutex::default(),
        }));
        std::thread::spawn(move || driver.read(BufReader::new(stdout)));
        driver
    }

    fn read(&self, stdout: impl BufRead) {
        for line in stdout.lines().map_while(Result::ok) {
            let mut line: Value = serde_json::from_str(&line).expect("the driver speaks JSON");
            if let Some(request) = line["re"].as_u64() {
                if let Some(waiting) = lock(&self.waiting).remove(&request) {
                    let _whoever_asked_is_gone = waiting.send(line["answer"].take());
                }
            } else if let Some(listener) = line["client"].as_str().and_then(|client| self.listener(client)) {
                listener(line);
            }
        }
    }

    fn listener(&self, client: &str) -> Option<Arc<Listener>> {
        lock(&self.listeners).get(client).cloned()
    }

    /// From now on `listener` hears what `client` tells.
    pub(crate) fn listen(&self, client: &str, listener: Listener) {
        lock(&self.listeners).insert(client.to_owned(), Arc::new(listener));
    }

    /// Ends a client.
    pub(crate) fn forget(&self, client: &str) {
        self.tell(client, "close", json!({}));
        lock(&self.listeners).remove(client);
    }

    /// Has a client do something.
    pub(crate) fn tell(&self, client: &str, what: &str, mut command: Value) {
        command["client"] = client.into();
        command["do"] = what.into();
        writeln!(lock(&self.stdin), "{command}").expect("the driver lives");
    }

    /// Has a client do something and waits for the answer.
    pub(crate) async fn ask(&self, client: &str, what: &str, mut command: Value) -> Value {
        let request = self.asked.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        lock(&self.waiting).insert(request, answer);
        command["re"] = request.into();
        self.tell(client, what, command);
        let answer = tokio::time::timeout(PATIENCE, answered).await;
        answer.unwrap_or_else(|_| panic!("{client}: no answer to {what}")).expect("the driver lives")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A Node that is new enough, with the packages of `folder` installed: `cargo dev test` has done that, plain
/// `cargo test` finds it done or does it.
fn node_with_packages(folder: &Path) -> PathBuf {
    Node::with_packages(folder, &|line| eprintln!("{line}")).expect("Node with packages").program()
}
