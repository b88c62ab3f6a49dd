import type { TicketList } from "@/live/apply";
import { compare, type Sort } from "@/live/query";

/** The list with its next page. A ticket that moved in between is there once, as it is now. */
export function joined(list: TicketList, page: TicketList, sort: Sort): TicketList {
  const tickets = new Map(page.items.map((ticket) => [ticket.id, ticket]));
  for (const ticket of list.items) {
    const other = tickets.get(ticket.id);
    if (other === undefined || other.version <= ticket.version) tickets.set(ticket.id, ticket);
  }
  return { items: [...tickets.values()].sort((a, b) => compare(a, b, sort)), next_cursor: page.next_cursor };
}
