//! Teams, their members and their queues' rules.

use baton_domain::id::{TeamId, UserId};
use baton_domain::routing::{MemberRole, Policy, Receives, Rule};
use baton_domain::ticket::TeamRef;
use baton_domain::user::Role;
use diesel::Queryable;
use jiff_diesel::ToDiesel;
use serde::{Deserialize, Serialize};

use crate::Tx;
use crate::error::Result;
use crate::statement::{sql, statement};

/// A team's row.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Serialize, Deserialize)]
pub struct Team {
    /// Which.
    pub id: TeamId,
    /// Its short name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// How it chooses.
    pub policy: Policy,
    /// Among whom.
    pub receives: Receives,
    /// Moves with the rule; a decision names the one it was made by.
    pub version: i64,
}

impl Team {
    /// Its rule.
    pub fn rule(&self) -> Rule {
        Rule { policy: self.policy, receives: self.receives }
    }

    /// As it stands beside a ticket.
    pub fn reference(&self) -> TeamRef {
        TeamRef { id: self.id, slug: self.slug.clone(), name: self.name.clone() }
    }
}

macro_rules! team_query {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? } $($rest:tt)+) => {
        statement! {
            $(#[$meta])*
            $name { $($field: $type),* } -> (sql::Uuid, sql::Text, sql::Text, sql::Text, sql::Text, sql::BigInt)
            "select t.id, t.slug, t.name, t.policy, t.receives, t.version from teams t " $($rest)+
        }
    };
}

team_query! {
    /// A team by id or slug.
    Find { id: Option<TeamId>, slug: String }
    "where t.id = " [id: sql::Nullable<sql::Uuid>] " or t.slug = " [slug: sql::Text]
}

/// The team that `reference` names by slug or by id.
pub async fn find(tx: &Tx, reference: &str) -> Result<Option<Team>> {
    tx.row(Find { id: reference.parse().ok(), slug: reference.to_owned() }).await
}

/// One team.
pub async fn by_id(tx: &Tx, id: TeamId) -> Result<Option<Team>> {
    tx.row(Find { id: Some(id), slug: String::new() }).await
}

team_query! {
    /// The organisation's default team.
    Default {}
    "join organizations o on o.id = t.org_id and o.default_team_id = t.id"
}

/// The team that takes tickets which name none.
pub async fn default_team(tx: &Tx) -> Result<Option<Team>> {
    tx.row(Default {}).await
}

team_query! {
    /// All teams.
    All {}
    "order by t.slug"
}

/// All teams, by slug.
pub async fn all(tx: &Tx) -> Result<Vec<Team>> {
    tx.rows(All {}).await
}

statement! {
    /// A new team with its queue.
    Insert {
        id: TeamId, slug: String, name: String, policy: Policy, receives: Receives, at: jiff_diesel::Timestamp,
    } -> ()
    "with t as (insert into teams (org_id, id, slug, name, policy, receives, created_at) values (baton_org(), "
    [id: sql::Uuid] ", " [slug: sql::Text] ", " [name: sql::Text] ", " [policy: sql::Text] ", " [receives: sql::Text]
    ", " [at: sql::Timestamptz] ") returning org_id, id)
     insert into queues (org_id, team_id) select org_id, id from t"
}

/// Stores a new team and its queue. [`crate::Error::Taken`] when the slug is a team's.
pub async fn insert(tx: &Tx, team: &Team) -> Result<()> {
    let insert = Insert {
        id: team.id,
        slug: team.slug.clone(),
        name: team.name.clone(),
        policy: team.policy,
        receives: team.receives,
        at: tx.now().to_diesel(),
    };
    tx.execute(insert).await.map(drop)
}

statement! {
    /// What may change of a team.
    Update { id: TeamId, name: String, policy: Policy, receives: Receives } -> ()
    "update teams set name = " [name: sql::Text] ", policy = " [policy: sql::Text] ", receives = " [receives: sql::Text]
    ", version = version + 1 where id = " [id: sql::Uuid]
}

/// Stores what changed of a team; its version moves.
pub async fn update(tx: &Tx, team: &Team) -> Result<()> {
    let update = Update { id: team.id, name: team.name.clone(), policy: team.policy, receives: team.receives };
    tx.execute(update).await.map(drop)
}

/// A member of a team.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Serialize, Deserialize)]
pub struct Member {
    /// Which team.
    pub team: TeamId,
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their own role, which gives permissions.
    pub role: Role,
    /// Their role in the team, which decides whether they receive.
    pub member_role: MemberRole,
}

statement! {
    /// The members of some teams.
    Members { teams: Vec<TeamId> } -> (sql::Uuid, sql::Uuid, sql::Text, sql::Text, sql::Text, sql::Text)
    "select m.team_id, u.id, u.name, u.email, u.role, m.role
     from team_members m join users u on u.org_id = m.org_id and u.id = m.user_id
     where m.team_id = any(" [teams: sql::Array<sql::Uuid>] ") order by m.team_id, u.name, u.id"
}

/// The members of `teams`, by team and name.
pub async fn members(tx: &Tx, teams: Vec<TeamId>) -> Result<Vec<Member>> {
    tx.rows(Members { teams }).await
}

statement! {
    /// A membership, new or changed.
    PutMember { team: TeamId, user: UserId, role: MemberRole } -> ()
    "insert into team_members (org_id, team_id, user_id, role) values (baton_org(), " [team: sql::Uuid] ", "
    [user: sql::Uuid] ", " [role: sql::Text]
    ") on conflict (org_id, team_id, user_id) do update set role = excluded.role"
}

/// Makes `user` a member of `team`, or changes their role in it.
pub async fn put_member(tx: &Tx, team: TeamId, user: UserId, role: MemberRole) -> Result<()> {
    tx.execute(PutMember { team, user, role }).await.map(drop)
}

statement! {
    /// The end of a membership.
    RemoveMember { team: TeamId, user: UserId } -> ()
    "delete from team_members where team_id = " [team: sql::Uuid] " and user_id = " [user: sql::Uuid]
}

/// Ends a membership; `false` if there was none.
pub async fn remove_member(tx: &Tx, team: TeamId, user: UserId) -> Result<bool> {
    Ok(tx.execute(RemoveMember { team, user }).await? > 0)
}

statement! {
    /// The teams of a person.
    OfUser { user: UserId } -> (sql::Uuid)
    "select team_id from team_members where user_id = " [user: sql::Uuid] " order by team_id"
}

/// The teams of a person, in id order.
pub async fn of_user(tx: &Tx, user: UserId) -> Result<Vec<TeamId>> {
    let rows: Vec<(TeamId,)> = tx.rows(OfUser { user }).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
