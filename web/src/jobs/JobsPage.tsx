import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";

import { api, call, type Schemas } from "@/api/client";
import { ApiError } from "@/api/problem";
import { useMe } from "@/api/queries";
import { Button } from "@/ui/Button";
import { Empty, Failure, Skeleton } from "@/ui/States";
import { Moment, span } from "@/ui/time";
import { tell } from "@/ui/toast";

/** Jobs tell nobody of themselves: while the page is shown they are looked at this often. */
const EVERY_MS = 5_000;
const STATES = ["ready", "running", "done", "dead"] as const;

/** Work outside the conversation (mail): how much of it waits, and what could not be done. */
export function JobsPage() {
  const { t } = useTranslation("jobs");
  const stats = useQuery({ queryKey: ["jobs", "stats"], queryFn: () => call(api.GET("/v1/jobs/stats")), refetchInterval: EVERY_MS });
  const dead = useQuery({
    queryKey: ["jobs", "dead"],
    queryFn: () => call(api.GET("/v1/jobs/dead", { params: { query: { limit: 100 } } })),
    refetchInterval: EVERY_MS,
  });
  if (stats.data === undefined || dead.data === undefined) {
    const error = stats.error ?? dead.error;
    if (error === null) return <Skeleton className="m-4 h-48 flex-1" />;
    const detail = error instanceof ApiError ? error.problem.detail : t("detail");
    return <Failure title={t("failed")} detail={detail} retryLabel={t("app:retry")} onRetry={() => void Promise.all([stats.refetch(), dead.refetch()])} />;
  }
  return (
    <div className="min-w-0 flex-1 overflow-y-auto p-4">
      <h1 className="mb-3 text-title font-semibold">{t("title")}</h1>
      <Stats stats={stats.data} />
      <h2 className="mt-6 mb-2 font-semibold">{t("dead")}</h2>
      {dead.data.items.length === 0 ? (
        <Empty icon={<CircleCheck size={24} aria-hidden />} title={t("noneDead")} hint={t("noneDeadHint")} />
      ) : (
        <ul className="flex flex-col gap-2">
          {dead.data.items.map((job) => (
            <DeadJob key={job.id} job={job} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Stats({ stats }: { stats: Schemas["JobStats"] }) {
  const { t } = useTranslation("jobs");
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] gap-3">
      {STATES.map((state) => (
        <Figure key={state} label={t(`state.${state}`)} value={String(stats[state])} />
      ))}
      <Figure label={t("oldest")} value={stats.oldest_due_seconds == null ? "–" : span(stats.oldest_due_seconds * 1_000)} />
    </dl>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div className="flex flex-col-reverse rounded-lg border border-line bg-card p-3">
      <dt className="text-meta text-soft">{label}</dt>
      <dd className="text-title font-semibold tabular-nums">{value}</dd>
    </div>
  );
}

function DeadJob({ job }: { job: Schemas["Job"] }) {
  const { t } = useTranslation("jobs");
  const client = useQueryClient();
  const me = useMe();
  const retry = useMutation({
    mutationFn: () => call(api.POST("/v1/jobs/{id}/retry", { params: { path: { id: job.id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["jobs"] }),
    onError: (error) => tell(error instanceof ApiError ? error.problem.detail : t("detail"), { tone: "bad" }),
  });
  return (
    <li className="flex flex-wrap items-center gap-3 rounded-lg border border-line bg-card p-3">
      <div className="min-w-0 flex-1 basis-60">
        <p className="wrap-anywhere">{job.last_error ?? t("noReason")}</p>
        <p className="text-meta text-soft tabular-nums">
          {t(`kind.${job.kind}`)} · {t("attempts", { count: job.attempts })} · <Moment at={job.finished_at ?? job.created_at} />
        </p>
      </div>
      {me.data?.permissions.includes("jobs.manage") === true && (
        <Button disabled={retry.isPending} onClick={() => retry.mutate()}>
          {t("retry")}
        </Button>
      )}
    </li>
  );
}
