import { useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useMe } from "@/api/queries";
import { useInbox } from "@/inbox/useInbox";
import { useTicket } from "@/ticket/useTicket";
import { Button } from "@/ui/Button";
import { Empty, Failure } from "@/ui/States";

import { ThreadSkeleton } from "./ThreadSkeleton";
import { TicketView } from "./TicketView";
import { useThread } from "./useThread";

/** A ticket: its conversation and what stands beside it. */
export function TicketPage() {
  const { ticketId } = useParams({ strict: false });
  return ticketId === undefined ? null : <OneTicket key={ticketId} id={ticketId} />;
}

function OneTicket({ id }: { id: string }) {
  const { t } = useTranslation("thread");
  const { message } = useSearch({ strict: false });
  const { tab, show } = useInbox();
  const me = useMe().data;
  const { ticket, gone, error, retry } = useTicket(id);
  const open = useThread(id);
  const failed = error ?? open.error;
  if (gone) {
    return (
      <div className="flex-1">
        <Empty title={t("gone.title")} hint={t("gone.hint")} action={<Button onClick={() => show(tab)}>{t("header.back")}</Button>} />
      </div>
    );
  }
  if (failed !== null) {
    const again = () => {
      void retry();
      open.retry();
    };
    return (
      <div className="flex-1">
        <Failure title={t("failed.title")} detail={t("failed.detail")} retryLabel={t("retry")} onRetry={again} />
      </div>
    );
  }
  if (ticket === undefined || open.thread === undefined || me === undefined) return <ThreadSkeleton subject={ticket?.subject} />;
  return <TicketView ticket={ticket} open={open} thread={open.thread} me={me} wanted={message} />;
}
