import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Decision, Ticket } from "@/api/client";
import type { Thread } from "@/live/apply";
import { useDecisions, useTimeline } from "@/ticket/useTicket";
import { tell } from "@/ui/toast";

import { Announcer } from "./Announcer";
import { firstUnread, itemsOf } from "./items";
import { Items } from "./Items";
import { LatestButton } from "./LatestButton";
import { linesOf } from "./lines";
import { OlderRow } from "./OlderRow";
import type { Outgoing } from "./outbox";
import { Typing } from "./Typing";
import { useFollow } from "./useFollow";
import { useMarkRead } from "./useMarkRead";
import { useOutgoing } from "./useOutbox";
import type { OpenThread } from "./useThread";

interface ConversationProps {
  ticket: Ticket;
  open: OpenThread;
  thread: Thread;
  viewer: { id: string; name: string };
  /** The message that the address names. */
  wanted: number | undefined;
  onEdit: (outgoing: Outgoing) => void;
  onDecision: (decision: Decision) => void;
}

/** Messages and history of a ticket, the newest at the end. Another one for another ticket (`key`). */
export function Conversation({ ticket, open, thread, viewer, wanted, onEdit, onDecision }: ConversationProps) {
  const { t } = useTranslation("thread");
  const { loadOlder, loadTo } = open;
  const follow = useFollow(() => thread.more && open.older === "idle" && loadOlder());
  const { box, content, atEnd, to, toEnd } = follow;
  // Where the news begin is settled when the thread is opened and does not move while it is read.
  const [newsFrom] = useState(() => firstUnread(thread, ticket.read_seq ?? 0, viewer.id));
  const [seen, setSeen] = useState(thread.last_seq);
  if (atEnd && seen !== thread.last_seq) setSeen(thread.last_seq);
  const outgoing = useOutgoing(ticket.id, thread.messages);
  const timeline = useTimeline(ticket.id);
  const decisions = useDecisions(ticket.id);
  const lines = useMemo(() => linesOf(timeline ?? []), [timeline]);
  const items = useMemo(() => itemsOf(thread, lines, newsFrom), [thread, lines, newsFrom]);
  useMarkRead(ticket.id, thread.last_seq, ticket.read_seq ?? 0, atEnd);

  const placed = useRef(false);
  useEffect(() => {
    if (placed.current || wanted !== undefined) return;
    placed.current = true;
    const news = content.current?.querySelector("[data-news]");
    if (news != null && box.current !== null && !fits(news, box.current)) to(news, "start");
  }, [box, content, to, wanted]);

  // The message that a link names is scrolled to once, as soon as it is drawn.
  const [loaded, setLoaded] = useState<number | null>(null);
  const reached = useRef<number | null>(null);
  useEffect(() => {
    if (wanted === undefined) return;
    placed.current = true;
    void loadTo(wanted).then((found) => (found ? setLoaded(wanted) : tell(t("noSuchMessage"))));
  }, [wanted, loadTo, t]);
  useEffect(() => {
    if (loaded === null || reached.current === loaded) return;
    const node = content.current?.querySelector(`[data-seq="${loaded}"]`);
    if (node == null) return;
    reached.current = loaded;
    to(node, "center");
  }, [loaded, items, content, to]);

  // What one sends oneself is what one looks at next.
  const written = outgoing.at(-1)?.client_id;
  useEffect(() => {
    if (written !== undefined) toEnd();
  }, [written, toEnd]);

  const missed = atEnd ? 0 : thread.messages.filter((message) => message.seq > seen && message.author.id !== viewer.id).length;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={box}
        role="region"
        aria-label={t("conversation")}
        // Scrolls by keys too.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="@container relative min-h-0 flex-1 overflow-y-auto overscroll-contain [overflow-anchor:none]"
        onScroll={follow.onScroll}
      >
        <OlderRow more={thread.more} state={open.older} onLoad={loadOlder} />
        <Items
          list={content}
          items={items}
          thread={thread}
          ticket={ticket}
          outgoing={outgoing}
          viewer={viewer}
          wanted={wanted}
          decisions={decisions}
          onDecision={onDecision}
          onEdit={onEdit}
        />
      </div>
      {!atEnd && <LatestButton missed={missed} onClick={toEnd} />}
      <Typing conversation={ticket.id} />
      <Announcer conversation={ticket.id} />
    </div>
  );
}

/** Whether all from `node` to the end can be seen at once. */
function fits(node: Element, box: HTMLElement): boolean {
  return (node as HTMLElement).offsetTop >= box.scrollHeight - box.clientHeight;
}
