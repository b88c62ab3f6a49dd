//! A helpdesk of some years, made in bulk: organisations with many tickets, and every list of an inbox.

use baton_domain::access::TicketScope;
use baton_domain::id::{OrgId, TeamId, TicketId, UserId};
use baton_domain::ticket::{QueueState, Status};
use baton_store::tickets::{ListQuery, Sort};
use baton_testkit::{Database, Login};
use uuid::Uuid;

use crate::session::Session;

/// Rows of a page, one more than is shown.
pub(crate) const LIMIT: i64 = 26;
pub(crate) const TEAMS: usize = 6;
pub(crate) const STAFF: usize = 40;
pub(crate) const STATUSES: usize = 6;
pub(crate) const SORTS: [Sort; 5] =
    [Sort::UpdatedAt, Sort::CreatedAt, Sort::Priority, Sort::SlaDueAt, Sort::WaitingSince];
/// Tables that grow with use: none of them is ever read from end to end.
pub(crate) const GROWING: &[&str] = &[
    "tickets",
    "conversations",
    "messages",
    "events",
    "users",
    "read_marks",
    "ticket_tags",
    "sla_clocks",
    "notifications",
];

/// What of a list its reader chooses.
pub(crate) type Filter<'a> = Box<dyn Fn(&mut ListQuery) + 'a>;

/// Organisations with many tickets, the first with most of them.
pub(crate) struct Helpdesk {
    pub(crate) database: Database,
    pub(crate) org: OrgId,
    pub(crate) tickets: i64,
    pub(crate) teams: Vec<TeamId>,
    pub(crate) leader: UserId,
    pub(crate) customer: UserId,
    /// A ticket whose conversation is very long.
    pub(crate) long: TicketId,
    /// How long.
    pub(crate) messages: i64,
}

fn org(n: u128) -> OrgId {
    OrgId(Uuid::from_u128(n))
}

/// The statements that fill one organisation.
fn filling(org: OrgId, tickets: i64, customers: i64) -> String {
    format!(
        "
insert into organizations (id, slug, name) values ('{org}', 'org-' || right('{org}', 3), 'Org');
insert into teams (org_id, id, slug, name)
    select '{org}', md5('{org}team' || i)::uuid, 'team-' || i, 'Team ' || i from generate_series(0, {TEAMS} - 1) i;
insert into queues (org_id, team_id) select org_id, id from teams where org_id = '{org}';
insert into users (org_id, id, email, name, role)
    select '{org}', md5('{org}staff' || i)::uuid, 'staff' || i || '@x.example', 'Staff ' || i, 'team_leader'
    from generate_series(0, {STAFF} - 1) i;
insert into users (org_id, id, email, name, role)
    select '{org}', md5('{org}customer' || i)::uuid, 'customer' || i || '@x.example', 'Customer ' || i, 'customer'
    from generate_series(0, {customers} - 1) i;
insert into staff (org_id, user_id) select org_id, id from users where org_id = '{org}' and role = 'team_leader';
insert into team_members (org_id, team_id, user_id, role)
    select '{org}', md5('{org}team' || i % {TEAMS})::uuid, md5('{org}staff' || i)::uuid, 'leader'
    from generate_series(0, {STAFF} - 1) i;
insert into conversations (org_id, id, kind, last_message_at, last_reply_at)
    select '{org}', md5('{org}ticket' || n)::uuid, 'ticket', now(), now() from generate_series(1, {tickets}) n;
insert into tickets (org_id, id, number, subject, status, priority, channel, tier, team_id, requester_id, assignee_id,
    queue_state, eligible_at, waiting_since, sla_due_at, created_at, updated_at, public_updated_at)
select '{org}', md5('{org}ticket' || n)::uuid, n, 'Ticket ' || n, status,
    case when r4 < 0.05 then 'urgent' when r4 < 0.2 then 'high' when r4 < 0.85 then 'normal' else 'low' end,
    'portal', 'normal', md5('{org}team' || floor({TEAMS} * power(r1, 1.5)))::uuid,
    md5('{org}customer' || floor({customers} * r6))::uuid,
    case when assigned then md5('{org}staff' || floor({STAFF} * r3))::uuid end,
    case when status not in ('new', 'open') then 'none' when assigned then 'assigned' else 'waiting' end,
    created, case when status in ('new', 'open') and r5 < 0.7 then created + r5 * interval '1 day' end,
    case when status in ('new', 'open', 'on_hold') and r5 < 0.6 then created + interval '8 hours' end,
    created, created + r3 * interval '5 days', created + r3 * interval '4 days'
from (select *, status <> 'new' and r5 < 0.98 as assigned, timestamptz '2026-01-01' + n * interval '10 s' as created
    from (select n, r1, r3, r4, r5, r6, case when r2 < 0.8 then 'closed' when r2 < 0.92 then 'resolved'
            when r2 < 0.95 then 'waiting' when r2 < 0.96 then 'on_hold' when r2 < 0.99 then 'open' else 'new' end as status
        from (select n, random() r1, random() r2, random() r3, random() r4, random() r5, random() r6
            from generate_series(1, {tickets}) n offset 0) dice) drawn) made;
insert into sla_policies (org_id, id, version, name, position, rule, is_default, current, created_at)
    values ('{org}', md5('{org}policy')::uuid, 1, 'Normal', 0, '{{}}', true, true, now());
insert into sla_clocks (org_id, ticket_id, id, metric, state, started_at, due_at, target_ms, paused_ms, met_at, fire_at,
    policy_id, policy_version, policy_name)
select '{org}', id, md5(id::text || metric)::uuid, metric, case when is_open then 'running' else 'met' end, created_at,
    created_at, 1000, 0, case when not is_open then created_at end,
    case when is_open then now() + case when number % 1000 = 0 then interval '-1 s' else interval '1 day' end end,
    md5('{org}policy')::uuid, 1, 'Normal'
from (select *, status in ('new', 'open') as is_open from tickets where org_id = '{org}') t,
    unnest(array['first_response', 'resolution']) metric;
insert into notifications (org_id, user_id, id, kind, ticket_id, ticket_number, subject, by, created_at, read_at)
    select org_id, md5('{org}staff' || number % {STAFF})::uuid, id, 'assigned', id, number, subject,
        '{{\"kind\": \"system\", \"name\": \"routing\"}}', created_at, case when number % 500 <> 0 then created_at end
    from tickets where org_id = '{org}';
insert into ticket_tags (org_id, ticket_id, tag)
    select org_id, id, 'tag-' || number % 7 from tickets where org_id = '{org}' and number % 5 = 0;
insert into read_marks (org_id, conversation_id, user_id, seq, public_seq)
    select org_id, id, md5('{org}staff0')::uuid, 0, 0 from tickets where org_id = '{org}' and number % 3 = 0;
"
    )
}

/// A conversation of many messages: every tenth a note, an event for each, and now and then one of the
/// ticket itself.
fn lengthening(org: OrgId, long: TicketId, messages: i64) -> String {
    format!(
        "
insert into messages (org_id, conversation_id, seq, public_seq, id, kind, body, author_id, created_at)
    select '{org}', '{long}', n, n - n / 10, md5('message' || n)::uuid,
        case when n % 10 = 0 then 'note' else 'reply' end, 'Hello ' || n, md5('{org}staff0')::uuid, now()
    from generate_series(1, {messages}) n;
insert into events (org_id, id, type, at, conversation_id, rooms, by, data)
    select '{org}', lpad(to_hex(n), 32, '0')::uuid,
        case when n % 500 = 0 then 'ticket:removed' else 'message:created' end, now(), '{long}', '{{}}',
        '{{\"kind\": \"system\", \"name\": \"test\"}}', '{{\"ticket\": {{\"id\": \"{long}\", \"version\": 1}}}}'
    from generate_series(1, {messages}) n;
update conversations set last_seq = {messages} where id = '{long}';
"
    )
}

impl Helpdesk {
    pub(crate) async fn of(tickets: i64, messages: i64) -> Self {
        let database = baton_testkit::database().await;
        let owner = Session::open(&database, Login::Owner).await;
        // References hold by construction; nothing but these statements is to be counted.
        owner.run("set session_replication_role = replica; select setseed(0.5)").await;
        for table in GROWING {
            owner.run(&format!("alter table {table} set (autovacuum_enabled = false)")).await;
        }
        let big = tickets * 7 / 10;
        owner.run(&filling(org(1), big, big / 40)).await;
        owner.run(&filling(org(2), tickets * 2 / 10, 300)).await;
        owner.run(&filling(org(3), tickets / 10, 300)).await;
        let id = async |what: &str| -> Uuid {
            owner.column(&format!("select md5('{}{what}')::uuid", org(1))).await[0].parse().unwrap()
        };
        let mut teams = Vec::new();
        for n in 0..TEAMS {
            teams.push(TeamId(id(&format!("team{n}")).await));
        }
        let long = TicketId::from(id("ticket1").await);
        owner.run(&lengthening(org(1), long, messages)).await;
        owner.run("vacuum analyze").await;
        Self {
            org: org(1),
            tickets: big,
            leader: UserId(id("staff0").await),
            customer: UserId(id("customer0").await),
            teams,
            long,
            messages,
            database,
        }
    }

    pub(crate) async fn owner(&self) -> Session {
        Session::open(&self.database, Login::Owner).await
    }

    pub(crate) fn query(&self, scope: TicketScope, sort: Sort) -> ListQuery {
        ListQuery {
            scope,
            reader: self.leader,
            statuses: Vec::new(),
            priorities: Vec::new(),
            teams: Vec::new(),
            assignees: Vec::new(),
            unassigned: false,
            requesters: Vec::new(),
            tags: Vec::new(),
            queues: Vec::new(),
            unanswered: None,
            escalated: None,
            from: None,
            to: None,
            text: None,
            sort,
            // Newest first; else the most urgent first.
            descending: matches!(sort, Sort::UpdatedAt | Sort::CreatedAt),
            after: None,
            limit: LIMIT,
        }
    }

    pub(crate) fn scopes(&self) -> [(&'static str, TicketScope); 3] {
        [
            ("supervisor", TicketScope::All),
            ("leader", TicketScope::Teams { teams: self.teams[..2].to_vec(), user: self.leader }),
            ("customer", TicketScope::Requester(self.customer)),
        ]
    }

    pub(crate) fn filters(&self) -> Vec<(&'static str, Filter<'_>)> {
        vec![
            ("all", Box::new(|_| {})),
            ("new, open", Box::new(|query| query.statuses = vec![Status::New, Status::Open])),
            ("mine", Box::new(|query| query.assignees = vec![self.leader])),
            (
                "mine, new, open",
                Box::new(|query| {
                    query.assignees = vec![self.leader];
                    query.statuses = vec![Status::New, Status::Open];
                }),
            ),
            ("unassigned", Box::new(|query| query.unassigned = true)),
            ("waiting", Box::new(|query| query.queues = vec![QueueState::Waiting])),
            ("unanswered", Box::new(|query| query.unanswered = Some(true))),
            ("team", Box::new(|query| query.teams = vec![self.teams[1]])),
        ]
    }

    /// Every list of the inbox, by name.
    pub(crate) fn lists(&self) -> Vec<(String, ListQuery)> {
        let mut lists = Vec::new();
        for (who, scope) in self.scopes() {
            for (what, filter) in self.filters() {
                for sort in SORTS {
                    let mut query = self.query(scope.clone(), sort);
                    filter(&mut query);
                    lists.push((format!("{who}: {what} by {sort:?}"), query));
                }
            }
        }
        lists
    }
}
