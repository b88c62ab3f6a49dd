import { describe, expect, it } from "vitest";

import { left, LONGEST, sends } from "./sending";

const press = (held: Partial<Record<"ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "isComposing", boolean>> = {}, key = "Enter") => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  isComposing: false,
  ...held,
});

describe("the key that sends", () => {
  it("is Ctrl or Cmd and Enter, always", () => {
    for (const held of [{ ctrlKey: true }, { metaKey: true }]) {
      expect(sends(press(held), "enter")).toBe(true);
      expect(sends(press(held), "mod-enter")).toBe(true);
    }
  });
  it("is Enter alone only by choice, and Shift then makes a line", () => {
    expect(sends(press(), "mod-enter")).toBe(false);
    expect(sends(press(), "enter")).toBe(true);
    expect(sends(press({ shiftKey: true }), "enter")).toBe(false);
  });
  it("is not the Enter that ends a composed character", () => {
    expect(sends(press({ isComposing: true }), "enter")).toBe(false);
    expect(sends(press({ ctrlKey: true, isComposing: true }), "mod-enter")).toBe(false);
  });
});

it("counts characters as the server does, near the limit", () => {
  expect(left("a".repeat(18_000))).toBeNull();
  expect(left("a".repeat(19_990))).toBe(10);
  expect(left("a".repeat(LONGEST + 1))).toBe(-1);
  expect(left("😀".repeat(LONGEST))).toBe(0);
  expect(left("😀".repeat(10_000))).toBeNull();
});
