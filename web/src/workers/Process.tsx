import { useTranslation } from "react-i18next";

import { useLive } from "@/live/live";
import { cx } from "@/ui/cx";
import { Pill, type Tone } from "@/ui/Pill";
import { Moment, Since } from "@/ui/time";

import { useNumbers } from "./numbers";
import { rates, standing, type Sample, type Standing, type Worker } from "./samples";
import { Sparkline } from "./Sparkline";

const TONES: Record<Standing, Tone> = { working: "ok", silent: "bad", replaced: "plain" };
const CELL = "px-2 py-1.5 text-left align-middle font-normal wrap-anywhere";
/** Columns that a phone has no room for. */
const WIDE = "max-sm:hidden";

interface ProcessProps {
  name: string;
  loops: readonly Worker[];
  samples: readonly Sample[];
  now: Sample;
}

/** A process and its loops. */
export function Process({ name, loops, samples, now }: ProcessProps) {
  const { t } = useTranslation("workers");
  const id = `process-${name}`;
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-card">
      <h3 id={id} className="px-2 pt-2 font-semibold wrap-anywhere">
        {name}
      </h3>
      <table className="w-full table-fixed border-collapse">
        <thead className="text-meta text-soft">
          <tr>
            <th scope="col" className={cx(CELL, "w-[38%] sm:w-[26%]")}>
              {t("column.loop")}
            </th>
            <th scope="col" className={cx(CELL, WIDE, "w-[22%]")}>
              {t("column.rate")}
            </th>
            <th scope="col" className={CELL}>
              {t("column.processed")}
            </th>
            <th scope="col" className={CELL}>
              {t("column.errors")}
            </th>
            <th scope="col" className={cx(CELL, WIDE)}>
              {t("column.interval")}
            </th>
            <th scope="col" className={CELL}>
              {t("column.tick")}
            </th>
            <th scope="col" className={cx(CELL, WIDE)}>
              {t("column.started")}
            </th>
          </tr>
        </thead>
        <tbody>
          {loops.map((worker) => (
            <Loop key={worker.id} worker={worker} samples={samples} now={now} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Loop({ worker, samples, now }: { worker: Worker } & Pick<ProcessProps, "samples" | "now">) {
  const { t } = useTranslation("workers");
  const { connection } = useLive();
  const { count, seconds } = useNumbers();
  const state = standing(worker, now.workers, now.at);
  return (
    <tr className="border-t border-line tabular-nums">
      <th scope="row" className={CELL}>
        <span className="mr-2">{worker.kind}</span>
        <Pill tone={TONES[state]}>{t(`standing.${state}`)}</Pill>
      </th>
      <td className={cx(CELL, WIDE)}>
        <Sparkline label={t("column.rate")} values={rates(samples, worker.id)} shown={count} />
      </td>
      <td className={CELL}>{count(worker.processed)}</td>
      <td className={cx(CELL, worker.errors > 0 && "text-bad")}>{count(worker.errors)}</td>
      <td className={cx(CELL, WIDE)}>{seconds(worker.interval_ms / 1_000)}</td>
      <td className={CELL}>{worker.last_tick_at == null ? t("never") : <Since at={worker.last_tick_at} offsetMs={connection.offsetMs} />}</td>
      <td className={cx(CELL, WIDE)}>
        <Moment at={worker.started_at} />
      </td>
    </tr>
  );
}
