import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";
import { cx } from "@/ui/cx";
import { Moment } from "@/ui/time";

import { Link } from "../Link";
import { paths } from "../route";
import { StandingPill } from "../StandingPill";

export function TicketRow({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const unread = ticket.unread ?? 0;
  return (
    <li className="border-t border-line first:border-t-0">
      <Link
        href={paths.ticket(ticket.id)}
        className="flex flex-col gap-1 px-3 py-3 -outline-offset-2 hover:bg-hover sm:px-4"
      >
        <span className="flex items-baseline gap-2">
          <span className={cx("min-w-0 flex-1 truncate", unread > 0 ? "font-semibold" : "font-medium")} title={ticket.subject}>
            {ticket.subject}
          </span>
          <span className="shrink-0 text-meta text-soft">
            <Moment at={ticket.last_activity_at} />
          </span>
        </span>
        <span className={cx("truncate", unread > 0 ? "text-ink" : "text-soft")} title={ticket.preview}>
          {ticket.preview}
        </span>
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-meta text-soft">
          <StandingPill ticket={ticket} />
          {unread > 0 && (
            <span className="inline-flex items-center gap-1 font-semibold text-accent tabular-nums">
              <span aria-hidden className="size-2 rounded-full bg-accent" />
              {t("tickets.unread", { count: unread })}
            </span>
          )}
          <span className="tabular-nums">#{ticket.number}</span>
          {ticket.assignee != null && <span className="min-w-0 truncate">{ticket.assignee.name}</span>}
        </span>
      </Link>
    </li>
  );
}
