import { useTranslation } from "react-i18next";

import { ApiError } from "@/api/problem";
import type { TicketQuery } from "@/live/query";
import { useTicketList } from "@/live/useTicketList";
import { Button } from "@/ui/Button";
import { Failure, Skeleton } from "@/ui/States";

import { Rows } from "./Rows";
import { Stale } from "./Stale";

/** A list as far as it is here. */
export function TicketRows({ query }: { query: TicketQuery }) {
  const { t } = useTranslation("inbox");
  const { list, more, loadMore } = useTicketList(query);
  if (list.data === undefined) {
    if (!list.isError) return <Loading />;
    const detail = list.error instanceof ApiError ? list.error.problem.detail : t("failed.detail");
    return <Failure title={t("failed.title")} detail={detail} retryLabel={t("app:retry")} onRetry={() => void list.refetch()} />;
  }
  const { items, next_cursor } = list.data;
  return (
    <>
      <Rows items={items} hasMore={next_cursor !== null} mayLoad={more === "idle"} onEnd={loadMore} />
      {more === "failed" && (
        <p role="alert" className="flex items-center justify-between gap-2 border-t border-line px-3 py-1.5 text-bad">
          {t("failed.more")}
          <Button onClick={loadMore}>{t("app:retry")}</Button>
        </p>
      )}
      <Stale />
    </>
  );
}

function Loading() {
  const { t } = useTranslation("inbox");
  return (
    <div aria-busy="true" className="min-h-0 flex-1 overflow-hidden">
      <span className="sr-only">{t("loading")}</span>
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className="flex gap-2.5 border-b border-line px-3 py-3">
          <Skeleton className="size-8 rounded-full" />
          <div className="flex flex-1 flex-col gap-2">
            <Skeleton className="h-3 w-1/2" />
            <Skeleton className="h-3 w-5/6" />
            <Skeleton className="h-3 w-2/3" />
          </div>
        </div>
      ))}
    </div>
  );
}
