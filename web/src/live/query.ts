/** Which tickets a list holds and in what order: the parameters of `GET /v1/tickets`, applied to one ticket. */
import type { Priority, Schemas, Status, Ticket } from "@/api/client";

import type { Viewer } from "./apply";

export type Sort =
  | "updated_at"
  | "-updated_at"
  | "created_at"
  | "-created_at"
  | "priority"
  | "-priority"
  | "sla_due_at"
  | "-sla_due_at"
  | "waiting_since"
  | "-waiting_since";

/** A list's filters; what is left out does not narrow. `team` and `requester` are ids. */
export interface TicketQuery {
  status?: Status[];
  priority?: Priority[];
  assignee?: string[];
  team?: string[];
  requester?: string[];
  tag?: string[];
  queue?: Schemas["QueueState"][];
  /** Whether a customer waits for an answer. */
  waiting?: boolean;
  escalated?: boolean;
  q?: string;
  sort: Sort;
}

/** The query as the API's parameters. */
export function parameters(query: TicketQuery): Record<string, string | boolean> {
  const entries = Object.entries(query).flatMap(([name, value]): [string, string | boolean][] => {
    if (Array.isArray(value)) return value.length === 0 ? [] : [[name, value.join(",")]];
    return value === undefined || value === "" ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

/** Whether a ticket belongs in the list. */
export function matches(ticket: Ticket, query: TicketQuery, viewer: Viewer): boolean {
  const within = <T,>(wanted: readonly T[] | undefined, has: (one: T) => boolean) =>
    wanted === undefined || wanted.length === 0 || wanted.some(has);
  const assigned = (who: string) => {
    if (who === "none") return ticket.assignee == null;
    return ticket.assignee?.id === (who === "me" ? viewer.id : who);
  };
  return (
    within(query.status, (status) => ticket.status === status) &&
    within(query.priority, (priority) => ticket.priority === priority) &&
    within(query.assignee, assigned) &&
    within(query.team, (team) => ticket.team.id === team || ticket.team.slug === team) &&
    within(query.requester, (requester) => ticket.requester.id === requester) &&
    within(query.tag, (tag) => ticket.tags.includes(tag)) &&
    within(query.queue, (state) => ticket.queue.state === state) &&
    (query.waiting === undefined || (ticket.waiting_since != null) === query.waiting) &&
    (query.escalated === undefined || ticket.escalation_level > 0 === query.escalated) &&
    mentions(ticket, query.q)
  );
}

function mentions(ticket: Ticket, text: string | undefined): boolean {
  if (text === undefined || text === "") return true;
  return ticket.subject.toLowerCase().includes(text.toLowerCase()) || String(ticket.number) === text.replace(/^#/, "");
}

const RANK: Record<Priority, number> = { urgent: 0, high: 1, normal: 2, low: 3 };

/** Negative when `a` stands before `b`. Equals by id, so that the order is total as the server's is. */
export function compare(a: Ticket, b: Ticket, sort: Sort): number {
  const name = sort.replace("-", "");
  const turned = sort.startsWith("-") ? -1 : 1;
  const [x, y] = [key(a, name), key(b, name)];
  const order = x < y ? -1 : x > y ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  return order * turned;
}

/** What has none of it stands last, as if it were due at the end of time. */
function key(ticket: Ticket, name: string): number {
  switch (name) {
    case "priority":
      return RANK[ticket.priority];
    case "waiting_since":
      return time(ticket.waiting_since);
    case "sla_due_at":
      return dueAt(ticket);
    case "created_at":
      return time(ticket.created_at);
    default:
      return time(ticket.updated_at);
  }
}

/** What presses first: when the next promise breaks, or the oldest broken one broke that is still to be kept. */
export function dueAt(ticket: Ticket): number {
  const pressing = ticket.sla.filter((clock) => clock.state === "running" || (clock.state === "breached" && clock.met_at == null));
  return Math.min(Infinity, ...pressing.map((clock) => time(clock.due_at)));
}

function time(text: string | null | undefined): number {
  return text == null ? Infinity : Date.parse(text);
}
