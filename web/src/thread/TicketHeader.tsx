import { ArrowLeft, CheckCheck, ChevronDown, ChevronUp, Hand, Link, PanelRight } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";
import { FieldMenus, type OpenMenu } from "@/ticket/FieldMenus";
import { TierPill } from "@/ticket/marks";
import { useMay } from "@/ticket/people";
import { SlaPill } from "@/ticket/SlaPill";
import { Subject } from "@/ticket/Subject";
import type { TicketChange } from "@/ticket/useTicketChange";
import { Button, IconButton } from "@/ui/Button";
import { tell } from "@/ui/toast";

interface TicketHeaderProps {
  ticket: Ticket;
  changing: TicketChange;
  menu: OpenMenu;
  onMenu: (menu: OpenMenu) => void;
  onBack: () => void;
  onStep: (step: 1 | -1) => void;
  onResolve: () => void;
  detailsOpen: boolean;
  onDetails: () => void;
}

/** What the ticket is, how it stands, and what is done most with it. */
export function TicketHeader({ ticket, changing, menu, onMenu, onBack, onStep, onResolve, detailsOpen, onDetails }: TicketHeaderProps) {
  const { t } = useTranslation("thread");
  return (
    <header className="flex shrink-0 flex-col gap-1 border-b border-line bg-panel px-3 py-2">
      <div className="flex min-w-0 items-start gap-1">
        <IconButton label={t("header.back")} icon={<ArrowLeft size={16} aria-hidden />} className="lg:hidden" onClick={onBack} />
        <Subject ticket={ticket} changing={changing} />
        <div className="flex shrink-0 items-center">
          <span className="contents max-sm:hidden">
            <IconButton label={t("header.previous")} keys="K" icon={<ChevronUp size={16} aria-hidden />} onClick={() => onStep(-1)} />
            <IconButton label={t("header.next")} keys="J" icon={<ChevronDown size={16} aria-hidden />} onClick={() => onStep(1)} />
          </span>
          <CopyLink ticket={ticket} />
          <IconButton
            label={t(detailsOpen ? "header.hideDetails" : "header.showDetails")}
            keys="\"
            icon={<PanelRight size={16} aria-hidden />}
            aria-pressed={detailsOpen}
            onClick={onDetails}
          />
        </div>
      </div>
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        <p className="flex min-w-0 items-center gap-2 px-1 text-soft tabular-nums max-sm:flex-1">
          #{ticket.number}
          {/* Beside it where there is room. */}
          {!detailsOpen && (
            <span className="min-w-0 truncate" title={ticket.requester.name}>
              {ticket.requester.name}
            </span>
          )}
          <TierPill tier={ticket.tier} />
          <SlaPill ticket={ticket} />
        </p>
        <div className="min-w-0 max-sm:order-last max-sm:w-full">
          <FieldMenus ticket={ticket} changing={changing} open={menu} onOpen={onMenu} />
        </div>
        <QuickActions ticket={ticket} changing={changing} onResolve={onResolve} />
      </div>
    </header>
  );
}

function QuickActions({ ticket, changing, onResolve }: Pick<TicketHeaderProps, "ticket" | "changing" | "onResolve">) {
  const { t } = useTranslation("thread");
  const mayClaim = useMay("tickets.claim");
  const mayUpdate = useMay("tickets.update");
  const claimable = mayClaim && ticket.assignee == null && ticket.queue.state === "waiting";
  const resolvable = mayUpdate && ticket.status !== "resolved" && ticket.status !== "closed";
  const action = (icon: ReactNode, text: string, act: () => void, field: "assignee" | "status") => (
    <Button className="min-h-7 px-2" disabled={changing.pending === field} aria-busy={changing.pending === field} onClick={act}>
      {icon}
      {text}
    </Button>
  );
  return (
    <div className="ml-auto flex gap-1">
      {claimable && action(<Hand size={14} aria-hidden />, t("header.claim"), () => void changing.claim(), "assignee")}
      {resolvable && action(<CheckCheck size={14} aria-hidden />, t("header.resolve"), onResolve, "status")}
    </div>
  );
}

function CopyLink({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation("thread");
  const copy = () =>
    void navigator.clipboard.writeText(`${location.origin}/tickets/${ticket.id}`).then(
      () => tell(t("copied")),
      () => tell(t("notCopied"), { tone: "bad" }),
    );
  return <IconButton label={t("header.copyLink")} icon={<Link size={16} aria-hidden />} onClick={copy} />;
}
