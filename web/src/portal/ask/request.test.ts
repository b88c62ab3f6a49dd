// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";

import { attempted, keepRequest, readRequest } from "./request";

beforeEach(() => localStorage.clear());

const keys = () => {
  let last = 0;
  return () => `key-${(last += 1)}`;
};

test("the same words are sent under the same key, other words under another", () => {
  const newKey = keys();
  const first = attempted({ subject: "Help", body: "It broke" }, newKey);
  expect(first.attempt.key).toBe("key-1");
  expect(attempted(first, newKey).attempt.key).toBe("key-1");
  expect(attempted({ ...first, body: "It broke twice" }, newKey).attempt.key).toBe("key-2");
});

test("a request and its key survive a reload, for each person and follow-up", () => {
  const request = attempted({ subject: "Help", body: "" }, keys());
  keepRequest("ann", null, request);
  expect(readRequest("ann", null)).toEqual(request);
  expect(readRequest("ann", "ticket")).toEqual({ subject: "", body: "" });
  expect(readRequest("bob", null)).toEqual({ subject: "", body: "" });
});

test("an emptied request is forgotten; what is unreadable counts as none", () => {
  keepRequest("ann", null, { subject: "Help", body: "" });
  keepRequest("ann", null, { subject: "", body: "" });
  expect(localStorage.length).toBe(0);
  localStorage.setItem("baton:ask:ann:", "{");
  expect(readRequest("ann", null)).toEqual({ subject: "", body: "" });
});
