import { describe, expect, it } from "vitest";

import type { Ticket } from "@/api/client";

import { reconcile, same } from "./change";

const ticket = (parts: Partial<Ticket>) =>
  ({ status: "open", priority: "normal", assignee: null, subject: "x", tags: [], ...parts }) as Ticket;

describe("a change that met another", () => {
  const seen = ticket({});
  it("goes on when the others changed something else", () => {
    expect(reconcile(seen, ticket({ status: "waiting", tags: ["a"] }), { field: "priority", value: "low" })).toBe("again");
  });
  it("is done when they wished for the same", () => {
    expect(reconcile(seen, ticket({ priority: "low" }), { field: "priority", value: "low" })).toBe("done");
  });
  it("is asked about when they changed the same field otherwise", () => {
    expect(reconcile(seen, ticket({ priority: "urgent" }), { field: "priority", value: "low" })).toBe("ask");
    const ana = { id: "a", name: "Ana", role: "agent" as const };
    expect(reconcile(seen, ticket({ assignee: ana }), { field: "assignee", value: { id: "b", name: "Ben" } })).toBe("ask");
    expect(reconcile(ticket({ assignee: ana }), seen, { field: "assignee", value: { id: "b", name: "Ben" } })).toBe("ask");
  });
  it("compares people by id and labels without their order", () => {
    expect(same({ field: "tags", value: ["a", "b"] }, { field: "tags", value: ["b", "a"] })).toBe(true);
    expect(same({ field: "assignee", value: { id: "a", name: "Ana" } }, { field: "assignee", value: { id: "a", name: "Ana B" } })).toBe(true);
  });
});
