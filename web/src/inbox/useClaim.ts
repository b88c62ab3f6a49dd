import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { api, call, type Ticket } from "@/api/client";
import { ApiError } from "@/api/problem";
import { useLive } from "@/live/live";
import { tell } from "@/ui/toast";

/** Takes a ticket for oneself, from where it is listed. */
export function useClaim(): (ticket: Ticket) => void {
  const { t } = useTranslation("inbox");
  const { cache } = useLive();
  return useCallback(
    (ticket) => {
      call(api.POST("/v1/tickets/{id}/claim", { params: { path: { id: ticket.id } } })).then(
        (taken) => {
          cache.learn(taken);
          tell(t("take.done", { subject: taken.subject }));
        },
        (error: unknown) => {
          const reason = error instanceof ApiError ? error.problem.detail : t("failed.detail");
          tell(t("take.failed", { reason }), { tone: "bad" });
        },
      );
    },
    [cache, t],
  );
}
