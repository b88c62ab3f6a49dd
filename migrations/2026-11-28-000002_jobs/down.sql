revoke all on idempotency_keys, sessions, refresh_tokens from baton_system;
drop policy retain on refresh_tokens;
drop policy retain on sessions;
drop policy retain on idempotency_keys;
drop index refresh_tokens_spent, refresh_tokens_of_session, sessions_by_end, idempotency_keys_by_age;
drop table schedules, mail_templates, jobs;
alter table organizations drop column language;
