import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";
import { useLive } from "@/live/live";
import { ChannelMark, PriorityMark, StatusPill, TierPill } from "@/ticket/marks";
import { Avatar } from "@/ui/Avatar";
import { cx } from "@/ui/cx";
import { Moment, Since } from "@/ui/time";

import type { InboxSearch, Tab } from "./search";

/** Every row is as high as this, whatever it says. */
export const ROW_HEIGHT = 84;

interface TicketRowProps {
  ticket: Ticket;
  tab: Tab;
  search: InboxSearch;
  chosen: boolean;
  /** Whether it belongs into the list no more and stays only so that nothing moves. */
  gone: boolean;
}

/** A ticket in a list: who, about what, how urgent, and how long they have waited. */
export const TicketRow = memo(function TicketRow({ ticket, tab, search, chosen, gone }: TicketRowProps) {
  const { t } = useTranslation("inbox");
  const unread = ticket.unread ?? 0;
  return (
    <Link
      to="/inbox/$tab/$ticketId"
      params={{ tab, ticketId: ticket.id }}
      search={search}
      aria-current={chosen ? "true" : undefined}
      data-ticket={ticket.id}
      className={cx(
        "flex h-full gap-2.5 border-b border-line px-3 py-2 -outline-offset-2 hover:bg-hover",
        chosen && "bg-chosen hover:bg-chosen",
        gone && "opacity-70",
      )}
    >
      <Avatar name={ticket.requester.name} />
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="flex items-center gap-1.5">
          <span className={cx("min-w-0 truncate", unread > 0 && "font-semibold")} title={ticket.requester.name}>
            {ticket.requester.name}
          </span>
          <TierPill tier={ticket.tier} />
          <span className="ml-auto flex shrink-0 items-center gap-1.5 text-meta text-soft">
            <PriorityMark priority={ticket.priority} />
            <ChannelMark channel={ticket.channel} />
            <Age ticket={ticket} />
          </span>
        </div>
        <div className="flex items-center gap-1.5">
          <span className={cx("min-w-0 flex-1 truncate", unread > 0 && "font-semibold")} title={ticket.subject}>
            {ticket.subject}
          </span>
          {unread > 0 && (
            <span className="inline-flex h-4.5 min-w-4.5 shrink-0 items-center justify-center rounded-full bg-accent px-1 text-[0.6875rem] font-semibold text-on-accent tabular-nums">
              {unread > 99 ? "99+" : unread}
              <span className="sr-only"> {t("row.unread")}</span>
            </span>
          )}
        </div>
        <div className="flex items-center gap-1.5 text-meta text-soft">
          {gone ? (
            <span className="min-w-0 flex-1 truncate italic">{t("row.gone")}</span>
          ) : (
            <span className="min-w-0 flex-1 truncate">{ticket.preview}</span>
          )}
          {tab === "all" || ticket.status === "waiting" || ticket.status === "on_hold" ? <StatusPill status={ticket.status} /> : null}
          <span className="max-w-24 shrink-0 truncate" title={ticket.assignee?.name ?? ticket.team.name}>
            {tab === "mine" ? ticket.team.name : (ticket.assignee?.name ?? ticket.team.name)}
          </span>
        </div>
      </div>
    </Link>
  );
});

/** How long the customer has waited for an answer, ticking; else when something last happened. */
function Age({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation("inbox");
  const { connection } = useLive();
  if (ticket.waiting_since == null) return <Moment at={ticket.last_activity_at} />;
  return (
    <span className="font-medium text-due">
      <span className="sr-only">{t("row.waiting")} </span>
      <Since at={ticket.waiting_since} offsetMs={connection.offsetMs} />
    </span>
  );
}
