/** What one has begun to write, kept in the browser for each conversation until it is sent. */
import { useEffect, useState } from "react";

import type { Schemas } from "@/api/client";

export interface Draft {
  body: string;
  kind: Schemas["MessageKind"];
  /** The last message that was there when it was begun. */
  base: number;
}

const key = (user: string, conversation: string) => `baton:draft:${user}:${conversation}`;

export function readDraft(user: string, conversation: string, storage: Storage = localStorage): Draft | null {
  try {
    const draft = JSON.parse(storage.getItem(key(user, conversation)) ?? "null") as Partial<Draft> | null;
    if (typeof draft?.body !== "string") return null;
    return { body: draft.body, kind: draft.kind === "note" ? "note" : "reply", base: draft.base ?? 0 };
  } catch {
    return null;
  }
}

/** Keeps a draft; an empty one is forgotten. */
export function writeDraft(user: string, conversation: string, draft: Draft | null, storage: Storage = localStorage): void {
  if (draft === null || draft.body === "") storage.removeItem(key(user, conversation));
  else storage.setItem(key(user, conversation), JSON.stringify(draft));
}

/**
 * The draft of a conversation and how to change it. The component must be another one (`key`) for another
 * conversation. What another tab does to the draft is followed: what was sent there is not sent here again.
 */
export function useDraft(user: string, conversation: string): [Draft | null, (draft: Draft | null) => void] {
  const [draft, setDraft] = useState(() => readDraft(user, conversation));
  useEffect(() => {
    const follow = (event: StorageEvent) => {
      if (event.key === key(user, conversation)) setDraft(readDraft(user, conversation));
    };
    addEventListener("storage", follow);
    return () => removeEventListener("storage", follow);
  }, [user, conversation]);
  const change = (next: Draft | null) => {
    setDraft(next);
    try {
      writeDraft(user, conversation, next);
    } catch {
      // No room in storage: it is on the screen at least.
    }
  };
  return [draft, change];
}
