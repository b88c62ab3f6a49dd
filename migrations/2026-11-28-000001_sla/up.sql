-- Service levels and notifications.

-- ---------------------------------------------------------------- policies

-- One row per version, never changed but for `current`: a clock is judged by the version it began with.
create table sla_policies (
    org_id uuid not null references organizations (id),
    id uuid not null,
    version bigint not null,
    name text not null,
    position integer not null,
    rule jsonb not null,
    is_default boolean not null,
    current boolean not null,
    created_at timestamptz not null,
    primary key (org_id, id, version)
);
create unique index sla_policies_current on sla_policies (org_id, id) where current;
create unique index sla_policies_default on sla_policies (org_id) where current and is_default;

-- ---------------------------------------------------------------- clocks

create table sla_clocks (
    org_id uuid not null,
    ticket_id uuid not null,
    id uuid not null,
    metric text not null check (metric in ('first_response', 'resolution')),
    state text not null check (state in ('running', 'paused', 'met', 'breached', 'cancelled')),
    started_at timestamptz not null,
    due_at timestamptz not null,
    target_ms bigint not null,
    warn_lead_ms bigint,
    warned_at timestamptz,
    paused_at timestamptz,
    paused_ms bigint not null,
    met_at timestamptz,
    breached_at timestamptz,
    detected_at timestamptz,
    -- The timer: when a worker has something to do about it.
    fire_at timestamptz,
    policy_id uuid not null,
    policy_version bigint not null,
    policy_name text not null,
    primary key (org_id, ticket_id, id),
    foreign key (org_id, ticket_id) references tickets (org_id, id),
    foreign key (org_id, policy_id, policy_version) references sla_policies (org_id, id, version),
    check ((state = 'paused') = (paused_at is not null)),
    check ((state = 'breached') = (breached_at is not null)),
    check (state <> 'met' or met_at is not null),
    check (state <> 'running' or fire_at is not null)
) with (fillfactor = 80);
create index sla_clocks_due on sla_clocks (fire_at) where fire_at is not null;

-- Broken promises and warnings are part of a ticket's timeline.
drop index events_of_ticket;
create index events_of_ticket on events (org_id, conversation_id, id) where type like 'ticket:%' or type like 'sla:%';

alter table assignments drop constraint assignments_trigger_check;
alter table assignments add constraint assignments_trigger_check
    check (trigger in ('queue', 'manual', 'claim', 'absence', 'escalation'));

-- ---------------------------------------------------------------- notifications

create table notifications (
    org_id uuid not null,
    user_id uuid not null,
    id uuid not null,
    kind text not null check (kind in ('assigned', 'sla_warning', 'sla_breached', 'escalated')),
    ticket_id uuid not null,
    ticket_number bigint not null,
    subject text not null,
    clock jsonb,
    by jsonb not null,
    created_at timestamptz not null,
    read_at timestamptz,
    primary key (org_id, user_id, id),
    foreign key (org_id, user_id) references users (org_id, id),
    foreign key (org_id, ticket_id) references tickets (org_id, id)
);
create index notifications_unread on notifications (org_id, user_id, id) where read_at is null;

-- ---------------------------------------------------------------- rights

do $$
declare
    name text;
begin
    foreach name in array array['sla_policies', 'sla_clocks', 'notifications'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy tenant on %I to baton_app using (org_id = (select baton_org())) '
            'with check (org_id = (select baton_org()))', name);
    end loop;
end $$;

grant select, insert on sla_policies, notifications to baton_app;
grant update (current) on sla_policies to baton_app;
grant update (read_at) on notifications to baton_app;
grant select, insert, update on sla_clocks to baton_app;

-- The worker sees which tickets have something due; to act it enters their organisation.
create policy claim on sla_clocks for select to baton_system using (fire_at is not null);
grant select (org_id, ticket_id, fire_at) on sla_clocks to baton_system;
