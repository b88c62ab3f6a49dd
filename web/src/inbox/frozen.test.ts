import { describe, expect, it } from "vitest";

import { arrange, isSame } from "./frozen";

const list = (text: string) => [...text];

describe("rows on the screen", () => {
  it("are the list's while nothing holds them", () => {
    expect(arrange(list("abc"), list("xab"), false)).toEqual({ ids: list("xab"), fresh: 0, gone: new Set() });
  });

  it("are the list's when there were none", () => {
    expect(arrange([], list("ab"), true).ids).toEqual(list("ab"));
  });

  it("stay where they are while frozen, and say how many wait", () => {
    expect(arrange(list("abc"), list("xcyab"), true)).toEqual({ ids: list("abc"), fresh: 2, gone: new Set() });
  });

  it("keep what left the list until they may move", () => {
    const held = arrange(list("abc"), list("ac"), true);
    expect(held).toEqual({ ids: list("abc"), fresh: 0, gone: new Set(["b"]) });
    expect(arrange(held.ids, list("ac"), false).ids).toEqual(list("ac"));
  });

  it("get a further page at the end", () => {
    expect(arrange(list("abc"), list("xabcdef"), true)).toEqual({ ids: list("abcdef"), fresh: 1, gone: new Set() });
  });

  it("hold still when all of them left", () => {
    expect(arrange(list("ab"), list("xy"), true)).toEqual({ ids: list("ab"), fresh: 2, gone: new Set(list("ab")) });
  });
});

it("tells orders apart", () => {
  expect([isSame(list("ab"), list("ab")), isSame(list("ab"), list("ba")), isSame(list("ab"), list("abc"))]).toEqual([true, false, false]);
});
