import { expect, test } from "vitest";

import { troubleOf } from "./connection";

test("nothing is said while all is well", () => {
  expect(troubleOf("live", "up", true)).toBeNull();
});

test("a browser that believes to be offline is not believed while events arrive", () => {
  expect(troubleOf("live", "up", false)).toBeNull();
  expect(troubleOf("connecting", "down", false)).toBe("offline");
});

test("the API's absence is named before that of events", () => {
  expect(troubleOf("connecting", "down", true)).toBe("server");
  expect(troubleOf("live", "down", true)).toBe("server");
  expect(troubleOf("connecting", "up", true)).toBe("connecting");
  expect(troubleOf("replaying", "up", true)).toBe("replaying");
});
