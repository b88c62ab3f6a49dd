//! A development Postgres for real: made, killed, restarted, erased.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use baton_servers::{PostgresServer, Purpose, is_alive, random_hex};

fn quiet(_line: &str) {}

/// Through the driver where there is one; the packages without `psql` are tried by hand.
fn answers(url: &str) -> bool {
    let psql = Command::new("psql").args([url, "-Atc", "SELECT 1"]).output();
    psql.map_or(true, |output| {
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        output.stdout == b"1\n"
    })
}

#[test]
fn survives_a_kill_on_the_same_port_and_keeps_its_password() {
    let folder: PathBuf = std::env::temp_dir().join(format!("baton-postgres-{}", random_hex(6).unwrap()));
    let mut server = PostgresServer::start(&folder, "baton", Purpose::Development, None, &quiet).unwrap();
    let url = server.url();
    assert!(answers(&url));
    assert!(!answers(&url.replace('@', "wrong@")), "a password is asked for");

    server.kill();
    let killed = Instant::now();
    server.start_again().unwrap();
    assert!(killed.elapsed() < Duration::from_secs(2), "{:?}", killed.elapsed());
    assert_eq!(server.url(), url);
    assert!(answers(&url));

    let pid = server.pid().unwrap();
    drop(server);
    assert!(!is_alive(pid));

    let mut server = PostgresServer::start(&folder, "baton", Purpose::Development, None, &quiet).unwrap();
    assert!(answers(&server.url()), "the data folder is found again");
    server.stop();
    PostgresServer::erase(&folder).unwrap();
    assert!(!folder.join("postgres").exists());
    std::fs::remove_dir_all(folder).unwrap();
}
