-- The spine: organisations, people, teams, conversations, tickets, events, routing.
--
-- Every table of an organisation's data carries org_id, leads its key with it, and is closed by
-- row-level security: what the setting baton.org does not name does not exist. Unset denies.
-- Roles baton_app and baton_system are made by baton-migrate before this runs.

create function baton_org() returns uuid
language sql stable parallel safe
as $$ select nullif(current_setting('baton.org', true), '')::uuid $$;

-- ---------------------------------------------------------------- organisations and people

create table organizations (
    id uuid primary key,
    slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name text not null,
    default_team_id uuid,
    created_at timestamptz not null default now()
);

create table users (
    org_id uuid not null references organizations (id),
    id uuid not null,
    email text not null check (email = lower(email)),
    name text not null,
    role text not null check (role in ('admin', 'supervisor', 'team_leader', 'agent', 'customer')),
    tier text not null default 'normal' check (tier in ('normal', 'vip')),
    password_hash text,
    disabled_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (org_id, id),
    unique (org_id, email)
);
create index users_by_role on users (org_id, role, name, id);

-- What routing knows of a staff member. This row is the lock of the person.
create table staff (
    org_id uuid not null,
    user_id uuid not null,
    availability text not null default 'offline' check (availability in ('online', 'busy', 'away', 'offline')),
    availability_at timestamptz,
    -- The latest moment at which a live connection was certain, once no connection row says so.
    connected_until timestamptz,
    units_used integer not null default 0 check (units_used >= 0),
    units_limit integer not null default 5 check (units_limit between 0 and 1000),
    last_assigned_at timestamptz,
    primary key (org_id, user_id),
    foreign key (org_id, user_id) references users (org_id, id)
);
create index staff_at_work on staff (org_id, user_id) where units_used > 0;

create table sessions (
    org_id uuid not null,
    id uuid not null,
    user_id uuid not null,
    user_agent text not null default '',
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz not null,
    revoked_at timestamptz,
    revoked_reason text,
    primary key (org_id, id),
    foreign key (org_id, user_id) references users (org_id, id)
);
create index sessions_of_user on sessions (org_id, user_id) where revoked_at is null;

-- One row per refresh token ever given out, by its hash: a spent one that comes back late is theft.
create table refresh_tokens (
    org_id uuid not null,
    hash bytea not null,
    session_id uuid not null,
    issued_at timestamptz not null,
    spent_at timestamptz,
    primary key (org_id, hash),
    foreign key (org_id, session_id) references sessions (org_id, id)
);

-- ---------------------------------------------------------------- teams

create table teams (
    org_id uuid not null references organizations (id),
    id uuid not null,
    slug text not null check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name text not null,
    policy text not null default 'most_free' check (policy in ('most_free', 'fewest_open', 'longest_idle')),
    receives text not null default 'leaders' check (receives in ('leaders', 'all')),
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    primary key (org_id, id),
    unique (org_id, slug)
);
alter table organizations add foreign key (id, default_team_id) references teams (org_id, id);

create table team_members (
    org_id uuid not null,
    team_id uuid not null,
    user_id uuid not null,
    role text not null default 'member' check (role in ('leader', 'member')),
    primary key (org_id, team_id, user_id),
    foreign key (org_id, team_id) references teams (org_id, id) on delete cascade,
    foreign key (org_id, user_id) references users (org_id, id)
);
create index team_members_by_user on team_members (org_id, user_id);

-- One row per team: the lock under which its waiting tickets are handed out.
create table queues (
    org_id uuid not null,
    team_id uuid not null,
    primary key (org_id, team_id),
    foreign key (org_id, team_id) references teams (org_id, id) on delete cascade
);

-- ---------------------------------------------------------------- conversations, tickets, messages

-- The lock of the whole ticket, and the two counters of its messages.
create table conversations (
    org_id uuid not null references organizations (id),
    id uuid not null,
    kind text not null check (kind in ('ticket', 'room')),
    last_seq bigint not null default 0,
    last_public_seq bigint not null default 0,
    preview text not null default '',
    last_message_at timestamptz not null,
    last_reply_at timestamptz not null,
    primary key (org_id, id)
) with (fillfactor = 70);

create table messages (
    org_id uuid not null,
    conversation_id uuid not null,
    seq bigint not null,
    -- Number of replies up to and including this one.
    public_seq bigint not null,
    id uuid not null,
    kind text not null check (kind in ('reply', 'note')),
    body text not null,
    author_id uuid not null,
    client_id text,
    created_at timestamptz not null,
    primary key (org_id, conversation_id, seq),
    foreign key (org_id, conversation_id) references conversations (org_id, id),
    foreign key (org_id, author_id) references users (org_id, id)
);
create unique index messages_by_client_id on messages (org_id, conversation_id, author_id, client_id)
    where client_id is not null;
create unique index messages_public on messages (org_id, conversation_id, public_seq) where kind = 'reply';

create table read_marks (
    org_id uuid not null,
    conversation_id uuid not null,
    user_id uuid not null,
    seq bigint not null,
    public_seq bigint not null,
    primary key (org_id, conversation_id, user_id),
    foreign key (org_id, conversation_id) references conversations (org_id, id),
    foreign key (org_id, user_id) references users (org_id, id)
);

create table tickets (
    org_id uuid not null,
    id uuid not null,
    number bigint not null,
    subject text not null,
    status text not null check (status in ('new', 'open', 'waiting', 'on_hold', 'resolved', 'closed')),
    priority text not null check (priority in ('low', 'normal', 'high', 'urgent')),
    priority_rank smallint not null generated always as (
        case priority when 'urgent' then 0 when 'high' then 1 when 'normal' then 2 else 3 end
    ) stored,
    channel text not null check (channel in ('portal', 'widget', 'email', 'api', 'manual')),
    tier text not null check (tier in ('normal', 'vip')),
    escalation_level smallint not null default 0,
    team_id uuid not null,
    requester_id uuid not null,
    assignee_id uuid,
    units integer not null default 0,
    queue_state text not null check (queue_state in ('waiting', 'assigned', 'none')),
    eligible_at timestamptz,
    waiting_since timestamptz,
    sla_due_at timestamptz,
    custom_fields jsonb not null default '{}',
    follow_up_of uuid,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    public_updated_at timestamptz not null,
    resolved_at timestamptz,
    deleted_at timestamptz,
    primary key (org_id, id),
    unique (org_id, number),
    foreign key (org_id, id) references conversations (org_id, id),
    foreign key (org_id, team_id) references teams (org_id, id),
    foreign key (org_id, requester_id) references users (org_id, id),
    foreign key (org_id, assignee_id) references users (org_id, id),
    foreign key (org_id, follow_up_of) references tickets (org_id, id),
    check (units = 0 or assignee_id is not null),
    check (queue_state <> 'waiting' or (assignee_id is null and eligible_at is not null))
);

-- A list is read team by team and status by status, each along one of these, and merged.
create index tickets_by_updated on tickets (org_id, team_id, status, updated_at, id) where deleted_at is null;
create index tickets_by_created on tickets (org_id, team_id, status, created_at, id) where deleted_at is null;
create index tickets_by_priority on tickets (org_id, team_id, status, priority_rank, id) where deleted_at is null;
create index tickets_by_waiting on tickets
    (org_id, team_id, status, (coalesce(waiting_since, 'infinity')), id) where deleted_at is null;
create index tickets_by_due on tickets
    (org_id, team_id, status, (coalesce(sla_due_at, 'infinity')), id) where deleted_at is null;
-- Baskets and histories of people; and what nobody has, which is little.
create index tickets_of_assignee on tickets (org_id, assignee_id, status, team_id, updated_at, id)
    where deleted_at is null and assignee_id is not null;
create index tickets_unassigned on tickets (org_id, team_id, status, updated_at, id)
    where deleted_at is null and assignee_id is null;
create index tickets_of_requester on tickets (org_id, requester_id, public_updated_at, id) where deleted_at is null;
-- The stored order of a queue.
create index tickets_queue on tickets
    (org_id, team_id, priority_rank, (coalesce(sla_due_at, 'infinity')), eligible_at, id)
    where queue_state = 'waiting';

create table ticket_tags (
    org_id uuid not null,
    ticket_id uuid not null,
    tag text not null,
    primary key (org_id, ticket_id, tag),
    foreign key (org_id, ticket_id) references tickets (org_id, id)
);
create index tickets_of_tag on ticket_tags (org_id, tag, ticket_id);

-- Numbers are drawn outside the transaction, so that creating tickets never waits; gaps are allowed.
create function baton_create_number_sequence(org uuid) returns void
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
    if org is distinct from baton_org() then
        raise exception 'not this organisation' using errcode = 'insufficient_privilege';
    end if;
    execute format('create sequence %I', 'ticket_number_' || replace(org::text, '-', ''));
end $$;

create function baton_next_ticket_number() returns bigint
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
begin
    return nextval(format('%I', 'ticket_number_' || replace(baton_org()::text, '-', ''))::regclass);
end $$;

-- The only read without a scope: which organisation a sign-in names.
create function baton_org_by_slug(wanted text) returns uuid
language sql stable security definer set search_path = public, pg_temp
as $$ select id from organizations where slug = wanted $$;

-- ---------------------------------------------------------------- events, outbox, feed

create table events (
    org_id uuid not null references organizations (id),
    id uuid not null,
    type text not null,
    at timestamptz not null,
    conversation_id uuid,
    rooms text[] not null,
    by jsonb not null,
    data jsonb not null,
    trace text,
    primary key (org_id, id)
);
-- A ticket's timeline, without the events of its messages.
create index events_of_ticket on events (org_id, conversation_id, id) where type like 'ticket:%';

-- What the sequencer has not placed yet. The ordinal is drawn after the conversation is locked.
create table outbox (
    ordinal bigint generated always as identity primary key,
    org_id uuid not null,
    event_id uuid not null
);

-- The one order in which everybody hears of events: dense, given by one sequencer at a time.
create table feed (
    position bigint primary key,
    org_id uuid not null,
    event_id uuid not null,
    placed_at timestamptz not null default now()
);
create index feed_of_org on feed (org_id, position);

create table feed_head (
    id smallint primary key check (id = 1),
    position bigint not null
);
insert into feed_head (id, position) values (1, 0);

-- ---------------------------------------------------------------- routing

create table assignments (
    org_id uuid not null,
    id uuid not null,
    ticket_id uuid not null,
    team_id uuid not null,
    at timestamptz not null,
    trigger text not null check (trigger in ('queue', 'manual', 'claim', 'absence')),
    policy text not null,
    policy_version bigint not null,
    chosen uuid,
    waited_ms bigint not null,
    over_limit boolean not null default false,
    by jsonb not null,
    candidates jsonb not null,
    primary key (org_id, id),
    foreign key (org_id, ticket_id) references tickets (org_id, id)
);
create index assignments_of_ticket on assignments (org_id, ticket_id, id);

-- ---------------------------------------------------------------- processes

-- A gateway process under its lease: its connections count only until then.
create table gateways (
    id uuid primary key,
    started_at timestamptz not null default now(),
    lease_until timestamptz not null
);

create table staff_connections (
    org_id uuid not null,
    id uuid not null,
    gateway_id uuid not null references gateways (id) on delete cascade,
    user_id uuid not null,
    connected_at timestamptz not null default now(),
    primary key (org_id, id),
    foreign key (org_id, user_id) references staff (org_id, user_id)
);
create index staff_connections_of_user on staff_connections (org_id, user_id);
create index staff_connections_of_gateway on staff_connections (gateway_id);

create table workers (
    id uuid primary key,
    name text not null,
    kind text not null,
    started_at timestamptz not null,
    processed bigint not null default 0,
    errors bigint not null default 0,
    interval_ms bigint not null default 0,
    last_tick_at timestamptz,
    seen_at timestamptz not null
);

-- ---------------------------------------------------------------- idempotency

create table idempotency_keys (
    org_id uuid not null,
    user_id uuid not null,
    method text not null,
    path text not null,
    key text not null,
    body_hash bytea not null,
    answer jsonb not null,
    created_at timestamptz not null,
    primary key (org_id, user_id, method, path, key)
);

-- ---------------------------------------------------------------- rights

grant usage on schema public to baton_app, baton_system;

do $$
declare
    name text;
begin
    foreach name in array array[
        'users', 'staff', 'sessions', 'refresh_tokens', 'teams', 'team_members', 'queues', 'conversations',
        'messages', 'read_marks', 'tickets', 'ticket_tags', 'events', 'outbox', 'feed', 'assignments',
        'staff_connections', 'idempotency_keys'
    ] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy tenant on %I to baton_app using (org_id = (select baton_org())) '
            'with check (org_id = (select baton_org()))', name);
    end loop;
end $$;

alter table organizations enable row level security;
alter table organizations force row level security;
create policy tenant on organizations to baton_app
    using (id = (select baton_org())) with check (id = (select baton_org()));

grant select, insert, update on
    organizations, users, staff, sessions, refresh_tokens, teams, team_members, conversations, read_marks, tickets
    to baton_app;
grant select, update on queues to baton_app;
grant insert on queues to baton_app;
grant select, insert on messages, events, assignments to baton_app;
grant insert on outbox to baton_app;
grant select on feed, feed_head to baton_app;
grant delete on team_members to baton_app;
grant select, insert, delete on ticket_tags, staff_connections to baton_app;
grant select, insert, update on idempotency_keys to baton_app;
grant select, insert, update, delete on gateways, workers to baton_app, baton_system;
-- Readiness asks whether the schema is the one the build knows.
grant select on __diesel_schema_migrations to baton_app, baton_system;

-- Cross-tenant loops see only what they may claim; to act they enter one organisation as baton_app.
create policy claim on outbox to baton_system using (true);
create policy claim on events for select to baton_system using (true);
create policy claim on feed to baton_system using (true) with check (true);
create policy claim on queues for select to baton_system using (true);
create policy claim on tickets for select to baton_system using (queue_state = 'waiting');
create policy claim on staff for select to baton_system using (true);
create policy claim on staff_connections to baton_system using (true);
grant select, delete on outbox to baton_system;
grant select on events, queues, staff to baton_system;
grant select, insert, delete on feed to baton_system;
grant select, update on feed_head to baton_system;
grant select (org_id, team_id, id, queue_state, eligible_at) on tickets to baton_system;
grant select, delete on staff_connections to baton_system;
grant update (connected_until) on staff to baton_system;
create policy release on staff for update to baton_system using (true) with check (true);

revoke all on function baton_create_number_sequence(uuid), baton_next_ticket_number(), baton_org_by_slug(text)
    from public;
grant execute on function baton_create_number_sequence(uuid), baton_next_ticket_number(), baton_org_by_slug(text)
    to baton_app;
