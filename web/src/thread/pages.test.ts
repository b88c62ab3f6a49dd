import { describe, expect, it } from "vitest";

import type { Message } from "@/api/client";
import type { Thread } from "@/live/apply";

import { keepOlder, prepended } from "./pages";

const messages = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ seq: from + index }) as Message);
const thread = (from: number, to: number, more = from > 1): Thread => ({ messages: messages(from, to), more, last_seq: to, read_marks: [] });

describe("pages of a conversation", () => {
  it("puts older ones before", () => {
    expect(prepended(thread(51, 60), messages(41, 50), true)).toEqual(thread(41, 60, true));
    expect(prepended(thread(3, 4), messages(1, 2), false)).toEqual(thread(1, 4));
  });

  it("passes over what it has, and what would leave a gap", () => {
    const whole = thread(5, 9);
    expect(prepended(whole, messages(5, 7), true)).toBe(whole);
    expect(prepended(whole, messages(1, 3), false)).toBe(whole);
    expect(prepended(whole, messages(3, 6), true)).toEqual(thread(3, 9, true));
  });

  it("learns that there is nothing older", () => {
    expect(prepended(thread(2, 4, true), [], false).more).toBe(false);
  });

  it("keeps older pages over a fetch, if they join", () => {
    expect(keepOlder(thread(1, 60), thread(21, 70))).toEqual(thread(1, 70));
    expect(keepOlder(thread(1, 60), thread(81, 130))).toEqual(thread(81, 130));
    expect(keepOlder(undefined, thread(81, 130))).toEqual(thread(81, 130));
  });
});
