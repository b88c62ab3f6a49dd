import { ArrowDown } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Me, Ticket } from "@/api/client";
import type { Thread } from "@/live/apply";
import { Bubble } from "@/thread/Bubble";
import { OutgoingBubble } from "@/thread/OutgoingBubble";
import type { OpenThread } from "@/thread/useThread";
import { useOutbox, useOutgoing } from "@/thread/useOutbox";

import { link, plain } from "../looks";
import { Announcer } from "./Announcer";
import { Day, HistoryLine, UnreadLine } from "./lines";
import { follows, linesOf, rowsOf, seenUpTo, type Row } from "./rows";
import { useHistory } from "./useHistory";
import { useInSight, useRead } from "./useRead";

interface MessagesProps {
  me: Me;
  ticket: Ticket;
  thread: Thread;
  open: OpenThread;
  onEdit: (body: string) => void;
}

/** The conversation itself. It is laid out from its end: there it stays while older messages come before it. */
export function Messages({ me, ticket, thread, open, onEdit }: MessagesProps) {
  const { t } = useTranslation();
  const unread = ticket.unread ?? 0;
  const history = useHistory(ticket.id);
  const outbox = useOutbox();
  const outgoing = useOutgoing(ticket.id, thread.messages);
  const [readBefore] = useState(() => (unread > 0 ? (ticket.read_seq ?? 0) : null));
  const lines = useMemo(() => linesOf(history), [history]);
  const rows = useMemo(
    () => rowsOf({ messages: thread.messages, lines, more: thread.more, readBefore }),
    [thread.messages, thread.more, lines, readBefore],
  );
  const seen = seenUpTo(thread.messages, thread.read_marks, me.id);
  const end = useRef<HTMLDivElement>(null);
  const endInSight = useInSight(end);
  useRead(ticket, thread.last_seq, endInSight);

  const show = (row: Row) => {
    switch (row.kind) {
      case "day":
        return <Day key={row.key} at={row.at} />;
      case "unread":
        return <UnreadLine key={row.key} />;
      case "line":
        return <HistoryLine key={row.key} line={row.line} me={me.id} />;
      case "message":
        return (
          <Bubble
            key={row.key}
            author={row.message.author.id === me.id ? t("conversation.you") : row.message.author.name}
            at={row.message.created_at}
            body={row.message.body}
            kind={row.message.kind}
            side={row.message.author.id === me.id ? "end" : "start"}
            joined={row.joined}
            footer={row.message.seq === seen ? <Seen /> : undefined}
          />
        );
    }
  };

  return (
    <>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be scrollable by keys */}
      <div role="region" aria-label={t("conversation.messages")} tabIndex={0} className="@container flex min-h-40 flex-1 flex-col-reverse overflow-y-auto -outline-offset-2">
        <div className="mt-0 mb-auto flex flex-col gap-2 p-3 sm:px-4">
          <Older open={open} more={thread.more} />
          {rows.map(show)}
          {outgoing.map((entry, index) => (
            <OutgoingBubble
              key={entry.client_id}
              outgoing={entry}
              author={t("conversation.you")}
              joined={index > 0 || follows(rows.at(-1), me.id, entry.at)}
              onRetry={() => outbox.retry(entry.client_id)}
              onDiscard={() => outbox.discard(entry.client_id)}
              onEdit={() => {
                outbox.discard(entry.client_id);
                onEdit(entry.body);
              }}
            />
          ))}
          <div ref={end} aria-hidden className="h-px" />
        </div>
      </div>
      {unread > 0 && !endInSight && (
        <button type="button" className={`${plain} relative z-10 -mt-11 mb-2 self-center shadow-float`} onClick={() => end.current?.scrollIntoView()}>
          <ArrowDown size={16} aria-hidden />
          {t("conversation.unread", { count: unread })}
        </button>
      )}
      <Announcer messages={thread.messages} me={me.id} />
    </>
  );
}

function Seen() {
  const { t } = useTranslation();
  return <p className="px-1 text-meta text-soft">{t("conversation.seen")}</p>;
}

/** Loads older messages when one comes near the first, or asks for them. It is nothing to hold on to: it moves up before them. */
function Older({ open, more }: { open: OpenThread; more: boolean }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const { older, loadOlder } = open;
  // A new observer with every page: it tells where the place is by then.
  useEffect(() => {
    const element = place.current;
    if (element === null || !more || older !== "idle") return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && loadOlder());
    observer.observe(element);
    return () => observer.disconnect();
  }, [more, older, loadOlder]);
  return (
    <div ref={place} className="text-center text-meta text-soft [overflow-anchor:none]">
      {more && older === "loading" && <p role="status">{t("loading")}</p>}
      {more && older !== "loading" && (
        <button type="button" className={`${link} min-h-6`} onClick={loadOlder}>
          {t(older === "failed" ? "conversation.olderFailed" : "conversation.older")}
        </button>
      )}
    </div>
  );
}
