import { expect, it } from "vitest";

import { health, noteAnswer } from "./health";

const PROBLEM = "application/problem+json";

it.each([
  ["up", 200, "application/json"],
  ["up", 401, PROBLEM],
  ["up", 500, PROBLEM],
  ["database", 503, PROBLEM],
  ["database", 202, "application/json"],
  ["down", 503, "text/html"],
  ["down", 503, null],
  ["down", 502, PROBLEM],
  ["down", 504, "text/html"],
])("%s: %i %s", (expected, status, type) => {
  noteAnswer(new Response(null, { status, headers: type === null ? {} : { "content-type": type } }));
  expect(health.get()).toBe(expected);
});
