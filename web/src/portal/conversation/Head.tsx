import { ArrowLeft } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";

import { Link } from "../Link";
import { paths } from "../route";
import { StandingPill } from "../StandingPill";
import { ScreenTitle } from "../States";

/** What the conversation is about and how it stands. */
export function Head({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  return (
    <header className="flex items-start gap-2 border-b border-line bg-panel px-2 py-2 sm:px-4">
      <Link
        href={paths.tickets}
        aria-label={t("conversation.back")}
        title={t("conversation.back")}
        className="flex size-8 shrink-0 items-center justify-center rounded-md text-soft hover:bg-hover hover:text-ink"
      >
        <ArrowLeft size={18} aria-hidden />
      </Link>
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <ScreenTitle className="text-title font-semibold wrap-anywhere max-sm:line-clamp-3">{ticket.subject}</ScreenTitle>
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-meta text-soft">
          <StandingPill ticket={ticket} />
          <span className="tabular-nums">#{ticket.number}</span>
          {ticket.assignee != null && <span className="wrap-anywhere">{t("conversation.with", { name: ticket.assignee.name })}</span>}
        </div>
      </div>
    </header>
  );
}
