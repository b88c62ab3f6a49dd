import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, call, type Ticket } from "@/api/client";
import { ApiError } from "@/api/problem";
import { useMay } from "@/ticket/people";
import { Button } from "@/ui/Button";
import { tell } from "@/ui/toast";

interface ClosedBarProps {
  ticket: Ticket;
  onOpened: (id: string) => void;
}

/** In the composer's place when a ticket takes no more messages: what one can do instead. */
export function ClosedBar({ ticket, onOpened }: ClosedBarProps) {
  const { t } = useTranslation("thread");
  const mayOpen = useMay("tickets.create_for") && ticket.requester.email != null;
  const follow = useMutation({
    mutationFn: () => call(api.POST("/v1/tickets", { body: followUp(ticket) })),
    onSuccess: (opened) => onOpened(opened.id),
    onError: (error) => {
      const reason = error instanceof ApiError ? t(`refused.${error.code}`, { defaultValue: error.problem.detail }) : t("unreachable");
      tell(t("closed.failed", { reason }), { tone: "bad" });
    },
  });
  return (
    <div className="flex shrink-0 flex-wrap items-center justify-between gap-2 border-t border-line bg-panel px-4 py-3">
      <p className="text-soft">{t(mayOpen ? "closed.hint" : "closed.title")}</p>
      {mayOpen && (
        <Button look="primary" disabled={follow.isPending} aria-busy={follow.isPending} onClick={() => follow.mutate()}>
          {t("closed.followUp")}
        </Button>
      )}
    </div>
  );
}

/** The ticket that goes on from a closed one: of the same customer, about the same. */
function followUp({ id, subject, team, priority, requester }: Ticket) {
  return { subject, team: team.id, priority, follow_up_of: id, requester: { email: requester.email ?? "", name: requester.name } };
}
