//! Teams and their members.

use baton_domain::access::rights;
use baton_domain::id::{TeamId, UserId};
use baton_domain::limits::{self, Checks};
use baton_domain::routing::{MemberRole, Policy, Receives};
use baton_domain::wake::Wake;
use baton_store::teams::{self, Member, Team};
use baton_store::{Db, users as user_rows};
use serde::{Deserialize, Serialize};

use crate::ctx::Can;
use crate::error::{Error, Result};
use crate::events::Source;
use crate::idempotency;
use crate::ids::new_id;
use crate::users;

pub use baton_store::teams::{Member as TeamMember, Team as TeamRow};

/// A team with its members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamView {
    /// The team.
    pub team: Team,
    /// Its members, by name.
    pub members: Vec<Member>,
}

/// All teams with their members, by slug.
pub async fn list(can: &Can<rights::TeamsView>, db: &Db) -> Result<Vec<TeamView>> {
    let tx = db.begin("list_teams", can.actor().org).await?;
    let all = teams::all(&tx).await?;
    let members = teams::members(&tx, all.iter().map(|team| team.id).collect()).await?;
    tx.commit().await?;
    let view = |team: Team| TeamView {
        members: members.iter().filter(|member| member.team == team.id).cloned().collect(),
        team,
    };
    Ok(all.into_iter().map(view).collect())
}

/// One team, by id or slug.
pub async fn get(can: &Can<rights::TeamsView>, db: &Db, reference: &str) -> Result<TeamView> {
    let tx = db.begin("get_team", can.actor().org).await?;
    let team = teams::find(&tx, reference).await?.ok_or(Error::NotFound("team"))?;
    let members = teams::members(&tx, vec![team.id]).await?;
    tx.commit().await?;
    Ok(TeamView { team, members })
}

/// A team to add.
#[derive(Debug)]
pub struct NewTeam {
    /// Its short name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// How it chooses.
    pub policy: Policy,
    /// Among whom.
    pub receives: Receives,
}

/// Whether a text may stand in an address: lower-case letters, digits and inner hyphens.
fn is_slug(text: &str) -> bool {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.len() <= 63 && !text.starts_with('-') && text.chars().all(good)
}

/// Adds a team with an empty queue.
pub async fn create(can: &Can<rights::TeamsManage>, db: &Db, new: NewTeam) -> Result<TeamView> {
    let mut checks = Checks::new();
    checks.require(is_slug(&new.slug), "/slug", "must have 1 to 63 lower-case letters, digits or inner hyphens").text(
        "/name",
        &new.name,
        limits::NAME_CHARS,
    );
    checks.finish()?;
    let tx = db.begin("create_team", can.actor().org).await?;
    if let Some(first) = idempotency::recall(&tx, can.ctx()).await? {
        return Ok(first);
    }
    let team = Team {
        id: new_id(),
        slug: new.slug,
        name: new.name.trim().to_owned(),
        policy: new.policy,
        receives: new.receives,
        version: 1,
    };
    match teams::insert(&tx, &team).await {
        Err(baton_store::Error::Taken { .. }) => return Err(Error::Taken("a team has this slug already".to_owned())),
        other => other?,
    }
    let view = TeamView { team, members: Vec::new() };
    idempotency::remember(&tx, can.ctx(), &view).await?;
    tx.commit().await?;
    Ok(view)
}

/// What may change of a team.
#[derive(Debug, Default)]
pub struct TeamChange {
    /// Its name.
    pub name: Option<String>,
    /// How it chooses.
    pub policy: Option<Policy>,
    /// Among whom.
    pub receives: Option<Receives>,
}

/// Changes a team. A new rule counts from the next decision, whose row names its version.
pub async fn change(can: &Can<rights::TeamsManage>, db: &Db, id: TeamId, change: TeamChange) -> Result<TeamView> {
    if let Some(name) = &change.name {
        let mut checks = Checks::new();
        checks.text("/name", name, limits::NAME_CHARS);
        checks.finish()?;
    }
    let tx = db.begin("change_team", can.actor().org).await?;
    let mut team = teams::by_id(&tx, id).await?.ok_or(Error::NotFound("team"))?;
    team.name = change.name.map_or(team.name, |name| name.trim().to_owned());
    team.policy = change.policy.unwrap_or(team.policy);
    team.receives = change.receives.unwrap_or(team.receives);
    teams::update(&tx, &team).await?;
    tx.wake(Wake::Queue(tx.org(), id));
    let team = teams::by_id(&tx, id).await?.ok_or(Error::NotFound("team"))?;
    let members = teams::members(&tx, vec![id]).await?;
    tx.commit().await?;
    Ok(TeamView { team, members })
}

/// Makes a staff member a member of a team, or changes their role in it.
pub async fn put_member(
    can: &Can<rights::TeamsManage>,
    db: &Db,
    team: TeamId,
    user: UserId,
    role: MemberRole,
) -> Result<TeamView> {
    let tx = db.begin("put_member", can.actor().org).await?;
    let found = teams::by_id(&tx, team).await?.ok_or(Error::NotFound("team"))?;
    let person = user_rows::by_id(&tx, user).await?.ok_or(Error::NotFound("user"))?;
    if !person.role.is_staff() {
        return Err(Error::invalid("", "a customer cannot be a member of a team"));
    }
    teams::put_member(&tx, team, user, role).await?;
    users::record_access_change(&tx, &Source::from(can), user).await?;
    tx.wake(Wake::Queue(tx.org(), team));
    let members = teams::members(&tx, vec![team]).await?;
    tx.commit().await?;
    Ok(TeamView { team: found, members })
}

/// Ends a membership. The person keeps what is assigned to them.
pub async fn remove_member(can: &Can<rights::TeamsManage>, db: &Db, team: TeamId, user: UserId) -> Result<TeamView> {
    let tx = db.begin("remove_member", can.actor().org).await?;
    let found = teams::by_id(&tx, team).await?.ok_or(Error::NotFound("team"))?;
    if !teams::remove_member(&tx, team, user).await? {
        return Err(Error::NotFound("member"));
    }
    users::record_access_change(&tx, &Source::from(can), user).await?;
    let members = teams::members(&tx, vec![team]).await?;
    tx.commit().await?;
    Ok(TeamView { team: found, members })
}
