import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { useMay } from "@/ticket/people";
import { cx } from "@/ui/cx";
import { Since } from "@/ui/time";

import { People } from "./People";
import { Take } from "./Take";

interface QueueProps {
  queue: Schemas["Queue"];
  /** When it was read: from there waits tick. */
  readAt: number;
}

/** One team: what waits, and the people who take it. */
export function QueueColumn({ queue, readAt }: QueueProps) {
  const { t } = useTranslation("queues");
  const mayTake = useMay("tickets.claim");
  const heading = `queue-${queue.team.id}`;
  return (
    <section aria-labelledby={heading} className="flex flex-col gap-3 rounded-lg border border-line bg-card p-4">
      <div className="flex items-center gap-2">
        <h2 id={heading} className="min-w-0 flex-1 text-title font-semibold">
          <Link
            to="/inbox/$tab"
            params={{ tab: "queue" }}
            search={{ team: [queue.team.id] }}
            title={t("open", { team: queue.team.name })}
            className="inline-flex min-h-8 max-w-full items-center gap-0.5 rounded-md pr-1 hover:bg-hover"
          >
            <span className="truncate">{queue.team.name}</span>
            <ChevronRight size={16} className="shrink-0 text-soft" aria-hidden />
          </Link>
        </h2>
        {mayTake && <Take team={queue.team} disabled={queue.waiting === 0} />}
      </div>
      <Figures queue={queue} readAt={readAt} />
      <People people={queue.people} />
    </section>
  );
}

function Figures({ queue, readAt }: QueueProps) {
  const { t, i18n } = useTranslation("queues");
  const seconds = queue.oldest_waiting_seconds;
  const since = seconds == null ? null : new Date(readAt - seconds * 1000).toISOString();
  return (
    <dl className="grid grid-cols-4 gap-2 border-y border-line py-2">
      <Figure label={t("figure.waiting")} tone={queue.waiting > 0 ? "text-due" : "text-ok"}>
        {queue.waiting.toLocaleString(i18n.language)}
      </Figure>
      <Figure label={t("figure.oldest")}>{since === null ? "–" : <Since at={since} />}</Figure>
      <Figure label={t("figure.online")} tone={queue.online === 0 && queue.waiting > 0 ? "text-bad" : ""}>
        {queue.online}
      </Figure>
      <Figure label={t("figure.free")}>{queue.units_free}</Figure>
    </dl>
  );
}

function Figure({ label, tone, children }: { label: string; tone?: string; children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col-reverse justify-end">
      <dt className="text-meta text-soft [overflow-wrap:anywhere] hyphens-auto">{label}</dt>
      <dd className={cx("text-title font-semibold whitespace-nowrap tabular-nums", tone)}>{children}</dd>
    </div>
  );
}
