/** Who types, and saying that one types oneself. */
import { useEffect, useMemo, useState } from "react";

import { useLive } from "@/live/live";

/** So long after the last sign of it, somebody counts as having stopped. */
const EXPIRES_MS = 6_000;
/** Said again at most this often while one types. */
const SAY_EVERY_MS = 3_000;
const IDLE_MS = 4_000;

/** The names of those who type in the conversation now, oneself left out. */
export function useTypists(conversation: string): string[] {
  const live = useLive();
  const [typists, setTypists] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const timers = new Map<string, ReturnType<typeof setTimeout>>();
    const stop = (id: string) => {
      clearTimeout(timers.get(id));
      timers.delete(id);
      setTypists((now) => (now.has(id) ? new Map([...now].filter(([other]) => other !== id)) : now));
    };
    const stopHearing = live.onEphemeral((name, payload) => {
      if (name !== "typing" || !("typing" in payload) || payload.conversation_id !== conversation) return;
      const { user, typing } = payload;
      if (user.id === live.cache.viewer.id) return;
      if (!typing) return stop(user.id);
      clearTimeout(timers.get(user.id));
      timers.set(user.id, setTimeout(() => stop(user.id), EXPIRES_MS));
      setTypists((now) => new Map(now).set(user.id, user.name));
    });
    const stopListening = live.onEvent((event) => {
      if (event.type === "message:created" && event.data.conversation_id === conversation) stop(event.data.author.id);
    });
    return () => {
      stopHearing();
      stopListening();
      for (const timer of timers.values()) clearTimeout(timer);
      setTypists(new Map());
    };
  }, [live, conversation]);
  return [...typists.values()];
}

export interface TypingSignal {
  /** With every change of the text. */
  typed: () => void;
  /** When it was sent or emptied. */
  stopped: () => void;
}

/** Tells the others that one types. */
export function useTypingSignal(conversation: string): TypingSignal {
  const live = useLive();
  const signal = useMemo(
    () => typingSignal((typing) => live.connection.typing(conversation, typing)),
    [live, conversation],
  );
  useEffect(() => signal.stopped, [signal]);
  return signal;
}

/** Says it now and then while it goes on, and once when it stops. */
export function typingSignal(say: (typing: boolean) => void): TypingSignal {
  let said = 0;
  let idle: ReturnType<typeof setTimeout> | undefined;
  const stopped = () => {
    clearTimeout(idle);
    if (said > 0) say(false);
    said = 0;
  };
  const typed = () => {
    clearTimeout(idle);
    idle = setTimeout(stopped, IDLE_MS);
    if (Date.now() - said < SAY_EVERY_MS) return;
    said = Date.now();
    say(true);
  };
  return { typed, stopped };
}
