//! One organisation never sees, changes or makes another's rows: first what the catalogue says of
//! every table, whatever tables there will be; then what Postgres does, table by table; then what is
//! left of a scope on a connection after everything that can end a transaction.

use std::collections::BTreeMap;

use baton_domain::event::By;
use baton_domain::id::{DecisionId, JobId, NotificationId, OrgId, SessionId, TeamId};
use baton_domain::jobs::JobKind;
use baton_domain::notification::{Notification, NotificationKind, TicketName};
use baton_domain::routing::{Policy, Trigger};
use baton_domain::user::Role;
use baton_store::{
    Db, SystemTx, assignments, conversations, feed, idempotency, jobs, notifications, sessions, teams, users,
};
use baton_testkit::{Login, Organization, World};
use uuid::Uuid;

use crate::session::{Duration, Session, backends, options, pool, somebody_waits, team};

/// Tables without row-level security, and why.
const OPEN: &[(&str, &str)] = &[
    ("__diesel_schema_migrations", "the schema's history; services only read it"),
    ("feed_head", "one number of the whole installation: the last position given"),
    ("gateways", "processes, which serve every organisation; no organisation's data"),
    ("schedules", "when cron ticked; no organisation's data"),
    ("workers", "processes, which serve every organisation; no organisation's data"),
];

/// Tables under row-level security whose key does not begin with the organisation, and why.
const KEYED_OTHERWISE: &[(&str, &str)] = &[
    ("feed", "the position is the one order of all organisations"),
    ("organizations", "its id is the organisation"),
    ("outbox", "the ordinal is drawn across all organisations"),
];

/// What `baton_system` may do by itself, table by table; of some only single columns, by which it claims what to do or
/// finds what is over, and none that says what a row is about.
const CLAIMABLE: &[&str] = &[
    "__diesel_schema_migrations: SELECT",
    "events: SELECT",
    "feed: DELETE INSERT SELECT",
    "feed_head: SELECT UPDATE",
    "gateways: DELETE INSERT SELECT UPDATE",
    "idempotency_keys: DELETE",
    "jobs: DELETE",
    "outbox: DELETE SELECT",
    "queues: SELECT",
    "refresh_tokens: DELETE",
    "schedules: INSERT SELECT UPDATE",
    "sessions: DELETE",
    "staff: SELECT",
    "staff_connections: DELETE SELECT",
    "workers: DELETE INSERT SELECT UPDATE",
];
const CLAIMABLE_COLUMNS: &[&str] = &[
    "idempotency_keys.created_at: SELECT",
    "idempotency_keys.key: SELECT",
    "idempotency_keys.method: SELECT",
    "idempotency_keys.org_id: SELECT",
    "idempotency_keys.path: SELECT",
    "idempotency_keys.user_id: SELECT",
    "jobs.attempts: SELECT",
    "jobs.attempts: UPDATE",
    "jobs.fence: SELECT",
    "jobs.fence: UPDATE",
    "jobs.finished_at: SELECT",
    "jobs.finished_at: UPDATE",
    "jobs.id: SELECT",
    "jobs.kind: SELECT",
    "jobs.last_error: UPDATE",
    "jobs.lease_until: SELECT",
    "jobs.lease_until: UPDATE",
    "jobs.max_attempts: SELECT",
    "jobs.org_id: SELECT",
    "jobs.run_at: SELECT",
    "jobs.run_at: UPDATE",
    "jobs.state: SELECT",
    "jobs.state: UPDATE",
    "jobs.suspect: SELECT",
    "jobs.suspect: UPDATE",
    "jobs.trace: SELECT",
    "jobs.worker_id: SELECT",
    "jobs.worker_id: UPDATE",
    "refresh_tokens.hash: SELECT",
    "refresh_tokens.org_id: SELECT",
    "refresh_tokens.session_id: SELECT",
    "refresh_tokens.spent_at: SELECT",
    "sessions.expires_at: SELECT",
    "sessions.id: SELECT",
    "sessions.org_id: SELECT",
    "sessions.revoked_at: SELECT",
    "sla_clocks.fire_at: SELECT",
    "sla_clocks.org_id: SELECT",
    "sla_clocks.ticket_id: SELECT",
    "staff.connected_until: UPDATE",
    "tickets.eligible_at: SELECT",
    "tickets.id: SELECT",
    "tickets.org_id: SELECT",
    "tickets.queue_state: SELECT",
    "tickets.team_id: SELECT",
];

/// Functions that run with their owner's rights. Each applies the organisation itself, but the last.
const DEFINERS: &[&str] = &["baton_create_number_sequence", "baton_next_ticket_number", "baton_org_by_slug"];

fn names(list: &[(&str, &str)]) -> Vec<String> {
    list.iter().map(|(name, _)| (*name).to_owned()).collect()
}

async fn catalogue(query: &str) -> Vec<String> {
    baton_testkit::database().await.lines(query).await
}

// ---------------------------------------------------------------- what the catalogue says

#[tokio::test]
async fn every_table_is_closed_and_forced_unless_the_list_says_why_not() {
    let open = catalogue(
        "select relname::text as line from pg_class
         where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'm', 'v', 'f')
            and not (relrowsecurity and relforcerowsecurity) order by 1",
    )
    .await;
    assert_eq!(open, names(OPEN));
}

#[tokio::test]
async fn every_closed_table_lets_baton_app_through_by_the_organisation_alone() {
    let odd = catalogue(
        "select c.relname || ': ' || coalesce(string_agg(pol.qual || ' / ' || pol.with_check, '; '), 'none') as line
         from pg_class c left join pg_policies pol on pol.tablename = c.relname and 'baton_app' = any(pol.roles)
         where c.relnamespace = 'public'::regnamespace and c.relrowsecurity
         group by c.relname
         having count(pol.policyname) <> 1
            or bool_or(pol.permissive <> 'PERMISSIVE' or pol.cmd <> 'ALL')
            or bool_or(pol.qual is distinct from pol.with_check)
            or bool_or(pol.qual <> format('(%s = ( SELECT baton_org() AS baton_org))',
                case c.relname when 'organizations' then 'id' else 'org_id' end))",
    )
    .await;
    assert_eq!(odd, Vec::<String>::new());
    let for_everybody =
        catalogue("select tablename || '.' || policyname as line from pg_policies where 'public' = any(roles)").await;
    assert_eq!(for_everybody, Vec::<String>::new());
}

#[tokio::test]
async fn every_key_and_every_reference_carries_the_organisation() {
    let keyed_otherwise = catalogue(
        "select c.relname::text as line from pg_class c
         left join pg_index i on i.indrelid = c.oid and i.indisprimary
         left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
         where c.relnamespace = 'public'::regnamespace and c.relrowsecurity and a.attname is distinct from 'org_id'
         order by 1",
    )
    .await;
    assert_eq!(keyed_otherwise, names(KEYED_OTHERWISE));

    // A reference between two organisations' tables that left the organisation out could point across.
    let across = catalogue(
        "select k.conrelid::regclass || '.' || k.conname as line
         from pg_constraint k join pg_class f on f.oid = k.confrelid
         where k.contype = 'f' and f.relrowsecurity and not exists (
            select from unnest(k.conkey, k.confkey) pair (here, there)
                join pg_attribute h on h.attrelid = k.conrelid and h.attnum = pair.here
                join pg_attribute t on t.attrelid = k.confrelid and t.attnum = pair.there
            where h.attname = case when k.conrelid = 'organizations'::regclass then 'id' else 'org_id' end
                and t.attname = case when k.confrelid = 'organizations'::regclass then 'id' else 'org_id' end)",
    )
    .await;
    assert_eq!(across, Vec::<String>::new());
}

#[tokio::test]
async fn the_services_roles_are_nobody_special() {
    let roles = catalogue(
        "select rolname || ' ' || concat_ws(' ', case when rolsuper then 'superuser' end,
            case when rolbypassrls then 'bypassrls' end, case when rolcreaterole then 'createrole' end,
            case when rolcreatedb then 'createdb' end, case when rolreplication then 'replication' end,
            case when rolinherit then 'inherit' end) as line
         from pg_roles where rolname in ('baton_app', 'baton_system') order by 1",
    )
    .await;
    assert_eq!(roles, ["baton_app ", "baton_system "]);
    let memberships = catalogue(
        "select member::regrole || ' is ' || roleid::regrole as line from pg_auth_members
         where member in ('baton_app'::regrole, 'baton_system'::regrole)",
    )
    .await;
    assert_eq!(memberships, ["baton_system is baton_app"]);
    let owned = catalogue(
        "select classid::regclass || ' ' || objid as line from pg_shdepend
         where deptype = 'o' and refobjid in ('baton_app'::regrole, 'baton_system'::regrole)",
    )
    .await;
    assert_eq!(owned, Vec::<String>::new(), "an owner is above its own policies");
}

#[tokio::test]
async fn history_is_written_once() {
    for table in ["messages", "events", "assignments"] {
        for right in ["update", "delete", "truncate"] {
            let query = format!(
                "select (has_table_privilege('baton_app', '{table}', '{right}')
                    or has_table_privilege('baton_system', '{table}', '{right}'))::text as line"
            );
            assert_eq!(catalogue(&query).await, ["false"], "{right} on {table}");
        }
        let columns = format!("select has_any_column_privilege('baton_app', '{table}', 'update')::text as line");
        assert_eq!(catalogue(&columns).await, ["false"], "update of a column of {table}");
    }
}

#[tokio::test]
async fn the_claiming_role_holds_what_the_list_says_and_no_more() {
    let tables = catalogue(
        "select table_name || ': ' || string_agg(privilege_type, ' ' order by privilege_type) as line
         from information_schema.role_table_grants where grantee = 'baton_system' group by table_name order by 1",
    )
    .await;
    assert_eq!(tables, CLAIMABLE);
    let columns = catalogue(
        "select c.table_name || '.' || c.column_name || ': ' || c.privilege_type as line
         from information_schema.role_column_grants c where c.grantee = 'baton_system' and not exists (
            select from information_schema.role_table_grants t where t.grantee = 'baton_system'
                and t.table_name = c.table_name and t.privilege_type = c.privilege_type) order by 1",
    )
    .await;
    assert_eq!(columns, CLAIMABLE_COLUMNS);
}

#[tokio::test]
async fn functions_with_their_owners_rights_are_listed_and_pinned() {
    let definers = catalogue(
        "select proname::text as line from pg_proc where pronamespace = 'public'::regnamespace and prosecdef order by 1",
    )
    .await;
    assert_eq!(definers, DEFINERS);
    let loose = catalogue(
        "select proname::text as line from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
            and (coalesce(array_to_string(proconfig, ','), '') not like 'search_path=public, pg_temp%'
                or has_function_privilege('public', oid, 'execute')
                or has_function_privilege('baton_system', oid, 'execute'))",
    )
    .await;
    assert_eq!(loose, Vec::<String>::new(), "a search path of the caller's choice, or open to everybody");
}

// ---------------------------------------------------------------- what Postgres does

/// Two organisations with a row in every table there is.
struct Neighbours {
    world: World,
    ours: Organization,
    theirs: Organization,
}

impl Neighbours {
    async fn new() -> Self {
        let world = World::new().await;
        let ours = world.organization("ours").await;
        let theirs = world.organization("theirs").await;
        for (salt, org) in [(1, &ours), (2, &theirs)] {
            fill(org, salt).await;
        }
        place(&world).await;
        for org in [&ours, &theirs] {
            let late = org.customer("Late").await;
            late.opens(org, "Still in the outbox").await;
        }
        Self { world, ours, theirs }
    }

    async fn owner(&self) -> Session {
        Session::open(&self.world.database, Login::Owner).await
    }
}

/// Something of everything for an organisation.
async fn fill(org: &Organization, salt: u128) {
    let world = &org.world;
    let leader = org.leader("Ana").await;
    let customer = org.customer("Cleo").await;
    org.connect(&leader.actor).await;
    org.promises().await;
    let ticket = customer.opens(org, "Printer").await.ticket;

    let tx = world.db.begin("fill", org.id).await.unwrap();
    baton_store::tickets::replace_tags(&tx, ticket.id, &["hot".to_owned()]).await.unwrap();
    let session = sessions::NewSession {
        id: SessionId(Uuid::from_u128(salt)),
        user: leader.actor.user,
        user_agent: String::new(),
        expires_at: tx.now(),
        token_hash: salt.to_be_bytes().to_vec(),
    };
    sessions::insert(&tx, session).await.unwrap();
    let key =
        idempotency::Scope { user: leader.actor.user, method: "POST".into(), path: "/".into(), key: "one".into() };
    idempotency::insert(&tx, &key, vec![1], serde_json::json!({})).await.unwrap();
    let told = Notification {
        id: NotificationId(Uuid::from_u128(salt)),
        kind: NotificationKind::Assigned,
        ticket: TicketName { id: ticket.id, number: ticket.number, subject: ticket.subject.clone() },
        clock: None,
        by: By::system("routing"),
        created_at: tx.now(),
        read_at: None,
    };
    notifications::insert(&tx, &[(leader.actor.user, told)]).await.unwrap();
    let decision = assignments::Decision {
        id: DecisionId(Uuid::from_u128(salt)),
        ticket: ticket.id,
        team: org.support,
        at: tx.now(),
        trigger: Trigger::Queue,
        policy: Policy::MostFree,
        policy_version: 1,
        chosen: None,
        waited_ms: 0,
        over_limit: false,
        by: By::system("routing"),
        candidates: Vec::new(),
    };
    assignments::insert(&tx, &[decision]).await.unwrap();
    let job = jobs::NewJob {
        id: JobId(Uuid::from_u128(salt)),
        serves: leader.actor.user,
        key: "one".into(),
        payload: serde_json::json!({}),
        trace: None,
    };
    assert_eq!(jobs::insert_for_staff(&tx, JobKind::Mail, vec![job]).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let template =
        format!("insert into mail_templates values ('{}', 'assigned', 'en', 'subject', 'text', 'html')", org.id);
    world.database.run_as_owner(&template).await;
}

async fn place(world: &World) {
    let tx = world.system.begin("place").await.unwrap();
    feed::lock_head(&tx).await.unwrap().unwrap();
    assert!(!feed::place(&tx).await.unwrap().is_empty());
    tx.commit().await.unwrap();
}

/// A table as the catalogue has it.
struct Table {
    name: String,
    /// The column that names the organisation.
    key: &'static str,
    /// What can be written of a row.
    columns: String,
}

async fn closed_tables(owner: &Session) -> Vec<Table> {
    let names = owner
        .column(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity order by 1",
        )
        .await;
    let mut tables = Vec::new();
    for name in names {
        let columns = owner
            .column(&format!(
                "select string_agg(attname, ', ' order by attnum) from pg_attribute
                 where attrelid = '{name}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''"
            ))
            .await;
        let key = if name == "organizations" { "id" } else { "org_id" };
        tables.push(Table { name, key, columns: columns[0].clone() });
    }
    assert!(tables.len() > 15, "the catalogue was read wrong");
    tables
}

impl Table {
    /// A statement that stores again a row of `org`'s, read past all policies as `owner`.
    async fn copy_of_a_row(&self, owner: &Session, org: OrgId) -> String {
        let Self { name, key, columns } = self;
        let row = owner.column(&format!("select to_jsonb(t)::text from {name} t where {key} = '{org}' limit 1")).await;
        let row = row.first().unwrap_or_else(|| panic!("{name} holds nothing of {org}: fill() must make a row"));
        format!(
            "insert into {name} ({columns}) overriding system value
             select {columns} from jsonb_populate_record(null::{name}, '{}')",
            row.replace('\'', "''")
        )
    }

    async fn app_may(&self, owner: &Session, right: &str) -> bool {
        let query = format!("select has_table_privilege('baton_app', '{}', '{right}')", self.name);
        owner.column(&query).await == ["t"]
    }

    /// How Postgres must refuse: by the policy where the role holds the right, else by the right.
    async fn expected_refusal(&self, owner: &Session, right: &str) -> String {
        if self.app_may(owner, right).await {
            format!("42501: new row violates row-level security policy for table \"{}\"", self.name)
        } else {
            format!("42501: permission denied for table {}", self.name)
        }
    }
}

/// The refusal of one statement in `org`'s scope (none: without a scope); what it did is undone.
async fn refusal_in_scope(session: &Session, org: Option<OrgId>, statement: &str) -> Option<String> {
    session.run("begin").await;
    if let Some(org) = org {
        session.run(&format!("select set_config('baton.org', '{org}', true)")).await;
    }
    let refusal = session.refusal(statement).await;
    session.run("rollback").await;
    refusal
}

#[tokio::test]
async fn in_our_scope_every_table_holds_exactly_our_rows() {
    let cast = Neighbours::new().await;
    let owner = cast.owner().await;
    let app = Session::open(&cast.world.database, Login::App).await;
    app.run(&format!("begin; select set_config('baton.org', '{}', true)", cast.ours.id)).await;
    let mut checked = 0;
    for table in closed_tables(&owner).await {
        let Table { name, key, .. } = &table;
        if !table.app_may(&owner, "select").await {
            assert_eq!(name, "outbox", "what the services cannot even read");
            continue;
        }
        let count = |org: OrgId| format!("select count(*) from {name} where {key} = '{org}'");
        let (ours, theirs) = (owner.number(&count(cast.ours.id)).await, owner.number(&count(cast.theirs.id)).await);
        assert!(ours > 0 && theirs > 0, "{name} is empty: nothing is shown by it");
        assert_eq!(app.number(&count(cast.ours.id)).await, ours, "our own of {name}");
        assert_eq!(app.number(&count(cast.theirs.id)).await, 0, "theirs of {name}");
        assert_eq!(app.number(&format!("select count(*) from {name}")).await, ours, "all of {name}");
        checked += 1;
    }
    assert!(checked > 15);
}

#[tokio::test]
async fn in_our_scope_no_row_of_theirs_is_made_or_touched() {
    let cast = Neighbours::new().await;
    let owner = cast.owner().await;
    let app = Session::open(&cast.world.database, Login::App).await;
    let ours = Some(cast.ours.id);
    for table in closed_tables(&owner).await {
        let Table { name, key, .. } = &table;
        let theirs = cast.theirs.id;

        // A copy of ours passes the policy and fails by its key: the statement is sound.
        if table.app_may(&owner, "insert").await {
            let own = table.copy_of_a_row(&owner, cast.ours.id).await;
            let refusal = refusal_in_scope(&app, ours, &own).await.unwrap();
            assert!(refusal.starts_with("23505"), "{name}: {refusal}");
        }
        let insert = table.copy_of_a_row(&owner, theirs).await;
        let refusal = refusal_in_scope(&app, ours, &insert).await;
        assert_eq!(refusal, Some(table.expected_refusal(&owner, "insert").await), "insert");

        let give_away = format!("update {name} set {key} = '{theirs}'");
        let refusal = refusal_in_scope(&app, ours, &give_away).await;
        assert_eq!(refusal, Some(table.expected_refusal(&owner, "update").await), "update");

        for (right, touch) in [
            ("update", format!("with t as (update {name} set {key} = {key} where {key} = '{theirs}' returning 1)")),
            ("delete", format!("with t as (delete from {name} where {key} = '{theirs}' returning 1)")),
        ] {
            if table.app_may(&owner, right).await {
                // Division by zero would tell of a row that was reached.
                let statement = format!("{touch} select 1 / (case when count(*) > 0 then 0 else 1 end) from t");
                assert_eq!(refusal_in_scope(&app, ours, &statement).await, None, "{right} of {name}");
            }
        }
    }
}

#[tokio::test]
async fn without_a_scope_there_is_nothing_and_nothing_can_be_made() {
    let cast = Neighbours::new().await;
    let owner = cast.owner().await;
    // Fresh, where the setting was never set; and used, where it is an empty text.
    let fresh = Session::open(&cast.world.database, Login::App).await;
    let used = Session::open(&cast.world.database, Login::App).await;
    used.run(&format!("begin; select set_config('baton.org', '{}', true); commit", cast.ours.id)).await;
    for app in [fresh, used] {
        for table in closed_tables(&owner).await {
            if table.app_may(&owner, "select").await {
                assert_eq!(app.number(&format!("select count(*) from {}", table.name)).await, 0, "{}", table.name);
            }
            let insert = table.copy_of_a_row(&owner, cast.ours.id).await;
            let refusal = refusal_in_scope(&app, None, &insert).await;
            assert_eq!(refusal, Some(table.expected_refusal(&owner, "insert").await));
        }
    }
}

#[tokio::test]
async fn the_services_role_cannot_step_out_of_its_policies() {
    let cast = Neighbours::new().await;
    let app = Session::open(&cast.world.database, Login::App).await;
    let (ours, theirs) = (Some(cast.ours.id), cast.theirs.id);
    for (statement, refusal) in [
        ("set role baton_system", "42501: permission denied to set role \"baton_system\""),
        ("alter table tickets disable row level security", "42501: must be owner of table tickets"),
        ("drop policy tenant on tickets", "42501: must be owner of relation tickets"),
        (
            "set row_security = off; select * from tickets",
            "42501: query would be affected by row-level security policy for table \"tickets\"",
        ),
        ("create table loot ()", "42501: permission denied for schema public"),
        ("truncate tickets", "42501: permission denied for table tickets"),
    ] {
        assert_eq!(refusal_in_scope(&app, ours, statement).await.as_deref(), Some(refusal), "{statement}");
    }
    let number_of_theirs = format!("select nextval('ticket_number_{}')", theirs.0.simple());
    let refusal = refusal_in_scope(&app, ours, &number_of_theirs).await.unwrap();
    assert!(refusal.starts_with("42501: permission denied for sequence"), "{refusal}");
    let sequence_for_them = format!("select baton_create_number_sequence('{theirs}')");
    let refusal = refusal_in_scope(&app, ours, &sequence_for_them).await.unwrap();
    assert_eq!(refusal, "42501: not this organisation");
}

#[tokio::test]
async fn the_claiming_role_sees_what_it_may_claim_and_nothing_else() {
    let cast = Neighbours::new().await;
    let owner = cast.owner().await;
    let leader = cast.ours.leader("Otto").await;
    let given = cast.ours.customer("Gina").await.opens(&cast.ours, "Given away").await.ticket.id;
    owner
        .run(&format!(
            "update tickets set queue_state = 'assigned', assignee_id = '{}' where id = '{given}'",
            leader.actor.user
        ))
        .await;
    owner.run(&format!("update sla_clocks set state = 'cancelled', fire_at = null where ticket_id = '{given}'")).await;
    let system = Session::open(&cast.world.database, Login::System).await;
    let claimable: BTreeMap<&str, &str> = BTreeMap::from([
        ("events", "true"),
        ("feed", "true"),
        ("idempotency_keys", "true"),
        ("jobs", "true"),
        ("outbox", "true"),
        ("queues", "true"),
        ("refresh_tokens", "true"),
        ("sessions", "true"),
        ("sla_clocks", "fire_at is not null"),
        ("staff", "true"),
        ("staff_connections", "true"),
        ("tickets", "queue_state = 'waiting'"),
    ]);
    for Table { name, .. } in closed_tables(&owner).await {
        let Some(which) = claimable.get(name.as_str()) else {
            let refusal = refusal_in_scope(&system, None, &format!("select count(*) from {name}")).await;
            assert_eq!(refusal, Some(format!("42501: permission denied for table {name}")));
            continue;
        };
        let all = owner.number(&format!("select count(*) from {name} where {which}")).await;
        assert!(all > 1, "{name} is empty: nothing is shown by it");
        assert_eq!(system.number(&format!("select count(*) from {name}")).await, all, "{name}");
    }
    assert!(
        owner.number("select count(*) from tickets where queue_state <> 'waiting'").await > 0,
        "nothing that must stay hidden"
    );
    assert!(owner.number("select count(*) from sla_clocks where fire_at is null").await > 0);
    for (column, table) in [
        ("subject", "tickets"),
        ("due_at", "sla_clocks"),
        ("payload", "jobs"),
        ("answer", "idempotency_keys"),
        ("user_agent", "sessions"),
    ] {
        let refusal = refusal_in_scope(&system, None, &format!("select {column} from {table}")).await;
        assert_eq!(refusal, Some(format!("42501: permission denied for table {table}")));
    }
}

// ---------------------------------------------------------------- what is left of a scope

/// All that a transaction sees of the teams and the people.
async fn seen(tx: &baton_store::Tx) -> (Vec<TeamId>, usize) {
    let (teams, people) =
        futures::try_join!(teams::all(tx), users::list(tx, vec![Role::TeamLeader, Role::Customer], None, 100)).unwrap();
    (teams.into_iter().map(|team| team.id).collect(), people.len())
}

/// Two organisations on one pooled connection.
struct OneConnection {
    cast: Neighbours,
    db: Db,
    backend: Vec<String>,
}

impl OneConnection {
    async fn new() -> Self {
        let cast = Neighbours::new().await;
        let db = pool(options(&cast.world.database, 1)).await;
        db.begin("first", cast.ours.id).await.unwrap().commit().await.unwrap();
        let backend = backends(&cast.world.database).await;
        assert_eq!(backend.len(), 1);
        Self { cast, db, backend }
    }

    /// The same connection, used by the other organisation and then by nobody.
    async fn is_clean(&self) {
        let theirs = &self.cast.theirs;
        let unscoped = self.db.checkout("unscoped", theirs.id).await.unwrap();
        assert_eq!(seen(&unscoped).await, (Vec::new(), 0), "a scope was left on the connection");
        drop(unscoped);

        let tx = self.db.begin("theirs", theirs.id).await.unwrap();
        assert_eq!(seen(&tx).await, (vec![theirs.billing, theirs.support], 3));
        tx.commit().await.unwrap();

        let tx = self.db.begin("ours", self.cast.ours.id).await.unwrap();
        let (teams, _) = seen(&tx).await;
        assert!(!teams.contains(&theirs.support));
        drop(tx);
        assert_eq!(backends(&self.cast.world.database).await, self.backend, "another connection proves nothing");
    }
}

#[tokio::test]
async fn a_commit_takes_the_scope_with_it() {
    let one = OneConnection::new().await;
    let tx = one.db.begin("ours", one.cast.ours.id).await.unwrap();
    assert_eq!(seen(&tx).await.0, [one.cast.ours.billing, one.cast.ours.support]);
    tx.commit().await.unwrap();
    one.is_clean().await;
}

#[tokio::test]
async fn an_error_takes_the_scope_with_it() {
    let one = OneConnection::new().await;
    let tx = one.db.begin("ours", one.cast.ours.id).await.unwrap();
    teams::insert(&tx, &team(1, "support")).await.expect_err("the slug is a team's");
    teams::all(&tx).await.expect_err("a failed transaction answers nothing");
    drop(tx);
    one.is_clean().await;
}

#[tokio::test]
async fn a_dropped_guard_takes_the_scope_with_it() {
    let one = OneConnection::new().await;
    let tx = one.db.begin("ours", one.cast.ours.id).await.unwrap();
    teams::insert(&tx, &team(1, "half-done")).await.unwrap();
    drop(tx);
    one.is_clean().await;
    let left = one.cast.world.database.lines("select slug as line from teams where slug = 'half-done'").await;
    assert!(left.is_empty());
}

#[tokio::test]
async fn a_cancelled_wait_for_a_lock_takes_the_scope_with_it() {
    let one = OneConnection::new().await;
    let database = &one.cast.world.database;
    let ticket = one.cast.ours.customer("Lou").await.opens(&one.cast.ours, "Locked").await.ticket.id;
    let blocker = Session::open(database, Login::Owner).await;
    blocker.run(&format!("begin; select from conversations where id = '{ticket}' for update")).await;

    let work = async {
        let tx = one.db.begin("ours", one.cast.ours.id).await.unwrap();
        conversations::lock(&tx, ticket).await
    };
    tokio::select! {
        _ = work => panic!("the lock is held"),
        () = somebody_waits(database) => {}
    }
    // Dropped in the middle: the statement still waits, the rollback stands behind it.
    blocker.run("commit").await;
    one.is_clean().await;
}

#[tokio::test]
async fn a_connection_that_cannot_be_rolled_back_in_time_is_not_used_again() {
    let cast = Neighbours::new().await;
    let database = &cast.world.database;
    let waiting = Duration::from_secs(20);
    let narrow = baton_store::Options { checkout_timeout: waiting, statement_timeout: waiting, ..options(database, 1) };
    let db = pool(narrow).await;
    let ticket = cast.ours.customer("Lou").await.opens(&cast.ours, "Locked").await.ticket.id;
    let blocker = Session::open(database, Login::Owner).await;
    blocker.run(&format!("begin; select from conversations where id = '{ticket}' for update")).await;
    let work = async {
        let tx = db.begin("ours", cast.ours.id).await.unwrap();
        conversations::lock(&tx, ticket).await
    };
    tokio::select! {
        _ = work => panic!("the lock is held"),
        () = somebody_waits(database) => {}
    }
    let stuck = backends(database).await;
    // The lock is never given back: the pool must heal by another connection.
    let tx = db.begin("theirs", cast.theirs.id).await.unwrap();
    assert_eq!(seen(&tx).await.0, [cast.theirs.billing, cast.theirs.support]);
    let all = backends(database).await;
    assert!(all.iter().any(|pid| !stuck.contains(pid)), "{all:?}");
}

#[tokio::test]
async fn the_claiming_role_enters_one_organisation_and_comes_out_again() {
    let cast = Neighbours::new().await;
    let system_options =
        baton_store::Options { pool_size: 1, ..baton_store::Options::new(cast.world.database.url(Login::System)) };
    let system = baton_store::SystemDb::connect(system_options, std::sync::Arc::new(|_| {})).await.unwrap();
    let claim = async || -> SystemTx { system.begin("claim").await.unwrap() };

    for (org, leaves) in [(&cast.ours, true), (&cast.theirs, false), (&cast.ours, false), (&cast.theirs, true)] {
        // By itself it may hold the head, which baton_app may not, and claims across organisations.
        let tx = claim().await;
        assert!(feed::lock_head(&tx).await.unwrap().is_some(), "the role of an entered transaction was left behind");
        let queues = baton_store::routing::waiting_queues(&tx).await.unwrap();
        assert!(
            queues.iter().any(|(org, _)| *org == cast.ours.id) && queues.iter().any(|(org, _)| *org == cast.theirs.id)
        );
        drop(tx);

        let tx = claim().await.enter(org.id).await.unwrap();
        assert_eq!(tx.org(), org.id);
        assert_eq!(seen(&tx).await, (vec![org.billing, org.support], 3));
        if leaves {
            tx.commit().await.unwrap();
        } else {
            drop(tx);
        }
    }
}

#[tokio::test]
async fn a_scope_is_not_left_by_entering_and_failing() {
    let cast = Neighbours::new().await;
    let app = Session::open(&cast.world.database, Login::System).await;
    app.run(&format!("begin; set local role baton_app; select set_config('baton.org', '{}', true)", cast.ours.id))
        .await;
    assert_eq!(app.number("select count(*) from users").await, 3);
    assert!(app.refusal("select 1 / 0").await.is_some());
    app.run("rollback").await;
    assert_eq!(app.column("select current_user").await, ["baton_system"]);
    assert_eq!(
        app.refusal("select count(*) from users").await.as_deref(),
        Some("42501: permission denied for table users")
    );
    assert_eq!(app.column("select coalesce(nullif(current_setting('baton.org', true), ''), 'none')").await, ["none"]);
}
