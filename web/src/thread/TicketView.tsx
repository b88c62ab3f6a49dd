import { useNavigate } from "@tanstack/react-router";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Decision, Me, Ticket } from "@/api/client";
import { useInbox } from "@/inbox/useInbox";
import { useNeighbours } from "@/inbox/neighbours";
import type { Thread } from "@/live/apply";
import { ContextPane } from "@/ticket/ContextPane";
import { DecisionSheet } from "@/ticket/DecisionSheet";
import type { OpenMenu } from "@/ticket/FieldMenus";
import { QuestionSheet } from "@/ticket/QuestionSheet";
import { useTicketChange } from "@/ticket/useTicketChange";

import { ClosedBar } from "./ClosedBar";
import { Composer, type ComposerHandle } from "./Composer";
import { Conversation } from "./Conversation";
import type { Outgoing } from "./outbox";
import { TicketHeader } from "./TicketHeader";
import { TicketLink } from "./TicketLink";
import { useDetails } from "./useDetails";
import type { OpenThread } from "./useThread";
import { useTicketKeys } from "./useTicketKeys";

interface TicketViewProps {
  ticket: Ticket;
  open: OpenThread;
  thread: Thread;
  me: Me;
  /** The message that the address names. */
  wanted: number | undefined;
}

/** A ticket that is loaded. */
export function TicketView({ ticket, open, thread, me, wanted }: TicketViewProps) {
  const { t } = useTranslation("thread");
  const navigate = useNavigate();
  const { tab, show } = useInbox();
  const neighbours = useNeighbours();
  const changing = useTicketChange(ticket);
  const details = useDetails();
  const composer = useRef<ComposerHandle>(null);
  const [menu, setMenu] = useState<OpenMenu>(null);
  const [decision, setDecision] = useState<Decision | null>(null);
  const may = (permission: Me["permissions"][number]) => me.permissions.includes(permission);

  const resolve = () => changing.change({ field: "status", value: "resolved" });
  const resolveAndNext = async () => {
    // Resolved, it leaves the list, and what comes after it could not be told.
    const next = neighbours.nextId();
    if (await resolve()) neighbours.openOrClose(next);
  };
  useTicketKeys({ changing: may("tickets.update"), composer, onMenu: setMenu, onDetails: details.toggle, onResolve: () => void resolve(), onResolveAndNext: () => void resolveAndNext() });

  const edit = useCallback((outgoing: Outgoing) => composer.current?.insert(outgoing.body, outgoing.kind), []);
  const openTicket = (id: string) => void navigate({ to: "/inbox/$tab/$ticketId", params: { tab: "all", ticketId: id } });
  return (
    <div className="relative flex min-w-0 flex-1">
      <section aria-label={t("ticket", { number: ticket.number })} inert={details.over} className="flex min-h-0 min-w-0 flex-1 flex-col bg-canvas">
        <TicketHeader
          ticket={ticket}
          changing={changing}
          menu={menu}
          onMenu={setMenu}
          onBack={() => show(tab)}
          onStep={(step) => void (step === 1 ? neighbours.openNext() : neighbours.openPrevious())}
          onResolve={() => void resolve()}
          detailsOpen={details.open}
          onDetails={details.toggle}
        />
        <Conversation
          ticket={ticket}
          open={open}
          thread={thread}
          viewer={me}
          wanted={wanted}
          onEdit={edit}
          onDecision={setDecision}
        />
        {ticket.status === "closed" ? (
          <ClosedBar ticket={ticket} onOpened={openTicket} />
        ) : (
          may("messages.reply") && (
            <Composer
              ref={composer}
              conversation={ticket.id}
              viewer={me.id}
              messages={thread.messages}
              lastSeq={thread.last_seq}
              mayNote={may("messages.note")}
              mayMove={may("tickets.update")}
              onNext={() => neighbours.openOrClose(neighbours.nextId())}
            />
          )
        )}
      </section>
      {details.open && (
        <ContextPane
          ticket={ticket}
          changing={changing}
          over={details.over}
          onClose={details.toggle}
          onDecision={setDecision}
          linkTo={(id, text) => <TicketLink id={id}>{text}</TicketLink>}
        />
      )}
      <QuestionSheet changing={changing} />
      <DecisionSheet decision={decision} onClose={() => setDecision(null)} />
    </div>
  );
}
