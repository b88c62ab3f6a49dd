//! `stalled`: one of many screens stops reading. The others do not notice, and it misses nothing in the end.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Result;
use crate::process::{check_files, resident_kb};
use crate::report::{Latency, Report};
use crate::socket::Socket;
use crate::talk::{Size, Talk};
use crate::world::World;

use super::post::at_rate;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How long it is measured, without and then with the one that does not read
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Messages a second
    #[arg(long, default_value_t = 50.0)]
    rate: f64,
    /// Screens
    #[arg(long, default_value_t = 1_000)]
    sockets: usize,
}

/// What of an event says which message it tells.
#[derive(Deserialize)]
struct Told {
    #[serde(rename = "type")]
    kind: String,
    conversation_id: Option<String>,
    data: Value,
}

/// Runs it.
pub(crate) async fn run(world: &World, args: &Args) -> Result<Report> {
    check_files(&world.ready, args.sockets as u64)?;
    let gateway = world.ready.pid("gateway")?;
    let size = Size {
        conversations: 1,
        customer_sockets: args.sockets / 2,
        staff_sockets: args.sockets - args.sockets / 2,
        staff: 10,
    };
    println!("all read");
    let mut without = Report::new("stalled", args.seconds as f64);
    let calm = at_rate(world, size, (args.rate, args.seconds), &mut without).await?.seen.latencies.summary();

    println!("one does not read");
    let mut report = Report::new("stalled", args.seconds as f64);
    // The admin hears of every ticket.
    let stalled = Socket::connect_narrow(&world.gateway, &world.admin.token).await?;
    let before = resident_kb(gateway)?;
    let talk = at_rate(world, size, (args.rate, args.seconds), &mut report).await?;
    let after = resident_kb(gateway)?;
    let cursor = stalled.ready.cursor.clone();
    let was_cut = is_cut(stalled).await;
    let missing = missing(world, &talk, cursor).await?;

    tell(&mut report, &calm, &talk.seen.latencies.summary());
    report.figure("sockets", args.sockets as f64);
    report.figure("gateway grew by, MB", after.saturating_sub(before) as f64 / 1_024.0);
    // The kernel's buffers may hold all that was said: then there was nothing to cut.
    report.figure("stalled sockets cut", f64::from(u8::from(was_cut)));
    report.wrong("missing after it came back", missing);
    Ok(report)
}

fn tell(report: &mut Report, calm: &Latency, stalled: &Latency) {
    report.latency("post → screen, all reading", calm);
    report.at_most("others' p99, one stalled / none", stalled.p99_ms / calm.p99_ms, 1.1, "×");
}

/// Whether the connection had been ended, once what was on its way is read.
async fn is_cut(mut socket: Socket) -> bool {
    let quiet = std::time::Duration::from_secs(5);
    loop {
        match tokio::time::timeout(quiet, socket.next()).await {
            Ok(Ok(_)) => {}
            Ok(Err(_)) => return true,
            Err(_) => return false,
        }
    }
}

/// Comes back as a client does, and counts the talk's messages that it has not been told of then.
async fn missing(world: &World, talk: &Talk, mut cursor: String) -> Result<u64> {
    let conversation = talk.conversations.first().ok_or("a talk without a conversation")?;
    let mut socket = Socket::connect(&world.gateway, &world.admin.token, Some(&cursor)).await?;
    let mut heard = BTreeSet::new();
    loop {
        let page = socket.ask("resume", &json!({ "cursor": cursor })).await?;
        for event in page.get("events").and_then(Value::as_array).into_iter().flatten() {
            let told = Told::deserialize(event)?;
            if told.kind == "message:created" && told.conversation_id.as_ref() == Some(&conversation.id) {
                heard.extend(told.data.get("seq").and_then(Value::as_i64));
            }
        }
        page.get("cursor").and_then(Value::as_str).ok_or("a page without a cursor")?.clone_into(&mut cursor);
        if page.get("more") != Some(&Value::Bool(true)) {
            break;
        }
    }
    let last = socket.join(&conversation.id).await?;
    Ok(u64::try_from(last)?.saturating_sub(heard.len() as u64))
}
