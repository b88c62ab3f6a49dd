import { expect, it } from "vitest";

import { troubleOf } from "./trouble";

it.each([
  [null, ["live", "up", true, 0, false]],
  ["offline", ["connecting", "down", false, 0, false]],
  ["server", ["connecting", "down", true, 0, false]],
  ["server", ["live", "down", true, 0, true]],
  ["database", ["live", "database", true, 0, true]],
  ["database", ["connecting", "database", true, 0, false]],
  ["connecting", ["connecting", "up", true, 9_000, false]],
  ["replaying", ["replaying", "up", true, 0, false]],
  ["stalled", ["live", "up", true, 9_000, true]],
  ["lag", ["live", "up", true, 5_001, false]],
  [null, ["live", "up", false, 0, false]],
] as const)("%s: %j", (expected, [live, health, online, lag, silent]) => {
  expect(troubleOf(live, health, online, lag, silent)).toBe(expected);
});
