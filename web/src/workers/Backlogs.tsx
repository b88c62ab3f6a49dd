import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "@/ticket/people";
import { useQueueWall } from "@/queues/useQueueWall";
import { cx } from "@/ui/cx";
import { Since } from "@/ui/time";

import { useNumbers } from "./numbers";
import { COUNTED, figure, type FigureName, type Sample } from "./samples";
import { Sparkline } from "./Sparkline";

/** What waits in each part of the system, for how long, and how that went while one looked. */
export function Backlogs({ samples, now }: { samples: readonly Sample[]; now: Sample }) {
  const mayQueues = useMay("queues.view");
  const row = (waiting: FigureName, oldest: FigureName) => ({ samples, value: (sample: Sample) => figure(sample, waiting), oldest: figure(now, oldest) });
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(13rem,100%),1fr))] gap-3">
      {mayQueues && <Queues samples={samples} />}
      <Backlog what="queue" {...row("queue_waiting", "queue_oldest_seconds")} />
      <Backlog what="outbox" {...row("outbox_waiting", "outbox_oldest_seconds")} />
      <FeedLag samples={samples} now={now} />
      <Backlog what="clocks" {...row("clocks_due", "clocks_oldest_seconds")} />
      {now.jobs !== null && <Jobs samples={samples} jobs={now.jobs} />}
    </ul>
  );
}

/** The organisation's own tickets, as the queue wall has them: events keep them true. */
function Queues({ samples }: { samples: readonly Sample[] }) {
  const { t } = useTranslation("workers");
  const { data: queues, dataUpdatedAt } = useQueueWall();
  const waits = queues?.flatMap((queue) => queue.oldest_waiting_seconds ?? []) ?? [];
  const since = new Date(dataUpdatedAt - Math.max(0, ...waits) * 1_000).toISOString();
  return (
    <Tile what="tickets" now={queues?.reduce((sum, queue) => sum + queue.waiting, 0) ?? null} values={samples.map(({ waiting }) => waiting)}>
      {waits.length > 0 && (
        <>
          {t("oldest")} <Since at={since} />
        </>
      )}
    </Tile>
  );
}

interface BacklogProps {
  what: "queue" | "outbox" | "clocks";
  samples: readonly Sample[];
  value: (sample: Sample) => number | null;
  oldest: number | null;
}

function Backlog({ what, samples, value, oldest }: BacklogProps) {
  const { t } = useTranslation("workers");
  const { count, seconds } = useNumbers();
  const shown = (value: number) => (value < COUNTED ? count(value) : `${count(COUNTED)}+`);
  const values = samples.map(value);
  const now = values.at(-1) ?? null;
  return (
    <Tile what={what} now={now} values={values} shown={shown}>
      {now !== null && now > 0 && oldest !== null && `${t("oldest")} ${seconds(oldest)}`}
    </Tile>
  );
}

function FeedLag({ samples, now }: { samples: readonly Sample[]; now: Sample }) {
  const { t } = useTranslation("workers");
  const { count, seconds } = useNumbers();
  const sockets = figure(now, "sockets", "sum");
  const values = samples.map((sample) => figure(sample, "feed_lag_seconds"));
  return (
    <Tile what="feed" now={values.at(-1) ?? null} values={values} shown={seconds}>
      {sockets !== null && t("sockets", { count: sockets, shown: count(sockets) })}
    </Tile>
  );
}

function Jobs({ samples, jobs }: { samples: readonly Sample[]; jobs: NonNullable<Sample["jobs"]> }) {
  const { t } = useTranslation("workers");
  const { count, seconds } = useNumbers();
  return (
    <Tile what="jobs" now={jobs.ready} values={samples.map((sample) => sample.jobs?.ready ?? null)}>
      {t("jobs", { running: count(jobs.running), done: count(jobs.done) })}
      {jobs.dead > 0 && <span className="text-bad"> · {t("dead", { count: jobs.dead, shown: count(jobs.dead) })}</span>}
      {jobs.oldest_due_seconds != null && ` · ${t("oldest")} ${seconds(jobs.oldest_due_seconds)}`}
    </Tile>
  );
}

interface TileProps {
  what: "tickets" | "queue" | "outbox" | "feed" | "clocks" | "jobs";
  now: number | null;
  values: readonly (number | null)[];
  shown?: (value: number) => string;
  children?: ReactNode;
}

function Tile({ what, now, values, shown, children }: TileProps) {
  const { t } = useTranslation("workers");
  const { count } = useNumbers();
  const text = shown ?? count;
  return (
    <li className="flex flex-col gap-1 rounded-lg border border-line bg-card p-3">
      <h3 className="text-meta text-soft">{t(`tile.${what}`)}</h3>
      <p className={cx("text-title font-semibold tabular-nums", now === null && "text-soft")}>{now === null ? t("unknown") : text(now)}</p>
      <Sparkline label={t(`tile.${what}`)} values={values} shown={text} />
      <p className="min-h-4 text-meta text-soft tabular-nums">{children}</p>
    </li>
  );
}
