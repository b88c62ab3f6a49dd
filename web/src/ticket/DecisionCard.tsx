import { useTranslation } from "react-i18next";

import type { Decision, Ticket } from "@/api/client";
import { Button } from "@/ui/Button";

import { Card } from "./Card";
import { useVerdictText } from "./verdict";
import { useDecisions } from "./useTicket";

interface DecisionCardProps {
  ticket: Ticket;
  onDecision: (decision: Decision) => void;
}

/** Why the ticket is where it is; opens the whole decision. */
export function DecisionCard({ ticket, onDecision }: DecisionCardProps) {
  const { t } = useTranslation("ticket");
  const decision = useDecisions(ticket.id)?.[0];
  const text = useVerdictText();
  return (
    <Card name="decision" title={t("card.decision")}>
      {decision === undefined ? (
        <p className="text-soft">{t("decision.none")}</p>
      ) : (
        <div className="flex flex-col items-start gap-2">
          <p className="wrap-anywhere">{text(decision)}</p>
          <Button onClick={() => onDecision(decision)}>{t("decision.open")}</Button>
        </div>
      )}
    </Card>
  );
}
