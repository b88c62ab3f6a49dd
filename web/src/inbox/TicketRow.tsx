import { Link } from "@tanstack/react-router";
import { HandHelping, Hourglass, UserRound, UsersRound } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";
import { useLive } from "@/live/live";
import { SlaPill } from "@/ticket/SlaPill";
import { ChannelMark, PriorityMark, StatusPill, TierPill } from "@/ticket/marks";
import { Avatar } from "@/ui/Avatar";
import { cx } from "@/ui/cx";
import { Moment, Since } from "@/ui/time";

import type { InboxSearch, Tab } from "./search";

/** Every row is as high as this, whatever it says; in `rem`, so that larger letters have room. */
export const ROW_REM = 5.75;

interface TicketRowProps {
  ticket: Ticket;
  tab: Tab;
  search: InboxSearch;
  chosen: boolean;
  /** Whether it belongs into the list no more and stays only so that nothing moves. */
  gone: boolean;
  /** Takes it; `null` when one may not. */
  onClaim: ((ticket: Ticket) => void) | null;
}

/** A ticket in a list: who, about what, how urgent, and how long they have waited. */
export const TicketRow = memo(function TicketRow({ ticket, tab, search, chosen, gone, onClaim }: TicketRowProps) {
  const { t } = useTranslation("inbox");
  const unread = ticket.unread ?? 0;
  const strong = unread > 0 && !gone && "font-semibold";
  return (
    <>
      <Link
        to="/inbox/$tab/$ticketId"
        params={{ tab, ticketId: ticket.id }}
        search={search}
        activeOptions={{ includeSearch: false }}
        className={cx(
          "flex h-full gap-2.5 border-b border-line px-3 py-1.5 -outline-offset-2",
          chosen ? "bg-chosen shadow-[inset_3px_0_0_var(--accent)]" : "hover:bg-hover",
          gone && "text-soft",
        )}
      >
        <Avatar name={ticket.requester.name} />
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="flex items-center gap-1.5">
            <span className={cx("min-w-0 truncate", strong)} title={ticket.requester.name}>
              {ticket.requester.name}
            </span>
            <TierPill tier={ticket.tier} />
            <span className="ml-auto flex shrink-0 items-center gap-1.5 text-meta text-soft">
              <PriorityMark priority={ticket.priority} />
              <ChannelMark channel={ticket.channel} />
              <Moment at={ticket.last_activity_at} />
            </span>
          </div>
          <div className="flex items-center gap-1.5">
            <span className={cx("min-w-0 flex-1 truncate", strong)} title={ticket.subject}>
              {ticket.subject}
            </span>
            {unread > 0 && (
              <span className="inline-flex h-4.5 min-w-4.5 shrink-0 items-center justify-center rounded-full bg-accent px-1 text-[0.6875rem] font-semibold text-on-accent tabular-nums">
                {unread > 99 ? "99+" : unread}
                <span className="sr-only"> {t("row.unread")}</span>
              </span>
            )}
          </div>
          <p className={cx("min-h-4 truncate text-meta text-soft", gone && "italic")}>{gone ? t("row.gone") : ticket.preview}</p>
          <div className="mt-0.5 flex h-5 items-center gap-2 overflow-hidden text-meta text-soft">
            <SlaPill ticket={ticket} />
            <Waits ticket={ticket} />
            {isTelling(ticket, tab) && <StatusPill status={ticket.status} />}
            <Whose ticket={ticket} tab={tab} />
            <Labels tags={ticket.tags} />
          </div>
        </div>
      </Link>
      {onClaim !== null && !gone && ticket.assignee == null && (
        <button
          type="button"
          onClick={() => onClaim(ticket)}
          className="absolute right-2 bottom-1.5 hidden min-h-6 items-center gap-1 rounded-md border border-edge bg-card px-2 text-meta font-medium group-focus-within:inline-flex group-hover:inline-flex hover:bg-hover"
        >
          <HandHelping size={14} aria-hidden />
          {t("take.this")}
          <span className="sr-only"> #{ticket.number}</span>
        </button>
      )}
    </>
  );
});

/** Whether the status says more than the list it stands in. */
function isTelling({ status }: Ticket, tab: Tab): boolean {
  if (status === "open") return false;
  return status !== "new" || tab === "all" || tab === "waiting";
}

/** How long the customer has waited for an answer, ticking. */
function Waits({ ticket: { waiting_since } }: { ticket: Ticket }) {
  const { t } = useTranslation("inbox");
  const { connection } = useLive();
  if (waiting_since == null) return null;
  return (
    <span className="flex shrink-0 items-center gap-1">
      <Hourglass size={12} aria-hidden />
      <span className="sr-only">{t("row.waits")} </span>
      <Since at={waiting_since} offsetMs={connection.offsetMs} />
    </span>
  );
}

/** Who has it, or where it waits for somebody. */
function Whose({ ticket: { assignee, team }, tab }: { ticket: Ticket; tab: Tab }) {
  const who = tab === "mine" ? null : assignee;
  const name = who?.name ?? team.name;
  const Icon = who == null ? UsersRound : UserRound;
  return (
    <span className="flex min-w-0 items-center gap-1" title={name}>
      <Icon size={12} className="shrink-0" aria-hidden />
      <span className="truncate">{name}</span>
    </span>
  );
}

function Labels({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null;
  return (
    <span className="min-w-0 flex-1 truncate text-right" title={tags.join(", ")}>
      {tags.map((tag) => (
        <span key={tag} className="ml-1 inline-block rounded border border-line px-1 leading-4">
          {tag}
        </span>
      ))}
    </span>
  );
}
