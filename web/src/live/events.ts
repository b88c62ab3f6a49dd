import type { Message, Schemas, Ticket } from "@/api/client";

interface Happened {
  id: string;
  /** Where in the feed it stands; left out of timelines. */
  cursor?: string | null;
  at: string;
  ticket_id?: string | null;
  conversation_id?: string | null;
  actor: Schemas["Actor"];
}

/** A ticket as it is after a change. */
export interface TicketEvent extends Happened {
  type: "ticket:created" | "ticket:updated" | "ticket:assigned" | "ticket:unassigned" | "ticket:escalated";
  data: { ticket: Ticket; changed: string[] };
}

/** A ticket that left the reader's sight. */
export interface RemovedEvent extends Happened {
  type: "ticket:removed";
  data: { ticket: { id: string; version: number } };
}

/** A message, and what it did to its ticket without moving the version. */
export interface MessageEvent extends Happened {
  type: "message:created";
  data: Message & { ticket: Schemas["TicketEffect"] };
}

/** Somebody read up to here. */
export interface ReadEvent extends Happened {
  type: "conversation:read";
  data: { conversation_id: string; user_id: string; seq: number };
}

/** Something is told to the viewer alone. */
export interface NotificationEvent extends Happened {
  type: "notification:created";
  data: Schemas["Notification"];
}

/** The viewer read notifications, here or elsewhere. */
export interface NotificationsReadEvent extends Happened {
  type: "notification:read";
  data: Schemas["NotificationsRead"];
}

/** A durable event; types that this client does not know are none of these and change nothing. */
export type LiveEvent = TicketEvent | RemovedEvent | MessageEvent | ReadEvent | NotificationEvent | NotificationsReadEvent;

export function isTicketEvent(event: LiveEvent): event is TicketEvent {
  return event.type !== "ticket:removed" && "data" in event && "changed" in event.data;
}

/** What passes by and is kept by nobody. */
export interface Ephemeral {
  typing: { conversation_id: string; user: { id: string; name: string; role: string }; typing: boolean };
  "presence:changed": { user_id: string; availability: string; available: boolean };
  "queue:changed": {
    ticket_id?: string;
    position?: number | null;
    expected_wait_seconds?: number | null;
    team_id?: string;
    waiting?: number;
    oldest_waiting_seconds?: number | null;
  };
  "room:revoked": { conversation_id: string };
}
