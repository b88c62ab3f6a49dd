import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { TeamRef } from "@/api/client";
import { ApiError } from "@/api/problem";
import { takeNext } from "@/inbox/TakeNext";
import { useLive } from "@/live/live";
import { Button } from "@/ui/Button";
import { tell } from "@/ui/toast";

/** Takes what is next in a team's queue, and opens it. */
export function Take({ team, disabled }: { team: TeamRef; disabled: boolean }) {
  const { t } = useTranslation("queues");
  const live = useLive();
  const navigate = useNavigate();
  const take = useMutation({
    mutationFn: () => takeNext(team.id),
    onSuccess: (ticket) => {
      if (ticket === null) {
        tell(t("nothing"));
        return;
      }
      live.cache.learn(ticket);
      void navigate({ to: "/inbox/$tab/$ticketId", params: { tab: "mine", ticketId: ticket.id } });
    },
    onError: (error) => tell(error instanceof ApiError ? error.problem.detail : t("detail"), { tone: "bad" }),
  });
  return (
    <Button disabled={disabled || take.isPending} onClick={() => take.mutate()}>
      {t("take")}
      <span className="sr-only"> {team.name}</span>
    </Button>
  );
}
