import { describe, expect, it } from "vitest";

import { linked } from "./text";

const links = (text: string) => linked(text).flatMap((piece) => piece.href ?? []);

describe("addresses in a text", () => {
  it.each([
    ["see https://a.example/x, please", ["https://a.example/x"]],
    ["(https://a.example/x)", ["https://a.example/x"]],
    ["https://a.example/wiki/X_(y).", ["https://a.example/wiki/X_(y)"]],
    ["“https://a.example/?q=1&b=2#c”", ["https://a.example/?q=1&b=2#c"]],
    ["http://a.example and https://b.example", ["http://a.example", "https://b.example"]],
    ["<https://a.example>", ["https://a.example"]],
    ["javascript:alert(1) ftp://a.example nothttps://a.example", []],
    ["https://", []],
  ])("%s", (text, expected) => {
    expect(links(text)).toEqual(expected);
    expect(linked(text).map((piece) => piece.text).join("")).toBe(text);
  });
});
