/** How the workers stood each time they were looked at, and what follows from it. Pure; times are the server's. */
import type { Schemas } from "@/api/client";

export type Worker = Schemas["Worker"];

/** What was seen at one look. */
export interface Sample {
  /** When, in milliseconds. */
  at: number;
  workers: readonly Worker[];
  /** The jobs of the organisation; `null` for who may not know of them. */
  jobs: Schemas["JobStats"] | null;
  /** Its tickets that waited; `null` where that was not known. */
  waiting: number | null;
}

/** Backlogs are counted up to here. */
export const COUNTED = 10_000;

/** Backlogs and the like, of the whole system, as those who work on them report them. */
export type FigureName =
  | "outbox_waiting"
  | "outbox_oldest_seconds"
  | "feed_lag_seconds"
  | "sockets"
  | "clocks_due"
  | "clocks_oldest_seconds"
  | "queue_waiting"
  | "queue_oldest_seconds";

/** `silent`: it should report or tick and does not. `replaced`: it ended, and another one does its work. */
export type Standing = "working" | "silent" | "replaced";

/** So many looks are kept. */
export const KEPT = 120;
/** Workers report every 5 s; who misses this much is silent. */
const SILENT_MS = 15_000;
/** A tick may take this long beyond three intervals. */
const TICK_MS = 30_000;
const MINUTE = 60_000;

/** The samples with a new one, without the oldest when there are too many. */
export function kept(samples: readonly Sample[], fresh: Sample): Sample[] {
  return [...samples, fresh].slice(-KEPT);
}

/** How a worker stands among all of them at a time. */
export function standing(worker: Worker, all: readonly Worker[], at: number): Standing {
  const seen = Date.parse(worker.seen_at);
  if (at - seen > SILENT_MS) {
    const successor = (other: Worker) =>
      other.name === worker.name && other.kind === worker.kind && Date.parse(other.started_at) >= seen && at - Date.parse(other.seen_at) <= SILENT_MS;
    return all.some(successor) ? "replaced" : "silent";
  }
  const ticked = Date.parse(worker.last_tick_at ?? worker.started_at);
  return seen - ticked > 3 * worker.interval_ms + TICK_MS ? "silent" : "working";
}

/** What those who are there say of it: the most of any, or all together. `null` when nobody says anything. */
export function figure({ workers, at }: Sample, name: FigureName, how: "most" | "sum" = "most"): number | null {
  const told = workers.flatMap((worker) => {
    const value = figureOf(worker, name);
    return value === null || at - Date.parse(worker.seen_at) > SILENT_MS ? [] : [value];
  });
  if (told.length === 0) return null;
  return how === "sum" ? told.reduce((sum, value) => sum + value, 0) : Math.max(...told);
}

/** A worker need not have figures, nor must they be numbers that this client knows. */
function figureOf(worker: Worker, name: FigureName): number | null {
  const figures: unknown = "figures" in worker ? worker.figures : null;
  if (typeof figures !== "object" || figures === null) return null;
  const value: unknown = Object.entries(figures).find(([key]) => key === name)?.[1];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** What a worker got done a minute, from each of its reports to the next. */
export function rates(samples: readonly Sample[], id: string): number[] {
  const found: number[] = [];
  let before: Worker | undefined;
  for (const { workers } of samples) {
    const now = workers.find((worker) => worker.id === id);
    if (now === undefined || now.seen_at === before?.seen_at) continue;
    if (before !== undefined) {
      const passed = Date.parse(now.seen_at) - Date.parse(before.seen_at);
      if (passed > 0) found.push(((now.processed - before.processed) / passed) * MINUTE);
    }
    before = now;
  }
  return found;
}

/** Workers by their process, in the order they come in. */
export function byProcess(workers: readonly Worker[]): [name: string, workers: Worker[]][] {
  const groups = new Map<string, Worker[]>();
  for (const worker of workers) groups.set(worker.name, [...(groups.get(worker.name) ?? []), worker]);
  return [...groups];
}

/** The line through `values` in a box of `width` by `height`, the newest at the right; it breaks where one is unknown. */
export function linePath(values: readonly (number | null)[], width: number, height: number): string {
  const top = Math.max(1, ...values.map((value) => value ?? 0));
  const step = width / (KEPT - 1);
  let broken = true;
  return values
    .map((value, index) => {
      if (value === null) {
        broken = true;
        return "";
      }
      const x = width - (values.length - 1 - index) * step;
      const y = height - (value / top) * height;
      const move = broken ? "M" : "L";
      broken = false;
      return `${move}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
}
