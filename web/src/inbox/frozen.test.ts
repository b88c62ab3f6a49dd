import { describe, expect, it } from "vitest";

import { arrange, type Arranged, type Row } from "./frozen";

interface Item {
  id: string;
  text?: string;
}

const list = (letters: string): Item[] => [...letters].map((id) => ({ id }));
const rows = (letters: string): readonly Row<Item>[] => arrange([], list(letters), false).rows;
/** The rows in letters; those that left in capitals. */
const said = ({ rows }: Arranged<Item>) => rows.map(({ item, gone }) => (gone ? item.id.toUpperCase() : item.id)).join("");

describe("rows on the screen", () => {
  it("are the list's while nothing holds them", () => {
    const free = arrange(rows("abc"), list("xab"), false);
    expect([said(free), free.fresh]).toEqual(["xab", 0]);
  });

  it("are the list's when there were none", () => expect(said(arrange([], list("ab"), true))).toBe("ab"));

  it("stay where they are while frozen, and say how many wait", () => {
    const held = arrange(rows("abc"), list("xcyab"), true);
    expect([said(held), held.fresh]).toEqual(["abc", 2]);
  });

  it("say what they say now, wherever they stand", () => {
    const after = [{ id: "b", text: "now" }, { id: "a" }];
    expect(arrange(rows("ab"), after, true).rows[1]?.item.text).toBe("now");
  });

  it("keep what left the list, as it was last seen, until they may move", () => {
    const held = arrange(rows("abc"), list("ac"), true);
    expect([said(held), held.fresh]).toEqual(["aBc", 0]);
    expect(said(arrange(held.rows, list("ac"), true))).toBe("aBc");
    expect(said(arrange(held.rows, list("ac"), false))).toBe("ac");
  });

  it("take back what comes back", () => {
    const held = arrange(rows("abc"), list("ac"), true);
    const back = arrange(held.rows, list("bac"), true);
    expect([said(back), back.fresh]).toEqual(["abc", 0]);
  });

  it("get a further page at the end", () => {
    const held = arrange(rows("abc"), list("xabcdef"), true);
    expect([said(held), held.fresh]).toEqual(["abcdef", 1]);
  });

  it("hold still when all of them left", () => {
    const held = arrange(rows("ab"), list("xy"), true);
    expect([said(held), held.fresh]).toEqual(["AB", 2]);
  });

  it("are the same objects while nothing in them changed", () => {
    const items = list("abc");
    const before = arrange([], items, false);
    const after = arrange(before.rows, items.toReversed(), false);
    expect(after.rows[0]).toBe(before.rows[2]);
  });
});
