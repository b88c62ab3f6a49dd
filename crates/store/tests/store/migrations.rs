//! The schema's history: there and back and there again.

use std::path::PathBuf;
use std::process::Command;

use baton_store::migrations::{self, RolePasswords};
use baton_testkit::{Database, Login};

use crate::session::{options, pool};

/// `pg_dump`: the one on the path, or the newest that the distribution's packages brought.
fn pg_dump() -> PathBuf {
    if Command::new("pg_dump").arg("--version").output().is_ok_and(|output| output.status.success()) {
        return "pg_dump".into();
    }
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = installed.map(|entry| entry.path().join("bin/pg_dump")).filter(|path| path.exists());
    found.max().expect("pg_dump comes with the Postgres that runs the tests")
}

/// The whole schema as text, rights and owners included; without diesel's own table on demand.
fn dump(database: &Database, skip: &[&str]) -> String {
    let output = Command::new(pg_dump())
        .arg("--schema-only")
        .args(skip.iter().map(|table| format!("--exclude-table={table}")))
        .arg(database.url(Login::Owner))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // A random key of each dump.
    let kept = text.lines().filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
    kept.collect::<Vec<_>>().join("\n")
}

/// Diesel's list of what was applied stays behind, empty.
const DIESELS_OWN: &[&str] = &["__diesel_schema_migrations"];

async fn applied(database: &Database) -> Vec<String> {
    database.lines("select version as line from __diesel_schema_migrations order by version").await
}

fn folders() -> usize {
    std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations")).unwrap().count()
}

#[tokio::test]
async fn up_down_up_gives_the_same_schema_twice() {
    let database = Database::bare().await;
    let url = database.url(Login::Owner);
    let nothing = dump(&database, &[]);

    let first = migrations::up(&url).await.unwrap();
    assert_eq!(first.len(), folders(), "each folder is a migration");
    let once = dump(&database, &[]);
    assert!(once.contains("CREATE TABLE public.tickets") && once.contains("CREATE POLICY"), "an empty dump: {once}");

    migrations::down(&url).await.unwrap();
    assert_eq!(dump(&database, DIESELS_OWN), nothing, "down leaves something behind");
    assert!(applied(&database).await.is_empty());

    assert_eq!(migrations::up(&url).await.unwrap(), first);
    assert_eq!(dump(&database, &[]), once);
}

#[tokio::test]
async fn down_takes_organisations_with_their_sequences() {
    let database = Database::bare().await;
    let url = database.url(Login::Owner);
    let nothing = dump(&database, &[]);
    migrations::up(&url).await.unwrap();
    let db = pool(options(&database, 1)).await;
    baton_store::organizations::create(&db, uuid::Uuid::from_u128(7).into(), "acme", "Acme").await.unwrap();
    assert!(dump(&database, &[]).contains("CREATE SEQUENCE public.ticket_number_"));

    migrations::down(&url).await.unwrap();
    assert_eq!(dump(&database, DIESELS_OWN), nothing);
}

#[tokio::test]
async fn up_twice_does_nothing_the_second_time() {
    let database = Database::bare().await;
    let url = database.url(Login::Owner);
    migrations::up(&url).await.unwrap();
    let before = (dump(&database, &[]), applied(&database).await);
    assert_eq!(migrations::up(&url).await.unwrap(), Vec::<String>::new());
    assert_eq!((dump(&database, &[]), applied(&database).await), before);
}

#[tokio::test]
async fn of_migrators_that_come_together_each_succeeds_and_one_migrates() {
    let database = Database::bare().await;
    let url = database.url(Login::Owner);
    let (a, b, c) = futures::try_join!(migrations::up(&url), migrations::up(&url), migrations::up(&url)).unwrap();
    let mut by_each = [a.len(), b.len(), c.len()];
    by_each.sort_unstable();
    assert_eq!(by_each, [0, 0, folders()]);
    assert_eq!(applied(&database).await.len(), folders());
}

/// Roles belong to the cluster, the migrators' lock to one database of it.
#[tokio::test]
async fn the_roles_can_be_prepared_for_several_databases_at_once() {
    let (first, second) = (Database::bare().await, Database::bare().await);
    let passwords = RolePasswords { app: "test-app".into(), system: "test-system".into() };
    let (first, second) = (first.url(Login::Owner), second.url(Login::Owner));
    for _ in 0..10 {
        let prepare = |url| migrations::prepare_roles(url, &passwords);
        futures::try_join!(prepare(&first), prepare(&second), prepare(&first), prepare(&second)).unwrap();
    }
}

#[tokio::test]
async fn a_process_is_ready_once_the_schema_is_there() {
    let database = Database::bare().await;
    let app = database.app().await;
    let system = database.system().await;
    app.check().await.expect_err("there is no schema");
    system.check().await.expect_err("there is no schema");

    migrations::up(&database.url(Login::Owner)).await.unwrap();
    app.check().await.unwrap();
    system.check().await.unwrap();
}
