/** What one is called for while looking elsewhere: only what is one's own. */
import { createStore } from "@/api/store";
import type { Viewer } from "@/live/apply";
import { isTicketEvent, type LiveEvent } from "@/live/events";

/** Why somebody is called. */
export interface Notice {
  why: "assigned" | "message";
  ticket: string;
  subject: string;
  /** Who did it, and what was said. */
  by: string;
  text: string;
}

const NOTICES = "baton:notices";
const SOUND = "baton:sound";

/** Whether the desktop shows notices; they must be asked for, and the browser may refuse, also later. */
export const noticesOn = createStore(
  localStorage.getItem(NOTICES) === "on" && "Notification" in window && Notification.permission === "granted",
);
export const soundOn = createStore(localStorage.getItem(SOUND) !== "off");

/** Turns notices on or off. Answers whether it is as was wished. */
export async function askForNotices(wish: boolean): Promise<boolean> {
  const granted = !wish || ("Notification" in window && (await Notification.requestPermission()) === "granted");
  const on = wish && granted;
  localStorage.setItem(NOTICES, on ? "on" : "off");
  noticesOn.set(on);
  return granted;
}

export function setSoundOn(on: boolean): void {
  localStorage.setItem(SOUND, on ? "on" : "off");
  soundOn.set(on);
}

/** What is known of a ticket that an event does not carry whole. */
type Known = (id: string) => { assignee: string | null; subject: string } | null;

/**
 * What an event calls `viewer` for, if for anything: a ticket given to them by somebody else, or a customer's message
 * in a ticket of theirs.
 */
export function noticeOf(event: LiveEvent, viewer: Viewer, known: Known): Notice | null {
  if (event.actor.id === viewer.id) return null;
  const by = event.actor.name;
  if (isTicketEvent(event)) {
    const { id, assignee, subject, preview } = event.data.ticket;
    if (assignee?.id !== viewer.id) return null;
    if (event.type === "ticket:assigned") return { why: "assigned", ticket: id, subject, by, text: preview };
    // A message brought it back, maybe from where no screen had it.
    const back = event.actor.role === "customer" && event.data.changed.includes("status");
    return back ? { why: "message", ticket: id, subject, by, text: preview } : null;
  }
  if (event.type !== "message:created" || event.data.author.role !== "customer") return null;
  const ticket = known(event.data.conversation_id);
  if (ticket?.assignee !== viewer.id) return null;
  return { why: "message", ticket: event.data.conversation_id, subject: ticket.subject, by, text: event.data.body };
}
