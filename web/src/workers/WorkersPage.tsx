import { Activity } from "lucide-react";
import { useTranslation } from "react-i18next";

import { ApiError } from "@/api/problem";
import { Empty, Failure, Skeleton } from "@/ui/States";
import { Moment } from "@/ui/time";

import { Backlogs } from "./Backlogs";
import { Process } from "./Process";
import { byProcess, standing, type Sample } from "./samples";
import { useSamples } from "./useSamples";

/** Whether the machinery runs: what waits in it, and how each worker does. */
export function WorkersPage() {
  const { t } = useTranslation("workers");
  const { data: samples, error, refetch, dataUpdatedAt } = useSamples();
  const now = samples?.at(-1);
  if (samples === undefined || now === undefined) {
    if (error === null) return <Skeleton className="m-4 h-48 flex-1" />;
    const detail = error instanceof ApiError ? error.problem.detail : t("detail");
    return <Failure title={t("failed")} detail={detail} retryLabel={t("app:retry")} onRetry={() => void refetch()} />;
  }
  return (
    <div
      role="region"
      aria-label={t("title")}
      // Has nothing to press, and scrolls by keys.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="min-w-0 flex-1 overflow-y-auto p-4"
    >
      <h1 className="mb-3 text-title font-semibold">{t("title")}</h1>
      {error !== null && (
        <p className="mb-3 rounded-md bg-due-wash px-3 py-2 text-due">
          {t("stale")} <Moment at={new Date(dataUpdatedAt).toISOString()} />
        </p>
      )}
      <h2 className="mb-2 font-semibold">{t("backlogs")}</h2>
      <Backlogs samples={samples} now={now} />
      <h2 className="mt-6 mb-2 font-semibold">{t("processes")}</h2>
      <Silent now={now} />
      {now.workers.length === 0 ? (
        <Empty icon={<Activity size={24} aria-hidden />} title={t("none")} hint={t("noneHint")} />
      ) : (
        <div className="flex flex-col gap-3">
          {byProcess(now.workers).map(([name, loops]) => (
            <Process key={name} name={name} loops={loops} samples={samples} now={now} />
          ))}
        </div>
      )}
    </div>
  );
}

/** Names the processes of which something is silent, also to who does not look at the page. */
function Silent({ now }: { now: Sample }) {
  const { t } = useTranslation("workers");
  const silent = now.workers.filter((worker) => standing(worker, now.workers, now.at) === "silent");
  const names = [...new Set(silent.map(({ name }) => name))];
  return (
    <div role="status">
      {names.length > 0 && <p className="mb-2 rounded-md bg-bad-wash px-3 py-2 text-bad">{t("silent", { names: names.join(", ") })}</p>}
    </div>
  );
}
