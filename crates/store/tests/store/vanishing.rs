//! Postgres' host vanishes: no reset, no answer, as when a node or the way to it dies.

use std::process::Command;
use std::time::{Duration, Instant};

use baton_domain::id::OrgId;
use baton_store::{Db, Error, Options};
use baton_testkit::Login;
use futures::future::join_all;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::session::pool;

const OURS: OrgId = OrgId(Uuid::from_u128(1));
const CONNECTIONS: u32 = 4;
/// How soon whoever asks is told.
const TOLD_WITHIN: Duration = Duration::from_secs(7);
/// How long it is away: longer than a connection may be without a sign of life, shorter than an answer is waited for.
const AWAY: Duration = Duration::from_secs(8);
/// How soon all is as before.
const BACK_WITHIN: Duration = Duration::from_secs(1);

/// A host that is nowhere else (RFC 2544: for measuring between devices).
const HOST: &str = "198.18.99.1";

/// An address of this machine that passes everything to Postgres, and can vanish.
#[derive(Default)]
struct Host {
    passing: JoinSet<()>,
}

impl Host {
    fn appears() -> Self {
        ip(&format!("addr add {HOST}/32 dev lo"));
        Self::default()
    }

    /// From now on what is sent to it goes to a wire without another end. The address stays, or who sends from it would
    /// be told that it is gone.
    fn vanishes(&self) {
        ip(&format!("route del local {HOST} dev lo table local"));
        ip("link add baton-void type veth peer name baton-void-end");
        ip("link set baton-void up");
        ip("link set baton-void-end up");
        ip(&format!("neigh add {HOST} lladdr 02:00:00:00:00:01 dev baton-void"));
        ip(&format!("route add {HOST}/32 dev baton-void"));
    }

    fn is_back(&self) {
        ip("link del baton-void");
        ip(&format!("route add local {HOST} dev lo table local"));
    }

    /// Passes on what comes to it; gives the port.
    async fn passes_to(&mut self, there: String) -> u16 {
        let listener = TcpListener::bind((HOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        self.passing.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut here, _)) = listener.accept().await {
                let there = there.clone();
                connections.spawn(async move {
                    let mut there = TcpStream::connect(there).await.unwrap();
                    let _whichever_ends = tokio::io::copy_bidirectional(&mut here, &mut there).await;
                });
            }
        });
        port
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let undo = [
            "link del baton-void",
            &format!("addr del {HOST}/32 dev lo"),
            &format!("route del local {HOST} dev lo table local"),
        ];
        for undo in undo {
            let _some_of_it_is_not_there = Command::new("ip").args(undo.split(' ')).output();
        }
    }
}

fn ip(words: &str) {
    let said = Command::new("ip").args(words.split(' ')).output().expect("ip (Debian: iproute2)");
    assert!(said.status.success(), "ip {words}: {}", String::from_utf8_lossy(&said.stderr));
}

/// Asks on all connections at the same time; what each was told, and when the last was.
async fn ask_on_all(db: &Db) -> (Vec<Result<(), Error>>, Duration) {
    let began = Instant::now();
    // All hold theirs before the first gives it back.
    let held = join_all((0..CONNECTIONS).map(|_| db.begin("ask", OURS))).await;
    let told = join_all(held.into_iter().map(async |tx| tx?.commit().await)).await;
    (told, began.elapsed())
}

#[tokio::test]
#[ignore = "changes this machine's addresses, as root; scripts/faults.sh runs it"]
async fn who_asks_a_host_that_vanished_is_told_in_time_and_nobody_after_it_is_back() {
    let database = baton_testkit::database().await;
    let url = database.url(Login::App);
    let (start, rest) = url.rsplit_once('@').unwrap();
    let (there, name) = rest.split_once('/').unwrap();
    let mut host = Host::appears();
    let port = host.passes_to(there.to_owned()).await;
    let options = Options { pool_size: CONNECTIONS, ..Options::new(format!("{start}@{HOST}:{port}/{name}")) };
    let db = pool(options).await;

    for are_idle in [false, true] {
        let (told, _) = ask_on_all(&db).await;
        assert!(told.iter().all(Result::is_ok), "{told:?}");
        host.vanishes();
        if are_idle {
            tokio::time::sleep(AWAY).await;
        } else {
            let (told, took) = ask_on_all(&db).await;
            assert!(told.iter().all(|told| matches!(told, Err(Error::Unavailable(_)))), "{told:?}");
            assert!(took < TOLD_WITHIN, "{took:?}");
            println!("told after {took:?}");
        }
        host.is_back();
        let (told, took) = ask_on_all(&db).await;
        assert!(told.iter().all(Result::is_ok) && took < BACK_WITHIN, "{told:?} after {took:?}");
        println!("back after {took:?}");
    }
}
