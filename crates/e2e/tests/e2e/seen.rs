//! What the services say of themselves: metrics, workers' figures, and the canary.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

use baton_testkit::{Node, Promtool, wait_for};
use baton_wire::socket::Pulse;
use baton_wire::workers::Worker;

use crate::harness::{Fleet, PATIENCE, Screen, Service, Stack, is_exactly};

const OPERATIONS: &str = include_str!("../../../../docs/OPERATIONS.md");
const WEB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web");
/// Shows what the web server counts, without a server.
const WEB_METRICS: &str = "import { Metrics } from './server/metrics.mjs'; const metrics = new Metrics(); \
    metrics.answered('api', 200); metrics.upstreamError('api'); process.stdout.write(metrics.text(1));";

/// A service, a metric's name, and its kind.
type Shown = (String, String, String);

/// The table of metrics.
fn documented() -> BTreeSet<Shown> {
    let rows = OPERATIONS.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        match cells.as_slice() {
            [_, name, kind @ ("counter" | "gauge" | "histogram"), services, ..] => Some((*name, *kind, *services)),
            _ => None,
        }
    });
    let mut all = BTreeSet::new();
    for (name, kind, services) in rows {
        let name = name.trim_matches('`');
        all.extend(services.split(' ').map(|service| (service.to_owned(), name.to_owned(), kind.to_owned())));
    }
    all
}

fn shown(service: &str, text: &str) -> Vec<Shown> {
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let pairs = types.filter_map(|line| line.split_once(' '));
    pairs.map(|(name, kind)| (service.to_owned(), name.to_owned(), kind.to_owned())).collect()
}

async fn scrapes(stack: &Stack) -> BTreeMap<&'static str, String> {
    let mut texts = BTreeMap::new();
    for service in Service::ALL {
        texts.insert(service.name(), stack.all(service)[0].metrics().await);
    }
    texts
}

fn web_metrics() -> String {
    let node = Node::get(&|line| eprintln!("{line}")).expect("Node");
    let mut show = Command::new(node.program());
    let output = show.args(["--input-type=module", "-e", WEB_METRICS]).current_dir(WEB).output().expect("Node runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What promtool has against metrics; empty: nothing.
fn complaints(promtool: &Promtool, text: &str) -> String {
    let mut check = Command::new(promtool.program());
    check.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut checking = check.spawn().expect("promtool runs");
    checking.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = checking.wait_with_output().unwrap();
    let words = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.success(), words.is_empty(), "{}: {words}", output.status);
    words
}

#[tokio::test]
async fn every_metric_is_in_the_list_and_as_promtool_likes_it() {
    let promtool = || Promtool::get(&|line| eprintln!("{line}")).expect("promtool");
    let promtool = tokio::task::spawn_blocking(promtool).await.unwrap();
    let stack = Stack::start(Fleet::ONE).await;
    let tenant = stack.tenant().await;
    let (lena, cleo) = (tenant.leader("Lena").await, tenant.customer("Cleo").await);
    let screen = lena.screen(stack.gateway(0)).await;
    lena.chooses("online").await;
    let ticket = cleo.opens_id("Printer").await;
    screen.join(&ticket).await;
    wait_for("a letter", PATIENCE, async || stack.letters().pop()).await;

    let (web, documented) = (web_metrics(), documented());
    assert!(documented.len() > 100, "the list cannot be read: {documented:?}");
    let last = Cell::default();
    let texts = wait_for("the metrics of the list and no others", PATIENCE, async || {
        let texts = scrapes(&stack).await;
        let of_services = texts.iter().flat_map(|(service, text)| shown(service, text));
        let all: BTreeSet<Shown> = of_services.chain(shown("web", &web)).collect();
        let differ: Vec<&Shown> = documented.symmetric_difference(&all).collect();
        if last.replace(differ.len()) != differ.len() {
            eprintln!("in the list alone, or shown alone: {differ:?}");
        }
        differ.is_empty().then_some(texts)
    })
    .await;

    let planted = "# HELP wait_milliseconds Time.\n# TYPE wait_milliseconds gauge\nwait_milliseconds 1\n";
    assert!(complaints(&promtool, planted).contains("seconds"));
    for (service, text) in texts.iter().map(|(service, text)| (*service, text)).chain([("web", &web)]) {
        assert_eq!(complaints(&promtool, text), "", "{service}");
        for data in [&ticket, &cleo.id, &tenant.slug] {
            assert!(!text.contains(data), "data in a label of {service}: {data}");
        }
    }
    let waits = stack.all(Service::Assigner)[0].metric("baton_routing_assign_seconds_count").await;
    assert_eq!(waits, 1.0);
}

#[tokio::test]
async fn every_process_reports_with_its_figures() {
    let stack = Stack::start(Fleet { gateways: 2, jobs: 2, ..Fleet::ONE }).await;
    let tenant = stack.tenant().await;
    let (sue, cleo) = (tenant.supervisor("Sue").await, tenant.customer("Cleo").await);
    // Nobody is here to take it.
    cleo.opens("Printer").await;
    let _screen = sue.screen(stack.gateway(0)).await;
    let settled: [(&str, &str, &[f64]); 7] = [
        ("baton-assigner", "queue_waiting", &[1.0]),
        ("baton-gateway", "sockets", &[0.0, 1.0]),
        ("baton-gateway", "feed_lag_seconds", &[0.0, 0.0]),
        ("baton-jobs", "outbox_waiting", &[0.0, 0.0]),
        ("baton-jobs", "outbox_oldest_seconds", &[0.0, 0.0]),
        ("baton-sla", "clocks_due", &[0.0]),
        ("baton-sla", "clocks_oldest_seconds", &[0.0]),
    ];
    let workers = wait_for("the reports", PATIENCE, async || {
        let page = sue.rest.get("/v1/workers").await.expect(200);
        let workers: Vec<Worker> = serde_json::from_value(page["items"].clone()).unwrap();
        let all = settled.iter().all(|(name, figure, expected)| figures(&workers, name, figure) == *expected);
        (all && figures(&workers, "baton-assigner", "queue_oldest_seconds")[0] > 0.0).then_some(workers)
    })
    .await;
    let loops: BTreeSet<&str> = workers.iter().map(|worker| worker.kind.as_str()).collect();
    for kind in ["assign", "lease", "sequence", "run_jobs", "advance"] {
        assert!(loops.contains(kind), "{loops:?}");
    }
}

/// A figure of every process of a name, in order of size.
fn figures(workers: &[Worker], name: &str, figure: &str) -> Vec<f64> {
    let own = workers.iter().filter(|worker| worker.name == name);
    let mut figures: Vec<f64> = own.filter_map(|worker| worker.figures.get(figure).copied()).collect();
    figures.sort_by(f64::total_cmp);
    figures
}

/// Waits until a screen heard two pulses; gives when they began.
async fn two_pulses(screen: &Screen) -> [Pulse; 2] {
    screen
        .until("two pulses", |seen| {
            let mut pulses = seen.all("pulse").map(|pulse| {
                is_exactly::<Pulse>(pulse);
                serde_json::from_value(pulse.clone()).unwrap()
            });
            Some([pulses.next()?, pulses.next()?])
        })
        .await
}

#[tokio::test]
async fn a_canary_passes_every_ten_seconds_and_each_socket_hears_of_it() {
    let stack = Stack::start(Fleet { gateways: 2, assigners: 0, jobs: 2, ..Fleet::ONE }).await;
    let off_stream = stack.another(Service::Gateway, &[]).with_setting("BATON_REDIS__URL", "redis://127.0.0.1:1");
    off_stream.start();
    off_stream.until_ready().await;
    let tenant = stack.tenant().await;
    let (sue, cleo) = (tenant.supervisor("Sue").await, tenant.customer("Cleo").await);
    let ticket = cleo.opens_id("Printer").await;
    let screens =
        [sue.screen(stack.gateway(0)).await, cleo.screen(stack.gateway(1)).await, cleo.screen(&off_stream).await];
    let mut heard = BTreeSet::new();
    for screen in &screens {
        let [first, second] = two_pulses(screen).await;
        let apart = second.at.duration_since(first.at).as_secs_f64();
        assert!((1.0..20.0).contains(&apart), "{apart} s apart");
        heard.extend([first.at, second.at]);
    }
    // One in each ten seconds, though there are two sequencers, and the same for all gateways.
    let slots = "select floor(extract(epoch from placed_at) / 10)::text as line from feed where event_id is null";
    let slots = stack.database.lines(slots).await;
    assert_eq!(slots.iter().collect::<BTreeSet<_>>().len(), slots.len(), "{slots:?}");
    assert!(heard.len() <= slots.len(), "{heard:?}, {slots:?}");

    // The places stay dense, and events go on behind them.
    cleo.posts(&ticket, "after").await;
    for screen in &screens {
        screen.until("the post", |seen| (seen.events_of("message:created") > 0).then_some(())).await;
    }
    let dense = "select (max(position) - min(position) + 1 = count(*))::text as line from feed";
    assert_eq!(stack.database.lines(dense).await, ["true"]);
    for gateway in [stack.gateway(0), stack.gateway(1), &off_stream] {
        assert!(gateway.metric("baton_canary_seconds_count").await >= 2.0);
        assert!(gateway.metric("baton_canary_last_timestamp_seconds").await > 1e9);
    }
}
