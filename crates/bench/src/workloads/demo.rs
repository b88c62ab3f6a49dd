//! `demo`: plays customers and leaders against a running stack, says what happens as it happens, and checks that every
//! message came to every screen once and in order.

mod customer;
mod leader;
mod stage;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::Result;
use crate::report::Report;
use crate::watch::Watch;
use crate::world::{Person, World, sign_in};

use stage::Stage;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How long it is played
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

/// The last part of the play, in which nobody opens tickets any more.
const LAST_PART: f64 = 0.2;

/// Runs it, with the people of the ready file.
pub(crate) async fn run(world: &World, args: &Args) -> Result<Report> {
    let leaders = everybody(world, "team_leader").await?;
    let customers = everybody(world, "customer").await?;
    let length = Duration::from_secs(args.seconds);
    let stage = Arc::new(Stage::new(world, length, length.mul_f64(1.0 - LAST_PART))?);
    stage.say(&format!("{} customers and {} leaders, {} s", customers.len(), leaders.len(), args.seconds));
    let watch = Watch::begin(&world.ready).await;
    let mut play = JoinSet::new();
    for who in customers {
        let actor = customer::Customer::enter(Arc::clone(&stage), who).await?;
        play.spawn(actor.play());
    }
    for who in leaders {
        let actor = leader::Leader::enter(Arc::clone(&stage), world, who).await?;
        play.spawn(actor.play());
    }
    let played = play.join_all().await;
    let watched = watch.end(&world.ready).await;
    played.into_iter().collect::<Result<Vec<()>>>()?;
    let mut waiting = 0;
    for team in ["support", "billing"] {
        waiting += world.queue(team).await.map(|queue| queue.waiting).unwrap_or_default();
    }
    let mut report = Report::new("demo", args.seconds as f64);
    stage.tell(&mut report);
    report.figure("waiting at the end", waiting as f64);
    report.inside(watched);
    println!("\n{}", stage.summary(waiting));
    Ok(report)
}

async fn everybody(world: &World, role: &str) -> Result<Vec<Person>> {
    let mut people = Vec::new();
    for login in world.ready.logins.iter().filter(|login| login.role == role) {
        people.push(sign_in(&world.api, &world.ready.organization, (&login.email, &login.password)).await?);
    }
    if people.is_empty() {
        return Err(format!("the ready file has nobody with the role {role}").into());
    }
    Ok(people)
}
