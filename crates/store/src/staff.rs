//! What routing knows of staff: availability, live connections, capacity. A staff row is the lock
//! of the person.

use baton_domain::availability::{Availability, Presence};
use baton_domain::id::{ConnectionId, GatewayId, OrgId, TeamId, UserId};
use baton_domain::routing::{Candidate, MemberRole};
use diesel::Queryable;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::{NullableTimestamp, ToDiesel};

use crate::error::Result;
use crate::statement::{sql, statement};
use crate::{SystemTx, Tx};

statement! {
    /// Takes the locks of people, in id order.
    Lock { users: Vec<UserId> } -> (sql::Uuid)
    "select user_id from staff where user_id = any(" [users: sql::Array<sql::Uuid>] ") order by user_id for no key update"
}

/// Takes the locks of people in the one order that cannot deadlock. Read what they hold by a later
/// statement.
pub async fn lock(tx: &Tx, users: Vec<UserId>) -> Result<()> {
    let _: Vec<(UserId,)> = tx.rows(Lock { users }).await?;
    Ok(())
}

statement! {
    /// Takes the locks of a team's members, in id order.
    LockMembers { team: TeamId } -> (sql::Uuid)
    "select user_id from staff where user_id in (select user_id from team_members where team_id = " [team: sql::Uuid]
    ") order by user_id for no key update"
}

/// Takes the locks of everybody in a team.
pub async fn lock_members(tx: &Tx, team: TeamId) -> Result<()> {
    let _: Vec<(UserId,)> = tx.rows(LockMembers { team }).await?;
    Ok(())
}

#[derive(Debug, Queryable)]
struct CandidateRow {
    user: UserId,
    member_role: MemberRole,
    disabled: bool,
    chosen: Availability,
    #[diesel(deserialize_as = NullableTimestamp)]
    chosen_at: Option<Timestamp>,
    #[diesel(deserialize_as = NullableTimestamp)]
    connected_until: Option<Timestamp>,
    units_used: i32,
    units_limit: i32,
    #[diesel(deserialize_as = NullableTimestamp)]
    last_assigned_at: Option<Timestamp>,
}

impl From<CandidateRow> for Candidate {
    fn from(row: CandidateRow) -> Self {
        Self {
            user: row.user,
            member_role: row.member_role,
            disabled: row.disabled,
            presence: Presence { chosen: row.chosen, chosen_at: row.chosen_at, connected_until: row.connected_until },
            units_used: row.units_used,
            units_limit: row.units_limit,
            last_assigned_at: row.last_assigned_at,
        }
    }
}

/// A statement that reads people as routing sees them, from `s` (staff) and `u` (users): their role in the team, and what
/// follows the columns.
macro_rules! candidate_query {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty),* } $member_role:literal $($rest:tt)+) => {
        statement! {
            $(#[$meta])*
            $name { $($field: $type,)* now: jiff_diesel::Timestamp } -> (
                sql::Uuid, sql::Text, sql::Bool, sql::Text, sql::Nullable<sql::Timestamptz>,
                sql::Nullable<sql::Timestamptz>, sql::Integer, sql::Integer, sql::Nullable<sql::Timestamptz>
            )
            "select s.user_id, " $member_role ", u.disabled_at is not null, s.availability, s.availability_at,
                greatest(s.connected_until, (select max(least(g.lease_until, " [now: sql::Timestamptz] "))
                    from staff_connections c join gateways g on g.id = c.gateway_id
                    where c.org_id = s.org_id and c.user_id = s.user_id)),
                s.units_used, s.units_limit, s.last_assigned_at "
            $($rest)+
        }
    };
}

candidate_query! {
    /// A team's members as routing sees them.
    Candidates { team: TeamId }
    "m.role" "from team_members m
        join staff s on s.org_id = m.org_id and s.user_id = m.user_id
        join users u on u.org_id = m.org_id and u.id = m.user_id
     where m.team_id = " [team: sql::Uuid] " order by s.user_id"
}

/// A team's members as routing sees them, in id order.
pub async fn candidates(tx: &Tx, team: TeamId) -> Result<Vec<Candidate>> {
    let rows: Vec<CandidateRow> = tx.rows(Candidates { team, now: tx.now().to_diesel() }).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

candidate_query! {
    /// The supervisors as routing sees people, whatever their teams.
    Supervisors {}
    "'member'" "from users u join staff s on s.org_id = u.org_id and s.user_id = u.id
     where u.role = 'supervisor' order by s.user_id"
}

/// The organisation's supervisors, in id order; also those whose accounts are disabled.
pub async fn supervisors(tx: &Tx) -> Result<Vec<Candidate>> {
    let rows: Vec<CandidateRow> = tx.rows(Supervisors { now: tx.now().to_diesel() }).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

statement! {
    /// The leaders of some teams.
    Leaders { teams: Vec<TeamId> } -> (sql::Uuid, sql::Uuid)
    "select m.team_id, m.user_id from team_members m join users u on u.org_id = m.org_id and u.id = m.user_id
     where m.team_id = any(" [teams: sql::Array<sql::Uuid>] ") and m.role = 'leader' and u.disabled_at is null
     order by m.team_id, m.user_id"
}

/// The leaders of some teams whose accounts are in use, each with the team.
pub async fn leaders(tx: &Tx, teams: Vec<TeamId>) -> Result<Vec<(TeamId, UserId)>> {
    tx.rows(Leaders { teams }).await
}

candidate_query! {
    /// One person as routing sees them, whatever their team.
    OnePerson { user: UserId }
    "'member'" "from staff s join users u on u.org_id = s.org_id and u.id = s.user_id
     where s.user_id = " [user: sql::Uuid]
}

/// One person as routing sees them; nobody if they are not staff.
pub async fn one(tx: &Tx, user: UserId) -> Result<Option<Candidate>> {
    let row: Option<CandidateRow> = tx.row(OnePerson { user, now: tx.now().to_diesel() }).await?;
    Ok(row.map(Into::into))
}

statement! {
    /// The availability of the whole staff.
    Availabilities { now: jiff_diesel::Timestamp } ->
        (sql::Uuid, sql::Bool, sql::Text, sql::Nullable<sql::Timestamptz>, sql::Nullable<sql::Timestamptz>)
    "select s.user_id, u.disabled_at is not null, s.availability, s.availability_at,
        greatest(s.connected_until, (select max(least(g.lease_until, " [now: sql::Timestamptz] "))
            from staff_connections c join gateways g on g.id = c.gateway_id
            where c.org_id = s.org_id and c.user_id = s.user_id))
     from staff s join users u on u.org_id = s.org_id and u.id = s.user_id order by s.user_id"
}

/// Somebody of the staff: who, whether their account is disabled, and whether they are here.
pub type StaffPresence = (UserId, bool, Presence);

/// The presence of the whole staff, in id order.
pub async fn presences(tx: &Tx) -> Result<Vec<StaffPresence>> {
    type Row = (UserId, bool, Availability, Option<jiff_diesel::Timestamp>, Option<jiff_diesel::Timestamp>);
    let rows: Vec<Row> = tx.rows(Availabilities { now: tx.now().to_diesel() }).await?;
    let time = |at: Option<jiff_diesel::Timestamp>| at.map(Timestamp::from);
    let presence = |(user, disabled, chosen, chosen_at, connected_until): Row| {
        (user, disabled, Presence { chosen, chosen_at: time(chosen_at), connected_until: time(connected_until) })
    };
    Ok(rows.into_iter().map(presence).collect())
}

statement! {
    /// Units that people take or give back.
    MoveUnits { users: Vec<UserId>, units: Vec<i32>, at: jiff_diesel::Timestamp } -> ()
    "update staff s set units_used = greatest(0, s.units_used + n.units),
        last_assigned_at = case when n.units > 0 then " [at: sql::Timestamptz] " else s.last_assigned_at end
     from (select user_id, sum(units)::integer as units
        from unnest(" [users: sql::Array<sql::Uuid>] ", " [units: sql::Array<sql::Integer>] ") as u (user_id, units)
        group by user_id) n
     where s.user_id = n.user_id"
}

/// Adds the units that people take and subtracts those they give back. Their locks are held.
pub async fn move_units(tx: &Tx, moves: &[(UserId, i32)]) -> Result<()> {
    if moves.is_empty() {
        return Ok(());
    }
    let (users, units) = moves.iter().copied().unzip();
    tx.execute(MoveUnits { users, units, at: tx.now().to_diesel() }).await.map(drop)
}

statement! {
    /// A person's choice.
    SetAvailability { user: UserId, chosen: Availability, at: jiff_diesel::Timestamp } -> ()
    "update staff set availability = " [chosen: sql::Text] ", availability_at = " [at: sql::Timestamptz]
    " where user_id = " [user: sql::Uuid]
}

/// Stores what a person chose; `false` if they are not staff.
pub async fn set_availability(tx: &Tx, user: UserId, chosen: Availability) -> Result<bool> {
    Ok(tx.execute(SetAvailability { user, chosen, at: tx.now().to_diesel() }).await? > 0)
}

statement! {
    /// A person's limit.
    SetCapacity { user: UserId, units: i32 } -> ()
    "update staff set units_limit = " [units: sql::Integer] " where user_id = " [user: sql::Uuid]
}

/// Stores how many units a person may carry; `false` if they are not staff.
pub async fn set_capacity(tx: &Tx, user: UserId, units: i32) -> Result<bool> {
    Ok(tx.execute(SetCapacity { user, units }).await? > 0)
}

statement! {
    /// A gateway's lease, begun or renewed.
    RenewLease { gateway: GatewayId, now: jiff_diesel::Timestamp, until: jiff_diesel::Timestamp } -> ()
    "insert into gateways (id, started_at, lease_until) values (" [gateway: sql::Uuid] ", " [now: sql::Timestamptz] ", "
    [until: sql::Timestamptz] ") on conflict (id) do update set lease_until = excluded.lease_until"
}

/// Begins or renews a gateway's lease: its connections count until then.
pub async fn renew_lease(tx: &SystemTx, gateway: GatewayId, lease: SignedDuration) -> Result<()> {
    let now = tx.now();
    tx.raw().execute(RenewLease { gateway, now: now.to_diesel(), until: (now + lease).to_diesel() }).await.map(drop)
}

statement! {
    /// A staff member's socket.
    Connect { connection: ConnectionId, gateway: GatewayId, user: UserId, now: jiff_diesel::Timestamp } -> ()
    "insert into staff_connections (org_id, id, gateway_id, user_id, connected_at) values (baton_org(), "
    [connection: sql::Uuid] ", " [gateway: sql::Uuid] ", " [user: sql::Uuid] ", " [now: sql::Timestamptz] ")"
}

/// Notes a staff member's live socket.
pub async fn connect(tx: &Tx, connection: ConnectionId, gateway: GatewayId, user: UserId) -> Result<()> {
    tx.execute(Connect { connection, gateway, user, now: tx.now().to_diesel() }).await.map(drop)
}

statement! {
    /// The end of a staff member's socket.
    Disconnect { connection: ConnectionId, now: jiff_diesel::Timestamp } -> ()
    "with gone as (delete from staff_connections where id = " [connection: sql::Uuid] " returning org_id, user_id)
     update staff s set connected_until = greatest(s.connected_until, " [now: sql::Timestamptz] ")
     from gone where s.org_id = gone.org_id and s.user_id = gone.user_id"
}

/// Notes the end of a staff member's socket: the grace begins if it was the last.
pub async fn disconnect(tx: &Tx, connection: ConnectionId) -> Result<()> {
    tx.execute(Disconnect { connection, now: tx.now().to_diesel() }).await.map(drop)
}

statement! {
    /// Clears what gateways left behind whose leases ended; their people's grace began at that end.
    ReapGateways { now: jiff_diesel::Timestamp } -> ()
    "with dead as (select id, lease_until from gateways where lease_until < " [now: sql::Timestamptz]
    " for update skip locked),
     gone as (delete from staff_connections c using dead where c.gateway_id = dead.id
        returning c.org_id, c.user_id, dead.lease_until),
     held as (select s.org_id, s.user_id, g.ended
        from (select org_id, user_id, max(lease_until) as ended from gone group by 1, 2) g
            join staff s on s.org_id = g.org_id and s.user_id = g.user_id
        order by s.org_id, s.user_id for no key update of s),
     kept as (update staff s set connected_until = greatest(s.connected_until, h.ended)
        from held h where s.org_id = h.org_id and s.user_id = h.user_id)
     delete from gateways where id in (select id from dead)"
}

/// Clears away gateways whose leases ended, keeping the moment at which their people were last here.
pub async fn reap_gateways(tx: &SystemTx) -> Result<usize> {
    tx.raw().execute(ReapGateways { now: tx.now().to_diesel() }).await
}

#[derive(Debug, Queryable)]
struct AtWorkRow {
    org: OrgId,
    user: UserId,
    chosen: Availability,
    #[diesel(deserialize_as = NullableTimestamp)]
    chosen_at: Option<Timestamp>,
    #[diesel(deserialize_as = NullableTimestamp)]
    connected_until: Option<Timestamp>,
}

statement! {
    /// People who hold work, across organisations.
    AtWork { now: jiff_diesel::Timestamp } ->
        (sql::Uuid, sql::Uuid, sql::Text, sql::Nullable<sql::Timestamptz>, sql::Nullable<sql::Timestamptz>)
    "select s.org_id, s.user_id, s.availability, s.availability_at,
        greatest(s.connected_until, (select max(least(g.lease_until, " [now: sql::Timestamptz] "))
            from staff_connections c join gateways g on g.id = c.gateway_id
            where c.org_id = s.org_id and c.user_id = s.user_id))
     from staff s where s.units_used > 0"
}

/// People who hold work and are gone beyond the grace.
pub async fn absent_with_work(tx: &SystemTx) -> Result<Vec<(OrgId, UserId)>> {
    let now = tx.now();
    let rows: Vec<AtWorkRow> = tx.raw().rows(AtWork { now: now.to_diesel() }).await?;
    Ok(rows
        .into_iter()
        .filter(|row| {
            Presence { chosen: row.chosen, chosen_at: row.chosen_at, connected_until: row.connected_until }.is_gone(now)
        })
        .map(|row| (row.org, row.user))
        .collect())
}
