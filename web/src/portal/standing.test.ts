import { expect, test } from "vitest";

import type { Ticket } from "@/api/client";

import { roughly, standingOf } from "./standing";

const queue = (state: Ticket["queue"]["state"]): Ticket["queue"] => ({ state });

test("a ticket nobody has yet stands in line, whatever happened before", () => {
  expect(standingOf({ status: "new", queue: queue("waiting") })).toBe("inLine");
  expect(standingOf({ status: "open", queue: queue("waiting") })).toBe("inLine");
  expect(standingOf({ status: "new", queue: queue("assigned") })).toBe("onIt");
  expect(standingOf({ status: "open", queue: queue("assigned") })).toBe("onIt");
});

test("what waits for the customer says so", () => {
  expect(standingOf({ status: "waiting", queue: queue("assigned") })).toBe("yourTurn");
  expect(standingOf({ status: "resolved", queue: queue("none") })).toBe("solved");
});

test("waits are told in round figures", () => {
  expect(roughly(20)).toEqual({ unit: "moment", count: 0 });
  expect(roughly(290)).toEqual({ unit: "minutes", count: 5 });
  expect(roughly(17 * 60)).toEqual({ unit: "minutes", count: 15 });
  expect(roughly(59 * 60)).toEqual({ unit: "hours", count: 1 });
  expect(roughly(100 * 60)).toEqual({ unit: "hours", count: 2 });
});
