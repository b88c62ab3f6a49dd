import { X } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Decision, Ticket } from "@/api/client";
import { useKeys } from "@/app/keyboard";
import { IconButton } from "@/ui/Button";

import { CustomerCard } from "./CustomerCard";
import { DecisionCard } from "./DecisionCard";
import { EarlierCard } from "./EarlierCard";
import { FieldsCard } from "./FieldsCard";
import { QueueCard } from "./QueueCard";
import { SlaCard } from "./SlaCard";
import type { TicketChange } from "./useTicketChange";

const NO_KEYS: never[] = [];

interface ContextPaneProps {
  ticket: Ticket;
  changing: TicketChange;
  /** Whether it lies over the conversation and takes the focus. */
  over: boolean;
  onClose: () => void;
  onDecision: (decision: Decision) => void;
  /** How another ticket is linked to. */
  linkTo: (id: string, text: ReactNode) => ReactNode;
}

/** What stands beside a conversation. */
export function ContextPane({ ticket, changing, over, onClose, onDecision, linkTo }: ContextPaneProps) {
  const { t } = useTranslation("ticket");
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    if (over) pane.current?.focus();
  }, [over]);
  useKeys(over ? [{ keys: "Escape", label: t("closeDetails"), act: onClose }] : NO_KEYS);
  return (
    <aside
      ref={pane}
      aria-label={t("details")}
      tabIndex={-1}
      className="flex w-80 shrink-0 flex-col overflow-y-auto border-l border-line bg-panel max-xl:absolute max-xl:inset-y-0 max-xl:right-0 max-xl:z-20 max-xl:w-full max-xl:max-w-96 max-xl:shadow-float max-sm:max-w-none outline-none"
    >
      <header className="sticky top-0 z-10 flex min-h-12 items-center justify-between border-b border-line bg-panel pr-2 pl-4">
        <h2 className="font-semibold">{t("details")}</h2>
        <IconButton label={t("closeDetails")} keys="\" icon={<X size={16} aria-hidden />} onClick={onClose} />
      </header>
      <CustomerCard ticket={ticket} />
      <SlaCard ticket={ticket} />
      <QueueCard ticket={ticket} />
      <DecisionCard ticket={ticket} onDecision={onDecision} />
      <FieldsCard ticket={ticket} changing={changing} />
      <EarlierCard ticket={ticket} linkTo={linkTo} />
    </aside>
  );
}
