/** The outbox of whoever is signed in, wired to the API, the connection and the threads on the screen. */
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";

import { api, call, type Message } from "@/api/client";
import { health } from "@/api/health";
import { session } from "@/api/session";
import { useStore } from "@/api/store";
import { appended, type Thread } from "@/live/apply";
import { keys } from "@/live/cache";
import { useLive, type Live } from "@/live/live";

import { Outbox, type Outgoing } from "./outbox";

const outboxes = new WeakMap<Live, Outbox>();

/** Made with the first use of a sign-in; from then on it sends by itself whatever is shown. */
export function useOutbox(): Outbox {
  const live = useLive();
  const client = useQueryClient();
  let outbox = outboxes.get(live);
  if (outbox === undefined) {
    outbox = start(live, client);
    outboxes.set(live, outbox);
  }
  return outbox;
}

/** The messages of a conversation that are not among `messages` yet. */
export function useOutgoing(conversation: string, messages: readonly Message[]): Outgoing[] {
  const outbox = useOutbox();
  const waiting = useStore(outbox.waiting);
  const known = useMemo(() => new Set(messages.map((message) => message.client_id)), [messages]);
  const ours = waiting.filter((entry) => entry.conversation === conversation);
  const arrived = ours.filter((entry) => entry.state === "sent" && known.has(entry.client_id)).map((entry) => entry.client_id);
  const names = arrived.join(" ");
  useEffect(() => {
    if (names !== "") outbox.seen(names.split(" "));
  }, [outbox, names]);
  return ours.filter((entry) => !known.has(entry.client_id));
}

function start(live: Live, client: QueryClient): Outbox {
  const outbox = new Outbox(live.cache.viewer.id, { post, stored: (message) => place(client, message) });
  const hurry = () => outbox.hurry();
  const hear = (event: StorageEvent) => outbox.changedElsewhere(event.key);
  addEventListener("online", hurry);
  addEventListener("storage", hear);
  const stops = [
    health.subscribe(() => health.get() === "up" && outbox.hurry()),
    live.connection.status.subscribe(() => live.connection.status.get().state === "live" && outbox.hurry()),
    session.subscribe(() => {
      if (session.get().status !== "out") return;
      outbox.close();
      removeEventListener("online", hurry);
      removeEventListener("storage", hear);
      for (const stop of stops) stop();
    }),
  ];
  return outbox;
}

async function post({ conversation, body, kind, client_id, then }: Outgoing): Promise<Message | null> {
  const answer = await call(
    api.POST("/v1/conversations/{id}/messages", {
      params: { path: { id: conversation } },
      body: { body, kind, client_id, ...(then === undefined ? {} : { then }) },
    }),
  );
  return "pending" in answer ? null : answer;
}

/** Puts a stored message behind its thread, unless it came by event already; `false` when nobody shows the thread. */
function place(client: QueryClient, message: Message): boolean {
  const key = keys.thread(message.conversation_id);
  const thread = client.getQueryData<Thread>(key);
  if (thread === undefined) return false;
  if (message.seq === thread.last_seq + 1) client.setQueryData<Thread>(key, appended(thread, [message]));
  else if (message.seq > thread.last_seq) void client.invalidateQueries({ queryKey: key });
  return true;
}
