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

/** Whether the desktop shows notices; they must be asked for, and the browser may refuse. */
export const noticesOn = createStore(localStorage.getItem(NOTICES) === "on");
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

/**
 * What an event calls `viewer` for, if for anything: a ticket given to them by somebody else, or a customer's message
 * in a ticket of theirs. `assignee` tells whose a ticket is that an event does not carry.
 */
export function noticeOf(event: LiveEvent, viewer: Viewer, known: (id: string) => { assignee: string | null; subject: string } | null): Notice | null {
  if (event.actor.id === viewer.id) return null;
  const by = event.actor.name;
  if (isTicketEvent(event)) {
    const { id, assignee, subject, preview } = event.data.ticket;
    const given = event.type === "ticket:assigned" && assignee?.id === viewer.id;
    return given ? { why: "assigned", ticket: id, subject, by, text: preview } : null;
  }
  if (event.type !== "message:created" || event.data.author.role !== "customer") return null;
  const ticket = known(event.data.conversation_id);
  if (ticket?.assignee !== viewer.id) return null;
  return { why: "message", ticket: event.data.conversation_id, subject: ticket.subject, by: event.data.author.name, text: event.data.body };
}

/** Two short tones, made here: nothing is fetched. */
export function chime(): void {
  const audio = new AudioContext();
  const volume = audio.createGain();
  volume.connect(audio.destination);
  volume.gain.setValueAtTime(0.08, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4);
  for (const [start, pitch] of [
    [0, 660],
    [0.12, 880],
  ] as const) {
    const tone = audio.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(volume);
    tone.start(audio.currentTime + start);
    tone.stop(audio.currentTime + start + 0.2);
  }
  setTimeout(() => void audio.close(), 1_000);
}
