/** What pressing send does, and with which key. */
import { createStore } from "@/api/store";
import type { Status } from "@/api/client";

/** What follows a message. */
export type Sending = "plain" | "resolve" | "wait" | "next";

export const THEN: Record<Sending, Status | undefined> = { plain: undefined, resolve: "resolved", wait: "waiting", next: undefined };

/** The server's limit for a text, and how near to it the count is shown. */
export const LONGEST = 20_000;
const NEAR = 1_000;

/** How many characters are left, when it is time to say so. */
export function left(body: string): number | null {
  // As many units are at least as many characters: short texts need no counting.
  if (body.length <= LONGEST - NEAR) return null;
  const count = LONGEST - Array.from(body.trim()).length;
  return count <= NEAR ? count : null;
}

/** Whether Enter sends, or Ctrl and Enter. */
export type SendKey = "enter" | "mod-enter";

const KEY = "baton:send-key";
const stored = typeof localStorage === "undefined" ? null : localStorage.getItem(KEY);
export const sendKey = createStore<SendKey>(stored === "enter" ? "enter" : "mod-enter");

export function chooseSendKey(key: SendKey): void {
  localStorage.setItem(KEY, key);
  sendKey.set(key);
}

/** Whether a key in the composer sends. */
export function sends(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "isComposing">, key: SendKey): boolean {
  if (event.key !== "Enter" || event.isComposing || event.altKey) return false;
  return event.ctrlKey || event.metaKey || (key === "enter" && !event.shiftKey);
}
