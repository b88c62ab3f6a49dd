import { expect, it } from "vitest";

import { troubleOf } from "./trouble";

it.each([
  [null, ["live", "up", true, 0]],
  ["offline", ["connecting", "down", false, 0]],
  ["server", ["connecting", "down", true, 0]],
  ["server", ["live", "down", true, 0]],
  ["connecting", ["connecting", "up", true, 9_000]],
  ["replaying", ["replaying", "up", true, 0]],
  ["lag", ["live", "up", true, 5_001]],
  [null, ["live", "up", false, 0]],
] as const)("%s: %j", (expected, [live, health, online, lag]) => {
  expect(troubleOf(live, health, online, lag)).toBe(expected);
});
