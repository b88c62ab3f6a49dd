import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

import type { Me, Ticket } from "@/api/client";
import { ApiError } from "@/api/problem";
import { keys } from "@/live/cache";
import { useLive } from "@/live/live";
import { useDraft } from "@/thread/drafts";
import { Typing } from "@/thread/Typing";
import { useThread } from "@/thread/useThread";

import { NothingHere } from "../NothingHere";
import { Failed, Loading } from "../States";
import { Closed } from "./Closed";
import { Composer } from "./Composer";
import { Head } from "./Head";
import { Messages } from "./Messages";
import { PlaceLine } from "./PlaceLine";

/** A ticket and what was said about it. */
export function ConversationPage({ id, me }: { id: string; me: Me }) {
  const { t } = useTranslation();
  const live = useLive();
  const ticket = useQuery({ queryKey: keys.ticket(id), queryFn: () => live.ticket(id) });
  // One that may no longer be seen is known by its latest answer, not by what was loaded before.
  if (ticket.error instanceof ApiError && ticket.error.code === "not_found") return <NothingHere />;
  if (ticket.data !== undefined) return <Conversation ticket={ticket.data} me={me} />;
  if (ticket.isError) return <Failed title={t("conversation.failed")} detail={t("unreachable.detail")} onRetry={() => void ticket.refetch()} />;
  return <Loading rows={4} />;
}

function Conversation({ ticket, me }: { ticket: Ticket; me: Me }) {
  const { t } = useTranslation();
  const open = useThread(ticket.id);
  const [draft, setDraft] = useDraft(me.id, ticket.id);
  const box = useRef<HTMLTextAreaElement>(null);
  const { thread } = open;
  const edit = (body: string) => {
    const begun = draft?.body ?? "";
    setDraft({ body: begun === "" ? body : `${body}\n\n${begun}`, kind: "reply", base: thread?.last_seq ?? 0 });
    box.current?.focus();
  };
  return (
    <div className="mx-auto flex h-full min-h-80 max-w-4xl flex-col border-line bg-canvas sm:border-x">
      <Head ticket={ticket} />
      <PlaceLine ticket={ticket} />
      {thread !== undefined ? (
        <Messages me={me} ticket={ticket} thread={thread} open={open} onEdit={edit} />
      ) : (
        <div className="flex-1">
          {open.error === null ? (
            <Loading rows={3} />
          ) : (
            <Failed title={t("conversation.failed")} detail={t("unreachable.detail")} onRetry={open.retry} />
          )}
        </div>
      )}
      <Typing conversation={ticket.id} />
      {ticket.status === "closed" ? (
        <Closed ticket={ticket} me={me.id} unsent={draft?.body ?? ""} />
      ) : (
        <Composer
          conversation={ticket.id}
          base={thread?.last_seq ?? 0}
          draft={draft}
          onDraft={setDraft}
          box={box}
          hint={ticket.status === "resolved" ? t("composer.reopens") : null}
        />
      )}
    </div>
  );
}
