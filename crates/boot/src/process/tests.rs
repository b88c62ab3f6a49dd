//! Whole processes: this test binary started again as a service, since signals, exit codes and the global logger
//! belong to a process.

use super::*;

use std::io::{Read, Write};
use std::process::{Child, Command, Output, Stdio};
use std::time::Instant;

const PATIENCE: Duration = Duration::from_secs(20);
/// What the child does when it runs as a service; not `BATON_…`, which would be an unknown setting.
const ROLE: &str = "TEST_OF_BOOT_ROLE";

/// The child: a service, when a test below started it.
#[test]
#[ignore = "started by the other tests"]
fn child() {
    let role = arguments::environment().into_iter().find(|(name, _)| name == ROLE);
    let Some((_, role)) = role else { return };
    let service = Service { name: "test", default_operations: Some(([127, 0, 0, 1], 0).into()) };
    let code = code(service, |process: Process| async move {
        let span = tracing::info_span!("request", request = 7);
        span.in_scope(|| tracing::warn!(answer = 42, traceparent = crate::trace::current_traceparent(), "a line"));
        process.readiness.set_check(async || Ok(()));
        match role.as_str() {
            "drains" => {
                process.shutdown.cancelled().await;
                let state = process.readiness.state().await;
                tracing::info!(state = ?state, "drained");
                Ok(())
            }
            "stuck" => std::future::pending().await,
            "panics" => panic!("oh no"),
            _ => Err("no such role".into()),
        }
    });
    std::process::exit(code.into());
}

fn start(role: &str, settings: &[(&str, &str)]) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["process::tests::child", "--exact", "--ignored", "--nocapture"])
        .env(ROLE, role)
        .envs(settings.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn ended(child: Child) -> Output {
    child.wait_with_output().unwrap()
}

fn settings(operations: &str) -> [(&'static str, String); 4] {
    [
        ("BATON_DATABASE__URL", "postgres://x".to_owned()),
        ("BATON_DATABASE__SYSTEM_URL", "postgres://x".to_owned()),
        ("BATON_REDIS__URL", "redis://127.0.0.1:1".to_owned()),
        ("BATON_OPERATIONS__LISTEN", operations.to_owned()),
    ]
}

fn start_with(role: &str, operations: &str) -> Child {
    let settings = settings(operations);
    start(role, &settings.each_ref().map(|(name, value)| (*name, value.as_str())))
}

fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn readyz(address: &str) -> Option<String> {
    let mut stream = std::net::TcpStream::connect(address).ok()?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

fn wait_for_readyz(address: &str, status: &str) {
    let deadline = Instant::now() + PATIENCE;
    while !readyz(address).is_some_and(|answer| answer.contains(status)) {
        assert!(Instant::now() < deadline, "/readyz never said {status}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn terminate(child: &Child) {
    let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn runs_logs_drains_and_ends_with_zero() {
    let address = free_address();
    let child = start_with("drains", &address);
    wait_for_readyz(&address, "200 OK");
    terminate(&child);
    let output = ended(child);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{out}{err}");
    let lines: Vec<serde_json::Value> = out.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let line = lines.iter().find(|line| line["message"] == "a line").expect("logged");
    assert_eq!((&line["level"], &line["answer"], &line["service"]), (&"WARN".into(), &42.into(), &"test".into()));
    assert_eq!((&line["span"]["name"], &line["span"]["request"]), (&"request".into(), &7.into()));
    let trace_id = line["trace_id"].as_str().expect("a trace id");
    assert!(trace_id.len() == 32 && line["traceparent"].as_str().unwrap().contains(trace_id), "{line}");
    let drained = lines.iter().find(|line| line["message"] == "drained").expect("drained");
    assert_eq!(drained["state"], "Err(\"draining\")");
}

#[test]
fn a_second_signal_ends_a_stuck_service() {
    let address = free_address();
    let child = start_with("stuck", &address);
    wait_for_readyz(&address, "200 OK");
    terminate(&child);
    wait_for_readyz(&address, "draining");
    terminate(&child);
    let output = ended(child);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("baton-test: told twice"), "{}", text(&output.stderr));
}

#[test]
fn what_goes_wrong_is_one_line_and_a_code() {
    let output = ended(start("drains", &[]));
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("baton-test: setting `database`: missing"), "{}", text(&output.stderr));

    let output = ended(start("drains", &[("BATON_API__LISEN", "x")]));
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("`api.lisen`"), "{}", text(&output.stderr));

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let output = ended(start_with("drains", &taken.local_addr().unwrap().to_string()));
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("the operations listener at 127.0.0.1:"), "{}", text(&output.stderr));

    for (role, told) in [("panics", "panicked: oh no"), ("else", "no such role")] {
        let output = ended(start_with(role, "127.0.0.1:0"));
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stderr).contains(&format!("baton-test: {told}")), "{}", text(&output.stderr));
    }
}

#[test]
fn a_collector_that_is_away_holds_nothing_up() {
    let address = free_address();
    let mut settings = settings(&address).to_vec();
    settings.push(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1".to_owned()));
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let child = start("drains", &settings);
    wait_for_readyz(&address, "200 OK");
    terminate(&child);
    let told = Instant::now();
    let output = ended(child);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(told.elapsed() < Duration::from_secs(12), "{:?}", told.elapsed());
}
