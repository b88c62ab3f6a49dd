//! Tickets: what staff see of them, and the little less that their customers see.

use std::str::FromStr;

use baton_domain::conversation::{Audience, Counters};
use baton_domain::id::{TicketId, UserId};
use baton_domain::ticket::{Channel, Priority, QueueState, Status, TicketSnapshot};
use baton_domain::user::Tier;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::given::{nullable, unless_absent};
use crate::list::{Limit, Several};
use crate::sla::Clock;
use crate::teams::TeamRef;
use crate::users::Person;
use crate::words;

/// A ticket as one reader or one audience sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Ticket {
    /// Which; its conversation's id too.
    #[schema(value_type = uuid::Uuid)]
    pub id: TicketId,
    /// Its number in the organisation; gaps are possible.
    pub number: i64,
    /// What it is about.
    pub subject: String,
    /// Start of the last reply.
    pub preview: String,
    /// Messages that the reader has not read; left out of events, which go to many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<i64>,
    /// Up to where the reader has read; left out of events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_seq: Option<i64>,
    /// When the last message came that the reader may see.
    #[schema(value_type = String, format = DateTime)]
    pub last_activity_at: Timestamp,
    /// Others who take part; none for now.
    pub cc: Vec<Person>,
    /// Where it is in its life.
    #[schema(value_type = words::Status)]
    pub status: Status,
    /// How urgent.
    #[schema(value_type = words::Priority)]
    pub priority: Priority,
    /// How it came in.
    #[schema(value_type = words::Channel)]
    pub channel: Channel,
    /// The customer's tier; of a ticket that is over, as it was then.
    #[schema(value_type = words::Tier)]
    pub tier: Tier,
    /// How often it was escalated; always 0 for customers.
    pub escalation_level: i16,
    /// Whose queue it is in.
    pub team: TeamRef,
    /// The customer.
    pub requester: Person,
    /// Whose basket it is in.
    pub assignee: Option<Person>,
    /// Whether, since when and where it waits.
    pub queue: Queue,
    /// Its service-level clocks, the oldest first; none for customers.
    pub sla: Vec<Clock>,
    /// Labels; none for customers.
    pub tags: Vec<String>,
    /// The organisation's own fields; empty for customers.
    #[schema(value_type = Object)]
    pub custom_fields: Value,
    /// The oldest message of the customer that nobody has answered, `null` if there is none; left out for customers.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub waiting_since: Option<Option<Timestamp>>,
    /// The ticket that this one follows.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub follow_up_of: Option<TicketId>,
    /// Moves with fields, status, assignee, team and clocks, never with a mere message.
    pub version: i64,
    /// The number of messages that the reader may see.
    pub last_seq: i64,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When anything last changed that the reader may see.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// When it was last resolved.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resolved_at: Option<Timestamp>,
}

/// A ticket's wait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = TicketQueue)]
pub struct Queue {
    /// Whether it waits.
    #[schema(value_type = words::QueueState)]
    pub state: QueueState,
    /// Its place, 1 first; `null` when it does not wait or in lists, left out of events.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub position: Option<Option<i64>>,
    /// Since when it waits, or waited.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub eligible_at: Option<Timestamp>,
    /// A forecast; `null` when there is none, left out of events.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub expected_wait_seconds: Option<Option<i64>>,
}

/// Where a ticket stands in its queue, when that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Its place, 1 first.
    pub position: Option<i64>,
    /// A forecast.
    pub expected_wait_seconds: Option<i64>,
}

impl Ticket {
    /// The ticket as `audience` sees it in events: nothing in it is one reader's.
    pub fn of(ticket: TicketSnapshot, audience: Audience) -> Self {
        let staff = audience == Audience::Staff;
        Self {
            id: ticket.id,
            number: ticket.number,
            last_activity_at: if staff { ticket.last_message_at } else { ticket.last_reply_at },
            updated_at: ticket.updated_at_for(audience),
            subject: ticket.subject,
            preview: ticket.preview,
            unread: None,
            read_seq: None,
            cc: Vec::new(),
            status: ticket.status,
            priority: ticket.priority,
            channel: ticket.channel,
            tier: ticket.tier,
            escalation_level: if staff { ticket.escalation_level } else { 0 },
            team: ticket.team.into(),
            requester: Person::of(ticket.requester, audience),
            assignee: ticket.assignee.map(|person| Person::of(person, audience)),
            queue: Queue {
                state: ticket.queue,
                position: None,
                eligible_at: ticket.eligible_at,
                expected_wait_seconds: None,
            },
            sla: if staff { ticket.clocks.into_iter().map(Into::into).collect() } else { Vec::new() },
            tags: if staff { ticket.tags } else { Vec::new() },
            custom_fields: if staff { ticket.custom_fields } else { Value::Object(Map::new()) },
            waiting_since: staff.then_some(ticket.waiting_since),
            follow_up_of: ticket.follow_up_of,
            version: ticket.version,
            last_seq: ticket.counters.of(audience),
            created_at: ticket.created_at,
            resolved_at: ticket.resolved_at,
        }
    }

    /// The ticket as a reader of `audience` sees it in answers: with how far they have `read`, and
    /// where it stands.
    pub fn for_reader(ticket: TicketSnapshot, audience: Audience, read: Counters, standing: Standing) -> Self {
        let mut ticket = Self::of(ticket, audience);
        let read_seq = read.of(audience);
        ticket.read_seq = Some(read_seq);
        ticket.unread = Some((ticket.last_seq - read_seq).max(0));
        ticket.queue.position = Some(standing.position);
        ticket.queue.expected_wait_seconds = Some(standing.expected_wait_seconds);
        ticket
    }
}

/// A ticket to open.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    /// What it is about.
    #[schema(min_length = 1, max_length = 300)]
    pub subject: String,
    /// Its first message.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 20000)]
    pub body: Option<String>,
    /// How urgent; `normal` if left out.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Priority>)]
    pub priority: Option<Priority>,
    /// How it comes in; `portal` for customers, `manual` for staff if left out.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Channel>)]
    pub channel: Option<Channel>,
    /// Slug or id of the team it goes to; the organisation's default team if left out.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(example = "support")]
    pub team: Option<String>,
    /// The customer; customers leave it out, being it themselves.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    pub requester: Option<Requester>,
    /// Labels; customers do not see them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 30)]
    pub tags: Vec<String>,
    /// The organisation's own fields; customers do not see them.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub custom_fields: Option<Map<String, Value>>,
    /// The closed ticket that it follows.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub follow_up_of: Option<TicketId>,
}

/// The customer of a ticket that staff open; unknown addresses become customers.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Requester {
    /// Address.
    #[schema(example = "cleo@example.org", max_length = 254)]
    pub email: String,
    /// Name, for one who is not known yet.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 120)]
    pub name: Option<String>,
    /// Service tier, for one who is not known yet.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Tier>)]
    pub tier: Option<Tier>,
}

/// What to change of a ticket; what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketPatch {
    /// What it is about.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 300)]
    pub subject: Option<String>,
    /// Where it is to go in its life.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Status>)]
    pub status: Option<Status>,
    /// How urgent.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Priority>)]
    pub priority: Option<Priority>,
    /// Slug or id of the team it is to go to.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// All its labels.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 30)]
    pub tags: Option<Vec<String>>,
    /// The organisation's own fields to set; a member that is `null` is removed, what is left out stays.
    #[serde(default, deserialize_with = "unless_absent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub custom_fields: Option<Map<String, Value>>,
}

/// Whose basket a ticket goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// The person; `null` puts it back into its queue.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<uuid::Uuid>, required = true)]
    pub user_id: Option<UserId>,
}

/// Active tickets as the tabs count them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// Assigned to the reader.
    pub mine: i64,
    /// Waiting in the queues that the reader may know of: their teams', or all.
    pub team_queue: i64,
    /// Assigned to nobody.
    pub unassigned: i64,
    /// Waiting for staff to answer.
    pub waiting: i64,
    /// All of them.
    pub all: i64,
    /// The feed's cursor up to which everything is counted: later events come on top.
    pub as_of: String,
}

/// Whose tickets a list is narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssigneeFilter {
    /// The reader's.
    Me,
    /// Nobody's.
    Nobody,
    /// A person's.
    User(UserId),
}

impl FromStr for AssigneeFilter {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "me" => Ok(Self::Me),
            "none" => Ok(Self::Nobody),
            id => id.parse().map(Self::User).map_err(|_| "must be me, none or a person's id"),
        }
    }
}

/// What a list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    /// Last change that the reader sees.
    UpdatedAt,
    /// Opening.
    CreatedAt,
    /// Priority, the most urgent first.
    Priority,
    /// The next promise, what has none last.
    SlaDueAt,
    /// The oldest unanswered message, what has none last.
    WaitingSince,
}

/// A list's order; a leading `-` turns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// The largest value first.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { by: SortBy::UpdatedAt, descending: true }
    }
}

impl<'de> Deserialize<'de> for Sort {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text.as_str(), false),
        };
        let by = match name {
            "updated_at" => SortBy::UpdatedAt,
            "created_at" => SortBy::CreatedAt,
            "priority" => SortBy::Priority,
            "sla_due_at" => SortBy::SlaDueAt,
            "waiting_since" => SortBy::WaitingSince,
            _ => {
                let words = "must be updated_at, created_at, priority, sla_due_at or waiting_since, with a leading - to turn it";
                return Err(serde::de::Error::custom(words));
            }
        };
        Ok(Self { by, descending })
    }
}

/// Which tickets to list; every filter narrows, values inside one widen.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct TicketsQuery {
    /// Statuses, separated by commas.
    #[param(value_type = Option<String>, example = "new,open")]
    pub status: Several<Status>,
    /// Priorities, separated by commas.
    #[param(value_type = Option<String>, example = "high,urgent")]
    pub priority: Several<Priority>,
    /// Persons' ids, `me` or `none`, separated by commas.
    #[param(value_type = Option<String>, example = "me")]
    pub assignee: Several<AssigneeFilter>,
    /// Slugs or ids of teams, separated by commas.
    #[param(value_type = Option<String>)]
    pub team: Several<String>,
    /// Customers' ids, separated by commas.
    #[param(value_type = Option<String>)]
    pub requester: Several<UserId>,
    /// Labels, separated by commas: those that carry any of them.
    #[param(value_type = Option<String>)]
    pub tag: Several<String>,
    /// States of the wait (`waiting`, `assigned`, `none`), separated by commas.
    #[param(value_type = Option<String>, example = "waiting")]
    pub queue: Several<QueueState>,
    /// Only those whose customer does, or does not, wait for an answer; staff only.
    pub waiting: Option<bool>,
    /// Only those that were, or were not, escalated; staff only.
    pub escalated: Option<bool>,
    /// Opened at or after this time.
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Opened before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
    /// A part of the subject, or the number.
    #[param(max_length = 300)]
    pub q: Option<String>,
    /// Order: `updated_at`, `created_at`, `priority`, `sla_due_at` or `waiting_since`; a leading `-` turns it.
    /// `-updated_at` if left out.
    #[param(value_type = Option<String>, example = "-updated_at")]
    pub sort: Sort,
    /// Most rows.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Limit,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
}

/// Where a list of events begins.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct TimelineQuery {
    /// Most rows.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Limit,
    /// Where the page begins: the `next_cursor` of the one before.
    pub cursor: Option<String>,
}
