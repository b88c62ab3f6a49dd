//! Who may do what: permissions, the roles that hold them, and which tickets a person may know of.

use crate::id::{OrgId, SessionId, TeamId, UserId};
use crate::text_enum::text_enum;
use crate::user::{Person, Role};

text_enum! {
    /// One thing a person may be allowed to do. Which tickets it reaches is [`TicketScope`]'s.
    Permission {
        /// Read tickets, their messages and timeline, as far as the scope reaches.
        TicketsView = "tickets.view",
        /// Know of every ticket of the organisation.
        TicketsViewAll = "tickets.view_all",
        /// Open a ticket.
        TicketsCreate = "tickets.create",
        /// Open a ticket in somebody else's name.
        TicketsCreateFor = "tickets.create_for",
        /// Change status, fields, tags, team.
        TicketsUpdate = "tickets.update",
        /// Give a ticket to a person, or take it away.
        TicketsAssign = "tickets.assign",
        /// Take a ticket for oneself.
        TicketsClaim = "tickets.claim",
        /// Delete a ticket (softly).
        TicketsDelete = "tickets.delete",
        /// Send a message that every participant sees.
        MessagesReply = "messages.reply",
        /// Write and read notes, which only staff see.
        MessagesNote = "messages.note",
        /// See why a ticket was given to whom.
        AssignmentsView = "assignments.view",
        /// See the queues and who is at work.
        QueuesView = "queues.view",
        /// See the worker processes.
        WorkersView = "workers.view",
        /// See the organisation's jobs: outside work and how it stands.
        JobsView = "jobs.view",
        /// Have a job tried again.
        JobsManage = "jobs.manage",
        /// Choose one's own availability.
        AvailabilitySet = "availability.set",
        /// See the people of the organisation.
        UsersView = "users.view",
        /// Add, change and disable people; set capacity.
        UsersManage = "users.manage",
        /// See teams and their members.
        TeamsView = "teams.view",
        /// Add and change teams and their members.
        TeamsManage = "teams.manage",
        /// See the clocks of tickets and the policies behind them.
        SlaView = "sla.view",
        /// Add and change policies.
        SlaManage = "sla.manage",
        /// See and change what is one's own: profile, sessions, notifications.
        SelfManage = "self.manage",
    }
}

use Permission as P;

const CUSTOMER: &[P] = &[P::TicketsView, P::TicketsCreate, P::MessagesReply, P::SelfManage];
const AGENT: &[P] = &[
    P::TicketsView,
    P::TicketsCreate,
    P::TicketsCreateFor,
    P::TicketsUpdate,
    P::TicketsAssign,
    P::TicketsClaim,
    P::MessagesReply,
    P::MessagesNote,
    P::AssignmentsView,
    P::QueuesView,
    P::AvailabilitySet,
    P::UsersView,
    P::TeamsView,
    P::SlaView,
    P::SelfManage,
];
const TEAM_LEADER: &[P] = AGENT;
const SUPERVISOR: &[P] = &[
    P::TicketsView,
    P::TicketsViewAll,
    P::TicketsCreate,
    P::TicketsCreateFor,
    P::TicketsUpdate,
    P::TicketsAssign,
    P::TicketsClaim,
    P::TicketsDelete,
    P::MessagesReply,
    P::MessagesNote,
    P::AssignmentsView,
    P::QueuesView,
    P::WorkersView,
    P::JobsView,
    P::JobsManage,
    P::AvailabilitySet,
    P::UsersView,
    P::TeamsView,
    P::SlaView,
    P::SelfManage,
];

/// The permissions of a built-in role.
pub const fn permissions_of(role: Role) -> &'static [Permission] {
    match role {
        Role::Admin => Permission::ALL,
        Role::Supervisor => SUPERVISOR,
        Role::TeamLeader => TEAM_LEADER,
        Role::Agent => AGENT,
        Role::Customer => CUSTOMER,
    }
}

/// A permission as a type, so that a signature can demand it ([`rights`]).
pub trait Right: Send + Sync + 'static {
    /// The permission it stands for.
    const PERMISSION: Permission;
}

/// One type per permission: a use case names the one it needs in its signature, and only a
/// checked actor can produce it.
pub mod rights {
    use super::{Permission, Right};

    macro_rules! rights {
        ($($name:ident),+ $(,)?) => { $(
            #[doc = concat!("Demands [`Permission::", stringify!($name), "`].")]
            #[derive(Debug, Clone, Copy)]
            pub struct $name;
            impl Right for $name {
                const PERMISSION: Permission = Permission::$name;
            }
        )+ };
    }

    rights! {
        TicketsView, TicketsCreate, TicketsUpdate, TicketsAssign, TicketsClaim, TicketsDelete, MessagesReply,
        AssignmentsView, QueuesView, WorkersView, JobsView, JobsManage, AvailabilitySet, UsersView, UsersManage, TeamsView,
        TeamsManage, SlaView, SlaManage, SelfManage,
    }
}

/// A signed-in person with all that decides what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The organisation they act in.
    pub org: OrgId,
    /// The sign-in they act under.
    pub session: SessionId,
    /// Who.
    pub user: UserId,
    /// Display name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Role, which gives the permissions.
    pub role: Role,
    /// Teams they are members of, in id order.
    pub teams: Vec<TeamId>,
}

impl Actor {
    /// Whether their role holds `permission`.
    pub fn may(&self, permission: Permission) -> bool {
        permissions_of(self.role).contains(&permission)
    }

    /// Which tickets they may know of.
    pub fn ticket_scope(&self) -> TicketScope {
        if self.may(Permission::TicketsViewAll) {
            TicketScope::All
        } else if self.role.is_staff() {
            TicketScope::Teams { teams: self.teams.clone(), user: self.user }
        } else {
            TicketScope::Requester(self.user)
        }
    }

    /// Whether they may know of a ticket that belongs so.
    pub fn sees(&self, place: &TicketPlace) -> bool {
        self.ticket_scope().reaches(place)
    }

    /// How others see them.
    pub fn person(&self) -> Person {
        Person { id: self.user, name: self.name.clone(), email: Some(self.email.clone()), role: self.role }
    }
}

/// What of a ticket decides who may know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketPlace {
    /// The team whose queue it is in.
    pub team: TeamId,
    /// The person it is assigned to.
    pub assignee: Option<UserId>,
    /// The customer who asked.
    pub requester: UserId,
}

/// Which tickets a person may know of; the rest answer as if they did not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketScope {
    /// Every ticket of the organisation.
    All,
    /// Those of these teams, and those assigned to this person.
    Teams {
        /// The person's teams.
        teams: Vec<TeamId>,
        /// The person.
        user: UserId,
    },
    /// Those this customer asked for.
    Requester(UserId),
}

impl TicketScope {
    /// Whether a ticket that belongs so is within reach.
    pub fn reaches(&self, place: &TicketPlace) -> bool {
        match self {
            Self::All => true,
            Self::Teams { teams, user } => teams.contains(&place.team) || place.assignee == Some(*user),
            Self::Requester(user) => place.requester == *user,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn actor(role: Role, user: u128, teams: &[u128]) -> Actor {
        Actor {
            org: OrgId(Uuid::from_u128(1)),
            session: SessionId(Uuid::from_u128(2)),
            user: UserId(Uuid::from_u128(user)),
            name: "Ana".into(),
            email: "ana@example.org".into(),
            role,
            teams: teams.iter().map(|t| TeamId(Uuid::from_u128(*t))).collect(),
        }
    }

    #[rstest::rstest]
    #[case::supervisor_sees_all(Role::Supervisor, 9, &[], true)]
    #[case::leader_of_the_team(Role::TeamLeader, 9, &[7], true)]
    #[case::leader_of_another_team(Role::TeamLeader, 9, &[8], false)]
    #[case::assignee_outside_the_team(Role::Agent, 5, &[8], true)]
    #[case::the_requester(Role::Customer, 6, &[], true)]
    #[case::a_stranger(Role::Customer, 9, &[], false)]
    #[case::a_customer_has_no_use_of_a_team(Role::Customer, 9, &[7], false)]
    fn who_sees_a_ticket(#[case] role: Role, #[case] user: u128, #[case] teams: &[u128], #[case] sees: bool) {
        let place = TicketPlace {
            team: TeamId(Uuid::from_u128(7)),
            assignee: Some(UserId(Uuid::from_u128(5))),
            requester: UserId(Uuid::from_u128(6)),
        };
        assert_eq!(actor(role, user, teams).sees(&place), sees);
    }

    #[test]
    fn customers_hold_nothing_of_the_staff() {
        for permission in permissions_of(Role::Customer) {
            assert!(
                matches!(permission, P::TicketsView | P::TicketsCreate | P::MessagesReply | P::SelfManage),
                "{permission} is not for customers"
            );
        }
    }
}
