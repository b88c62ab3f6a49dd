-- Jobs that run once, the templates of mail, and the times at which cron ticked.

alter table organizations add column language text not null default 'en' check (language in ('en', 'de'));

-- ---------------------------------------------------------------- jobs

create table jobs (
    org_id uuid not null references organizations (id),
    id uuid not null,
    kind text not null check (kind in ('mail')),
    -- What makes asking twice the same as asking once.
    key text not null,
    payload jsonb not null,
    trace text,
    state text not null default 'ready' check (state in ('ready', 'running', 'done', 'dead')),
    run_at timestamptz not null,
    -- Counted when it is claimed, so that attempts which killed their process count too.
    attempts integer not null default 0 check (attempts >= 0),
    max_attempts integer not null check (max_attempts > 0),
    -- Drawn at each claim and never reset: only the latest claim's work counts.
    fence bigint not null default 0,
    worker_id uuid,
    lease_until timestamptz,
    -- Its last attempt's process ended in the middle: it is run apart from the others.
    suspect boolean not null default false,
    last_error text,
    created_at timestamptz not null,
    finished_at timestamptz,
    primary key (org_id, id),
    unique (org_id, key),
    check ((state = 'running') = (worker_id is not null and lease_until is not null)),
    check ((state in ('done', 'dead')) = (finished_at is not null))
) with (fillfactor = 70);
create index jobs_due on jobs (suspect, run_at, id) where state = 'ready';
create index jobs_leased on jobs (lease_until) where state = 'running';
create index jobs_by_state on jobs (org_id, state, id);
create index jobs_finished on jobs (state, finished_at) where finished_at is not null;

-- ---------------------------------------------------------------- mail

-- An organisation's own texts; where there are none, the built-in ones are used.
create table mail_templates (
    org_id uuid not null references organizations (id),
    kind text not null check (kind in ('assigned', 'sla_warning', 'sla_breached', 'escalated')),
    language text not null check (language in ('en', 'de')),
    subject text not null,
    body_text text not null,
    body_html text not null,
    primary key (org_id, kind, language)
);

-- ---------------------------------------------------------------- cron

-- The latest tick of each schedule. Its row is the lock, its time the key: a tick is done once.
create table schedules (
    name text primary key,
    ticked_at timestamptz not null
);

-- ---------------------------------------------------------------- what retention looks for

create index idempotency_keys_by_age on idempotency_keys (created_at);
create index sessions_by_end on sessions (least(expires_at, revoked_at));
create index refresh_tokens_of_session on refresh_tokens (org_id, session_id);
create index refresh_tokens_spent on refresh_tokens (spent_at) where spent_at is not null;

-- ---------------------------------------------------------------- rights

do $$
declare
    name text;
begin
    foreach name in array array['jobs', 'mail_templates'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy tenant on %I to baton_app using (org_id = (select baton_org())) '
            'with check (org_id = (select baton_org()))', name);
    end loop;
end $$;

grant select, insert, update on jobs to baton_app;
grant select on mail_templates to baton_app;

-- Claiming sees whose a job is and how it stands, never what it is about: that is read in its organisation.
create policy claim on jobs to baton_system using (true) with check (true);
grant select (org_id, id, kind, trace, state, run_at, attempts, max_attempts, fence, worker_id, lease_until, suspect,
    finished_at) on jobs to baton_system;
grant update (state, run_at, attempts, fence, worker_id, lease_until, suspect, last_error, finished_at) on jobs
    to baton_system;
grant delete on jobs to baton_system;
grant select, insert, update on schedules to baton_system;

-- Retention takes away what is over, and sees no more of it than that.
create policy retain on idempotency_keys to baton_system using (true) with check (false);
create policy retain on sessions to baton_system using (true) with check (false);
create policy retain on refresh_tokens to baton_system using (true) with check (false);
grant select (org_id, user_id, method, path, key, created_at), delete on idempotency_keys to baton_system;
grant select (org_id, id, expires_at, revoked_at), delete on sessions to baton_system;
grant select (org_id, hash, session_id, spent_at), delete on refresh_tokens to baton_system;
