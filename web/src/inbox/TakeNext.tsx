import { useMutation } from "@tanstack/react-query";
import { HandHelping } from "lucide-react";
import { useTranslation } from "react-i18next";

import { api, call, type Ticket } from "@/api/client";
import { ApiError } from "@/api/problem";
import { useMe } from "@/api/queries";
import { useLive } from "@/live/live";
import { Button } from "@/ui/Button";
import { tell } from "@/ui/toast";

import { useInbox } from "./useInbox";

/** Takes the next ticket of a team's queue: `null` when nothing waits there. */
export async function takeNext(team: string): Promise<Ticket | null> {
  const taken = await call<Ticket | undefined>(api.POST("/v1/queues/{team}/next", { params: { path: { team } } }));
  return taken ?? null;
}

/** Takes what is next in one's queues, one queue after the other: those that the filter names, or all of one's own. */
export function TakeNext() {
  const { t } = useTranslation("inbox");
  const { search, open } = useInbox();
  const live = useLive();
  const me = useMe();
  const teams = search.team ?? me.data?.teams ?? [];
  const take = useMutation({
    mutationFn: async () => {
      for (const team of teams) {
        const taken = await takeNext(team);
        if (taken !== null) return taken;
      }
      return null;
    },
    onSuccess: (taken) => {
      if (taken === null) {
        tell(t("take.nothing"));
        return;
      }
      live.cache.learn(taken);
      open(taken.id);
    },
    onError: (error) => tell(error instanceof ApiError ? error.problem.detail : t("failed.detail"), { tone: "bad" }),
  });
  if (teams.length === 0) return null;
  return (
    <Button look="quiet" disabled={take.isPending} onClick={() => take.mutate()}>
      <HandHelping size={16} aria-hidden />
      {t("take.next")}
    </Button>
  );
}
