/** A ticket's history in lines: what each event changed, told by comparing the ticket before and after it. */
import type { Person, Priority, Schemas, Status, TeamRef, Ticket } from "@/api/client";
import { isTicketEvent, type LiveEvent } from "@/live/events";

/** `from` is left out where the ticket before is not known. */
export type Happening =
  | { what: "created" }
  | { what: "assigned"; to: Person }
  | { what: "unassigned"; from?: Person }
  | { what: "status"; from?: Status; to: Status }
  | { what: "priority"; from?: Priority; to: Priority }
  | { what: "team"; to: TeamRef }
  | { what: "subject"; to: string }
  | { what: "tags"; added: string[]; removed: string[] }
  | { what: "escalated"; level: number };

export interface Line {
  id: string;
  at: string;
  actor: Schemas["Actor"];
  happenings: Happening[];
}

export function linesOf(events: readonly LiveEvent[]): Line[] {
  const lines: Line[] = [];
  let before: Ticket | undefined;
  for (const event of events) {
    if (!isTicketEvent(event)) continue;
    const { ticket, changed } = event.data;
    const happenings = event.type === "ticket:created" ? [{ what: "created" as const }] : differences(before, ticket, changed);
    if (happenings.length > 0) lines.push({ id: event.id, at: event.at, actor: event.actor, happenings });
    before = ticket;
  }
  return lines;
}

function differences(before: Ticket | undefined, after: Ticket, changed: readonly string[]): Happening[] {
  const found: Happening[] = [];
  const has = (field: string) => changed.includes(field);
  if (has("assignee")) {
    if (after.assignee != null) found.push({ what: "assigned", to: after.assignee });
    else found.push({ what: "unassigned", ...(before?.assignee == null ? {} : { from: before.assignee }) });
  }
  // Being assigned opens a new ticket: one line is enough.
  if (has("status") && !(before?.status === "new" && after.status === "open" && has("assignee"))) {
    found.push({ what: "status", to: after.status, ...(before === undefined ? {} : { from: before.status }) });
  }
  if (has("priority")) found.push({ what: "priority", to: after.priority, ...(before === undefined ? {} : { from: before.priority }) });
  if (has("team")) found.push({ what: "team", to: after.team });
  if (has("subject")) found.push({ what: "subject", to: after.subject });
  if (has("escalation_level")) found.push({ what: "escalated", level: after.escalation_level });
  if (has("tags") && before !== undefined) {
    const { tags } = before;
    const added = after.tags.filter((tag) => !tags.includes(tag));
    found.push({ what: "tags", added, removed: tags.filter((tag) => !after.tags.includes(tag)) });
  }
  return found;
}
