import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { api, call, type Schemas } from "@/api/client";
import { keys } from "@/live/cache";
import { useLive } from "@/live/live";
import { Empty, Failure, Skeleton } from "@/ui/States";

import { QueueColumn } from "./QueueColumn";
import { patched, type QueueList } from "./patched";

/** Every queue one may know of: who waits, how long, and who is there to take it. */
export function QueueWall() {
  const { t } = useTranslation("queues");
  const queues = useQueues();
  return (
    <div className="min-w-0 flex-1 overflow-y-auto p-4">
      <h1 className="mb-3 text-title font-semibold">{t("title")}</h1>
      {queues.isError && queues.data === undefined && (
        <Failure title={t("failed")} detail={t("detail")} retryLabel={t("app:retry")} onRetry={() => void queues.refetch()} />
      )}
      {queues.isPending && <Skeleton className="h-48 max-w-96 rounded-lg" />}
      {queues.data?.items.length === 0 && <Empty icon={<Users size={28} aria-hidden />} title={t("none")} hint={t("noneHint")} />}
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(20rem,100%),1fr))] gap-4">
        {queues.data?.items.map((queue: Schemas["Queue"]) => <QueueColumn key={queue.team.id} queue={queue} />)}
      </div>
    </div>
  );
}

/** The queues, patched by what passes by and fetched again when tickets move. */
function useQueues() {
  const live = useLive();
  const client = useQueryClient();
  useEffect(
    () =>
      live.onEphemeral((name, payload) => {
        client.setQueryData<QueueList>(keys.queues, (list) => list && patched(list, name, payload));
      }),
    [live, client],
  );
  return useQuery({ queryKey: keys.queues, queryFn: () => call(api.GET("/v1/queues")) });
}
