import { describe, expect, it } from "vitest";

import { filtersOf, queryOf, readInboxSearch, readTab } from "./search";

describe("an address", () => {
  it("is read for what makes sense", () => {
    const raw = { status: "open,nonsense", priority: ["urgent"], sort: "drop table", q: "42", message: "7", extra: 1, tag: "," };
    expect(readInboxSearch(raw)).toEqual({ status: ["open"], priority: ["urgent"], q: "42", message: 7 });
  });

  it("may say nothing", () => expect(readInboxSearch({ message: "-1", status: 3 })).toEqual({}));

  it("names a tab, or one's own is meant", () => expect([readTab("queue"), readTab("x")]).toEqual(["queue", "mine"]));
});

describe("what a tab asks for", () => {
  it("is what it counts", () => {
    expect(queryOf("mine", {})).toMatchObject({ assignee: ["me"], status: ["new", "open", "waiting", "on_hold"], sort: "sla_due_at" });
    expect(queryOf("queue", {})).toEqual({ queue: ["waiting"], sort: "sla_due_at" });
    expect(queryOf("waiting", {})).toMatchObject({ waiting: true });
    expect(queryOf("all", {})).toMatchObject({ sort: "-updated_at" });
  });

  it("is narrowed by the filters", () => {
    const search = { status: ["resolved" as const], q: "printer", sort: "priority" as const, message: 3 };
    expect(queryOf("unassigned", search)).toEqual({ assignee: ["none"], status: ["resolved"], q: "printer", sort: "priority" });
    expect(filtersOf(search)).toBe(1);
  });
});
