import { useEffect, useRef, useState } from "react";

import type { Message } from "@/api/client";

/** Reads out what others write while one is here. */
export function Announcer({ messages, me }: { messages: readonly Message[]; me: string }) {
  const last = messages.at(-1);
  const before = useRef(last?.seq ?? 0);
  const [text, setText] = useState("");
  useEffect(() => {
    const fresh = messages.filter((message) => message.seq > before.current);
    before.current = Math.max(before.current, last?.seq ?? 0);
    const theirs = fresh.filter((message) => message.author.id !== me);
    if (theirs.length > 0) setText(theirs.map((message) => `${message.author.name}: ${message.body}`).join("\n"));
  }, [messages, last, me]);
  return (
    <p aria-live="polite" className="sr-only">
      {text}
    </p>
  );
}
