//! Who is at work: what people choose, and the live connections that back it up.

use baton_domain::access::{Actor, rights};
use baton_domain::availability::Availability;
use baton_domain::id::{ConnectionId, GatewayId, OrgId, UserId};
use baton_domain::wake::Wake;
use baton_store::{Db, SystemDb, staff};
use jiff::SignedDuration;

use crate::ctx::Can;
use crate::error::{Error, Result};
use crate::users::{self, Me};
use crate::{Ctx, routing};

/// How long a gateway's connections count after it last renewed its lease.
pub const LEASE: SignedDuration = SignedDuration::from_secs(15);

/// Stores what the caller chose. `online` wakes the queues they serve.
pub async fn set_availability(can: &Can<rights::AvailabilitySet>, db: &Db, chosen: Availability) -> Result<Me> {
    let actor = can.actor();
    let tx = db.begin("set_availability", actor.org).await?;
    if !staff::set_availability(&tx, actor.user, chosen).await? {
        return Err(Error::NotFound("staff member"));
    }
    if chosen == Availability::Online {
        routing::wake_queues_of(&tx, actor.user).await?;
    }
    tx.wake(Wake::Presence(actor.org));
    tx.commit().await?;
    let own: Can<rights::SelfManage> = Ctx::of(can.ctx().actor.clone()).allow()?;
    users::me(&own, db).await
}

/// Notes a staff member's live socket. It may make them available, so the queues they serve are woken.
pub async fn connected(db: &Db, actor: &Actor, connection: ConnectionId, gateway: GatewayId) -> Result<()> {
    let tx = db.begin("connected", actor.org).await?;
    staff::connect(&tx, connection, gateway, actor.user).await?;
    routing::wake_queues_of(&tx, actor.user).await?;
    tx.wake(Wake::Presence(actor.org));
    Ok(tx.commit().await?)
}

/// Notes the end of a staff member's socket; the grace begins if it was their last.
pub async fn disconnected(db: &Db, org: OrgId, connection: ConnectionId) -> Result<()> {
    let tx = db.begin("disconnected", org).await?;
    staff::disconnect(&tx, connection).await?;
    Ok(tx.commit().await?)
}

/// How others see that somebody of the staff is at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colleague {
    /// Who.
    pub user: UserId,
    /// What they chose.
    pub availability: Availability,
    /// Whether they chose `online` and are here, so that they may be given work.
    pub available: bool,
}

/// The whole staff of an organisation, at work or not.
pub async fn colleagues(db: &SystemDb, org: OrgId) -> Result<Vec<Colleague>> {
    let tx = db.begin("colleagues").await?.enter(org).await?;
    let (staff, now) = (staff::presences(&tx).await?, tx.now());
    tx.commit().await?;
    let colleague = |(user, disabled, presence): staff::StaffPresence| Colleague {
        user,
        availability: presence.chosen,
        available: !disabled && presence.is_available(now),
    };
    Ok(staff.into_iter().map(colleague).collect())
}

/// Begins or renews a gateway's lease ([`LEASE`] from now).
pub async fn renew_lease(db: &SystemDb, gateway: GatewayId) -> Result<()> {
    let tx = db.begin("renew_lease").await?;
    staff::renew_lease(&tx, gateway, LEASE).await?;
    Ok(tx.commit().await?)
}

/// Clears away gateways whose leases ended; their people's grace began at that end.
pub async fn reap_gateways(db: &SystemDb) -> Result<usize> {
    let tx = db.begin("reap_gateways").await?;
    let reaped = staff::reap_gateways(&tx).await?;
    tx.commit().await?;
    Ok(reaped)
}
