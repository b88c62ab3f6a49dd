import { expect, it } from "vitest";

import { readSearch, writeSearch } from "./address";

it("is short and reads as written", () => {
  const text = writeSearch({ status: ["new", "open"], q: "a & b=c+ü", message: 7, sort: undefined });
  expect(text).toBe("?status=new,open&q=a%20%26%20b%3Dc%2B%C3%BC&message=7");
  expect(readSearch(text)).toEqual({ status: "new,open", q: "a & b=c+ü", message: "7" });
});

it("is nothing when it says nothing", () => expect(writeSearch({ q: undefined })).toBe(""));
