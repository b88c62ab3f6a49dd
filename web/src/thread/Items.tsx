import type { RefObject } from "react";
import { useTranslation } from "react-i18next";

import type { Decision, Message, Ticket } from "@/api/client";
import type { Thread } from "@/live/apply";
import { usePeople } from "@/ticket/people";

import { Bubble } from "./Bubble";
import { joins, readersOf, type Item } from "./items";
import { LineRow } from "./LineRow";
import { MessageActions } from "./MessageActions";
import type { Outgoing } from "./outbox";
import { OutgoingBubble, Standing } from "./OutgoingBubble";
import { Readers } from "./Readers";
import { useOutbox } from "./useOutbox";

interface ItemsProps {
  list: RefObject<HTMLOListElement | null>;
  items: readonly Item[];
  thread: Thread;
  ticket: Ticket;
  outgoing: readonly Outgoing[];
  viewer: { id: string; name: string };
  wanted: number | undefined;
  decisions: readonly Decision[] | undefined;
  onDecision: (decision: Decision) => void;
  onEdit: (outgoing: Outgoing) => void;
}

export function Items({ list, items, thread, ticket, outgoing, viewer, wanted, decisions, onDecision, onEdit }: ItemsProps) {
  const readers = readersOf(thread, viewer.id);
  const name = useNames(thread, ticket);
  const outbox = useOutbox();
  const last = thread.messages.at(-1);
  const footer = (message: Message) => {
    const ids = readers.get(message.seq);
    if (ids !== undefined) return <Readers names={ids.map(name)} />;
    return message === last && message.author.id === viewer.id ? <Standing state="sent" /> : undefined;
  };
  // As they will stand once they are stored, so that nothing jumps then.
  const end = items.at(-1);
  const joined = (index: number) => {
    const before = outgoing[index - 1];
    const above = before === undefined ? (end?.kind === "message" ? end.message : undefined) : written(before, viewer.id);
    const entry = outgoing[index];
    return above !== undefined && entry !== undefined && joins(above, written(entry, viewer.id));
  };
  return (
    <ol ref={list} className="flex flex-col gap-2 px-4 pb-2">
      {items.map((item) => {
        switch (item.kind) {
          case "day":
            return <Day key={item.key} at={item.at} />;
          case "news":
            return <News key={item.key} />;
          case "line": {
            const decision = decisions?.find(({ at }) => at === item.line.at);
            return (
              <li key={item.key}>
                <LineRow line={item.line} decision={decision} onDecision={onDecision} />
              </li>
            );
          }
          case "message": {
            const { message, joined } = item;
            return (
              <li key={item.key} data-seq={message.seq} className={joined ? "-mt-1" : ""}>
                <Bubble
                  author={message.author.name}
                  at={message.created_at}
                  body={message.body}
                  kind={message.kind}
                  side={message.author.role === "customer" ? "start" : "end"}
                  joined={joined}
                  highlighted={message.seq === wanted}
                  actions={<MessageActions body={message.body} address={addressOf(ticket, message)} />}
                  footer={footer(message)}
                />
              </li>
            );
          }
        }
      })}
      {outgoing.map((entry, index) => (
        <li key={entry.client_id} className={joined(index) ? "-mt-1" : ""}>
          <OutgoingBubble
            outgoing={entry}
            author={viewer.name}
            joined={joined(index)}
            onRetry={() => outbox.retry(entry.client_id)}
            onDiscard={() => outbox.discard(entry.client_id)}
            onEdit={() => {
              outbox.discard(entry.client_id);
              onEdit(entry);
            }}
          />
        </li>
      ))}
    </ol>
  );
}

function written({ kind, at }: Outgoing, viewer: string) {
  return { kind, created_at: new Date(at).toISOString(), author: { id: viewer } };
}

function Day({ at }: { at: string }) {
  const { t, i18n } = useTranslation("thread");
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const text = today ? t("today") : date.toLocaleDateString(i18n.language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  return (
    <li className="flex items-center gap-3 py-1 text-meta text-soft">
      <span aria-hidden className="h-px flex-1 bg-line" />
      {text}
      <span aria-hidden className="h-px flex-1 bg-line" />
    </li>
  );
}

/** Where what was not read yet begins. */
function News() {
  const { t } = useTranslation("thread");
  return (
    <li data-news className="flex items-center gap-3 py-1 text-meta font-semibold text-accent">
      <span aria-hidden className="h-px flex-1 bg-accent" />
      {t("newMessages")}
      <span aria-hidden className="h-px flex-1 bg-accent" />
    </li>
  );
}

function addressOf(ticket: Ticket, message: Message): string {
  return `${location.origin}/inbox/all/${ticket.id}?message=${message.seq}`;
}

/** Names by id: of who wrote here, whose ticket it is, who works here. */
function useNames(thread: Thread, ticket: Ticket): (id: string) => string {
  const { t } = useTranslation("thread");
  const people = usePeople();
  return (id) => {
    const near = [ticket.requester, ticket.assignee, ...thread.messages.map((message) => message.author)];
    return near.find((person) => person?.id === id)?.name ?? people.find((person) => person.id === id)?.name ?? t("somebody");
  };
}
