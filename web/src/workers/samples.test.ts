import { describe, expect, it } from "vitest";

import { byProcess, figure, kept, KEPT, linePath, rates, standing, type Sample, type Worker } from "./samples";

const T0 = Date.parse("2026-01-05T12:00:00Z");
const second = (n: number) => new Date(T0 + n * 1000).toISOString();

function worker(id: string, seen: number, change: object = {}): Worker {
  const base = { id, name: "baton-jobs", kind: "sequence", started_at: second(0), processed: 0, errors: 0, interval_ms: 100 };
  return { ...base, last_tick_at: second(seen), seen_at: second(seen), ...change } as Worker;
}

const sample = (at: number, ...workers: Worker[]): Sample => ({ at: T0 + at * 1000, workers, jobs: null, waiting: null });

describe("a worker", () => {
  it.each<[string, Worker, Worker[], string]>([
    ["has just reported", worker("a", 98), [], "working"],
    ["missed a report", worker("a", 86), [], "working"],
    ["missed several", worker("a", 84), [], "silent"],
    ["reports, but its loop stands", worker("a", 99, { last_tick_at: second(60) }), [], "silent"],
    ["reports, and ticks rarely", worker("a", 99, { last_tick_at: second(60), interval_ms: 10_000 }), [], "working"],
    ["never ticked, but has just started", worker("a", 99, { last_tick_at: null, started_at: second(90) }), [], "working"],
    ["ended and was started again", worker("a", 50), [worker("b", 99, { started_at: second(51) })], "replaced"],
    ["ended; a replica was there before", worker("a", 50), [worker("b", 99)], "silent"],
    ["ended; what came after it ended too", worker("a", 50), [worker("b", 60, { started_at: second(51) })], "silent"],
    ["ended; something else was started", worker("a", 50), [worker("b", 99, { started_at: second(51), kind: "report" })], "silent"],
  ])("%s", (_, one, others, expected) => {
    expect(standing(one, [one, ...others], T0 + 100_000)).toBe(expected);
  });

  it("gets done so much a minute, from report to report", () => {
    const samples = [
      sample(0, worker("a", 0, { processed: 10 })),
      sample(3, worker("a", 0, { processed: 10 })),
      sample(6, worker("a", 5, { processed: 15 }), worker("b", 5, { processed: 900 })),
      sample(9),
      sample(12, worker("a", 10, { processed: 15 })),
    ];
    expect(rates(samples, "a")).toEqual([60, 0]);
    expect(rates(samples, "b")).toEqual([]);
  });
});

describe("a figure", () => {
  const with_ = (id: string, seen: number, figures: unknown) => worker(id, seen, { figures });

  it("is the most that anybody says who is there, or all together", () => {
    const now = sample(100, with_("a", 99, { outbox_waiting: 3 }), with_("b", 98, { outbox_waiting: 5 }), with_("c", 10, { outbox_waiting: 70 }));
    expect(figure(now, "outbox_waiting")).toBe(5);
    expect(figure(now, "outbox_waiting", "sum")).toBe(8);
  });

  it.each([[undefined], [null], ["many"], [{}], [{ outbox_waiting: "3" }], [{ outbox_waiting: null }], [{ outbox_waiting: NaN }]])("is not known from %j", (figures) => {
    expect(figure(sample(100, with_("a", 99, figures)), "outbox_waiting")).toBeNull();
  });

  it("is not known from a server that has none", () => {
    expect(figure(sample(100, worker("a", 99)), "sockets")).toBeNull();
  });
});

it("keeps the last samples", () => {
  let samples: Sample[] = [];
  for (let at = 0; at < KEPT + 5; at += 1) samples = kept(samples, sample(at));
  expect([samples.length, samples[0]?.at, samples.at(-1)?.at]).toEqual([KEPT, T0 + 5_000, T0 + (KEPT + 4) * 1000]);
});

it("keeps the loops of a process together", () => {
  const all = [worker("a", 0), worker("b", 0, { name: "baton-sla" }), worker("c", 0)];
  expect(byProcess(all).map(([name, loops]) => [name, loops.map(({ id }) => id)])).toEqual([
    ["baton-jobs", ["a", "c"]],
    ["baton-sla", ["b"]],
  ]);
});

describe("a line", () => {
  it("ends at the right, is as high as the box at its highest, and breaks where nothing is known", () => {
    expect(linePath([0, 4, null, 2], 119, 20)).toBe("M116.0 20.0L117.0 0.0M119.0 10.0");
  });

  it("lies at the bottom while there is nothing", () => {
    expect(linePath([0, 0], 119, 20)).toBe("M118.0 20.0L119.0 20.0");
    expect(linePath([], 119, 20)).toBe("");
  });
});
