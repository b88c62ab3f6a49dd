import { Users } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Empty, Failure, Skeleton } from "@/ui/States";

import { QueueColumn } from "./QueueColumn";
import { useQueueWall } from "./useQueueWall";

/** Every queue one may know of: who waits, how long, and who is there to take it. */
export function QueueWall() {
  const { t } = useTranslation("queues");
  const { data: queues, dataUpdatedAt, isError, refetch } = useQueueWall();
  return (
    <div className="min-w-0 flex-1 overflow-y-auto p-4">
      <h1 className="mb-3 text-title font-semibold">{t("title")}</h1>
      {queues === undefined && isError && (
        <Failure title={t("failed")} detail={t("detail")} retryLabel={t("app:retry")} onRetry={() => void refetch()} />
      )}
      {queues?.length === 0 && <Empty icon={<Users size={28} aria-hidden />} title={t("none")} hint={t("noneHint")} />}
      <div aria-busy={queues === undefined && !isError} className="grid grid-cols-[repeat(auto-fill,minmax(min(20rem,100%),1fr))] items-start gap-4">
        {queues?.map((queue) => <QueueColumn key={queue.team.id} queue={queue} readAt={dataUpdatedAt} />)}
        {queues === undefined && !isError && [1, 2, 3].map((column) => <Skeleton key={column} className="h-48 rounded-lg" />)}
      </div>
    </div>
  );
}
