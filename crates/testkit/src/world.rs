//! Builders: an organisation with teams, leaders and customers, made through the use cases.

use std::sync::Arc;

use baton_app::tickets::{OpenTicket, TicketView};
use baton_app::users::NewUser;
use baton_app::{Can, Ctx, Db, SystemDb, new_id, organizations, presence, tickets};
use baton_domain::access::{Actor, Right};
use baton_domain::availability::Availability;
use baton_domain::id::{ConnectionId, GatewayId, OrgId, TeamId};
use baton_domain::routing::MemberRole;
use baton_domain::ticket::Priority;
use baton_domain::user::{Role, Tier};

use crate::clock::TestClock;
use crate::database::{Database, database};

/// A database, a clock and the pools over them.
#[derive(Debug, Clone)]
pub struct World {
    /// The test's database.
    pub database: Database,
    /// As `baton_app`.
    pub db: Db,
    /// As `baton_system`.
    pub system: SystemDb,
    /// The time of every transaction.
    pub clock: TestClock,
}

/// An organisation in it.
#[derive(Debug, Clone)]
pub struct Organization {
    /// The world it is in.
    pub world: World,
    /// Its id.
    pub id: OrgId,
    /// Its default team.
    pub support: TeamId,
    /// Its other team.
    pub billing: TeamId,
}

/// A member of staff.
#[derive(Debug, Clone)]
pub struct Leader {
    /// Who acts.
    pub actor: Arc<Actor>,
}

/// A customer.
#[derive(Debug, Clone)]
pub struct Customer {
    /// Who acts.
    pub actor: Arc<Actor>,
}

impl World {
    /// A fresh database under a clock that stands still.
    pub async fn new() -> Self {
        let database = database().await;
        let clock = TestClock::new();
        let db = database.app().await.with_clock(clock.as_clock());
        let system = database.system().await.with_clock(clock.as_clock());
        Self { database, db, system, clock }
    }

    /// An organisation with the teams `support` (default) and `billing`.
    pub async fn organization(&self, slug: &str) -> Organization {
        let id = organizations::create(&self.db, slug, slug).await.expect("an organisation");
        let support = organizations::add_team(&self.db, id, "support", "Support").await.expect("a team");
        let billing = organizations::add_team(&self.db, id, "billing", "Billing").await.expect("a team");
        Organization { world: self.clone(), id, support, billing }
    }
}

impl Organization {
    /// A person of `role`, member of `teams` as leader or member.
    pub async fn person(&self, role: Role, name: &str, teams: &[(TeamId, MemberRole)]) -> Arc<Actor> {
        self.person_of(role, name, Tier::Normal, teams).await
    }

    async fn person_of(&self, role: Role, name: &str, tier: Tier, teams: &[(TeamId, MemberRole)]) -> Arc<Actor> {
        let email = format!("{}@{}.example", name.to_lowercase().replace(' ', "."), self.id);
        let new =
            NewUser { email: email.clone(), name: name.to_owned(), role, tier, password: None, units_limit: None };
        let user = organizations::add_user(&self.world.db, self.id, new, None, teams).await.expect("a person");
        let mut teams: Vec<_> = teams.iter().map(|(team, _)| *team).collect();
        teams.sort();
        Arc::new(Actor { org: self.id, session: new_id(), user, name: name.to_owned(), email, role, teams })
    }

    /// A team leader of the support team.
    pub async fn leader(&self, name: &str) -> Leader {
        Leader { actor: self.person(Role::TeamLeader, name, &[(self.support, MemberRole::Leader)]).await }
    }

    /// A customer.
    pub async fn customer(&self, name: &str) -> Customer {
        Customer { actor: self.person(Role::Customer, name, &[]).await }
    }

    /// The demo organisation's promises: VIP 2 h with escalation, all others 24 h with notice.
    pub async fn promises(&self) {
        organizations::make_promises(&self.world.db, self.id).await.expect("policies");
    }

    /// A customer of the tier VIP.
    pub async fn vip(&self, name: &str) -> Customer {
        Customer { actor: self.person_of(Role::Customer, name, Tier::Vip, &[]).await }
    }

    /// Makes somebody available: `online`, within the grace of choosing.
    pub async fn online(&self, who: &Arc<Actor>) {
        presence::set_availability(&can(who), &self.world.db, Availability::Online).await.expect("online");
    }

    /// A live connection of somebody, through a gateway that holds a lease.
    pub async fn connect(&self, who: &Arc<Actor>) -> (GatewayId, ConnectionId) {
        let (gateway, connection) = (new_id(), new_id());
        presence::renew_lease(&self.world.system, gateway).await.expect("a lease");
        presence::connected(&self.world.db, who, connection, gateway).await.expect("a connection");
        (gateway, connection)
    }
}

impl Customer {
    /// Opens a ticket with a first message.
    pub async fn opens(&self, org: &Organization, subject: &str) -> TicketView {
        self.opens_at(org, subject, Priority::Normal).await
    }

    /// Opens a ticket of some urgency.
    pub async fn opens_at(&self, org: &Organization, subject: &str, priority: Priority) -> TicketView {
        tickets::open(&can(&self.actor), &org.world.db, wish(subject, priority)).await.expect("a ticket")
    }
}

/// A plain wish for a ticket.
pub fn wish(subject: &str, priority: Priority) -> OpenTicket {
    OpenTicket {
        subject: subject.to_owned(),
        body: Some(format!("{subject}, please help")),
        priority,
        channel: None,
        team: None,
        requester: None,
        tags: Vec::new(),
        custom_fields: serde_json::json!({}),
        follow_up_of: None,
    }
}

/// The proof that `who` holds the right `R`; the test fails if they do not.
pub fn can<R: Right>(who: &Arc<Actor>) -> Can<R> {
    Ctx::of(Arc::clone(who)).allow().expect("the right")
}
