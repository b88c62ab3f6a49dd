import { expect, test } from "vitest";

import type { Ticket } from "@/api/client";

import { joined } from "./pages";

const ticket = (id: string, minute: number, version = 1) =>
  ({ id, version, updated_at: `2026-01-01T00:${String(minute).padStart(2, "0")}:00Z` }) as Ticket;

test("the next page stands behind what is there", () => {
  const list = { items: [ticket("a", 9), ticket("b", 8)], next_cursor: "x" };
  const page = { items: [ticket("c", 7)], next_cursor: null };
  expect(joined(list, page, "-updated_at")).toEqual({ items: [ticket("a", 9), ticket("b", 8), ticket("c", 7)], next_cursor: null });
});

test("a ticket that moved up meanwhile is there once, as it is now", () => {
  const list = { items: [ticket("c", 10, 2), ticket("a", 9)], next_cursor: "x" };
  const page = { items: [ticket("c", 7, 1), ticket("d", 6)], next_cursor: "y" };
  expect(joined(list, page, "-updated_at").items.map(({ id, version }) => [id, version])).toEqual([
    ["c", 2],
    ["a", 1],
    ["d", 1],
  ]);
});
