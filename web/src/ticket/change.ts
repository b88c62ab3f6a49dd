/** A change of one field of a ticket, and what is to be done when somebody else changed the ticket meanwhile. */
import type { Person, Priority, Status, TeamRef, Ticket } from "@/api/client";

export type Change =
  | { field: "status"; value: Status }
  | { field: "priority"; value: Priority }
  | { field: "assignee"; value: Pick<Person, "id" | "name"> | null }
  | { field: "team"; value: TeamRef }
  | { field: "subject"; value: string }
  | { field: "tags"; value: string[] };

export type FieldName = Change["field"];

/** How `ticket` stands in the field of a change: the change that would make it so. */
export function standing(ticket: Ticket, field: FieldName): Change {
  switch (field) {
    case "status":
      return { field, value: ticket.status };
    case "priority":
      return { field, value: ticket.priority };
    case "assignee":
      return { field, value: ticket.assignee ?? null };
    case "team":
      return { field, value: ticket.team };
    case "subject":
      return { field, value: ticket.subject };
    case "tags":
      return { field, value: ticket.tags };
  }
}

export function same(a: Change, b: Change): boolean {
  return a.field === b.field && plain(a) === plain(b);
}

function plain({ value }: Change): string {
  if (Array.isArray(value)) return JSON.stringify([...value].sort());
  return typeof value === "string" ? value : (value?.id ?? "");
}

/**
 * `mine` was wished for when the ticket looked like `seen`, but it is `current`: it may be as wished already, the
 * others may have changed something else, or the same thing in another way, which only the user can decide.
 */
export function reconcile(seen: Ticket, current: Ticket, mine: Change): "done" | "again" | "ask" {
  const theirs = standing(current, mine.field);
  if (same(theirs, mine)) return "done";
  return same(theirs, standing(seen, mine.field)) ? "again" : "ask";
}
