-- What shows how the whole gets on: canaries in the feed, and figures that workers report.

-- A canary has a place in the feed and no event: it passes where events pass, and nobody's screen changes by it. It is
-- of no organisation, so no organisation sees it.
alter table feed
    alter column org_id drop not null,
    alter column event_id drop not null,
    add constraint feed_of_event_or_canary check ((org_id is null) = (event_id is null));

alter table workers add column figures jsonb not null default '{}';
