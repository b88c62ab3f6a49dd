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
    /// How long it is measured each time: without the one that does not read, with it, and without it again
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
    let pace = (args.rate, args.seconds);
    let before = all_read(world, size, pace).await?;
    println!("one does not read");
    let mut report = Report::new("stalled", args.seconds as f64);
    // The admin hears of every ticket.
    let stalled = Socket::connect_narrow(&world.gateway, &world.admin.token).await?;
    let small = resident_kb(gateway)?;
    let talk = at_rate(world, size, pace, &mut report).await?;
    let grown = resident_kb(gateway)?;
    let cursor = stalled.ready.cursor.clone();
    let was_cut = is_cut(stalled).await;
    let missing = missing(world, &talk, cursor).await?;

    let after = all_read(world, size, pace).await?;

    tell(&mut report, (&before, &after), &talk.seen.latencies.summary());
    report.figure("sockets", args.sockets as f64);
    report.figure("gateway grew by, MB", grown.saturating_sub(small) as f64 / 1_024.0);
    // The kernel's buffers may hold all that was said: then there was nothing to cut.
    report.figure("stalled sockets cut", f64::from(u8::from(was_cut)));
    report.wrong("missing after it came back", missing);
    Ok(report)
}

async fn all_read(world: &World, size: Size, pace: (f64, u64)) -> Result<Latency> {
    println!("all read");
    let mut unread = Report::new("stalled", pace.1 as f64);
    Ok(at_rate(world, size, pace, &mut unread).await?.seen.latencies.summary())
}

/// The time before and the time after it are one: what a machine does by and by is in both.
fn tell(report: &mut Report, (before, after): (&Latency, &Latency), stalled: &Latency) {
    report.latency("post → screen, all reading, before", before);
    report.latency("post → screen, all reading, after", after);
    let calm = f64::midpoint(before.p99_ms, after.p99_ms);
    report.at_most("others' p99, one stalled / none", stalled.p99_ms / calm, 1.1, "×");
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
