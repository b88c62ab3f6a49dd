import { LoaderCircle, Pencil } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";

import { useMay } from "./people";
import type { TicketChange } from "./useTicketChange";

/** What the ticket is about; a click makes it a field. */
export function Subject({ ticket, changing }: { ticket: Ticket; changing: TicketChange }) {
  const { t } = useTranslation("ticket");
  const editable = useMay("tickets.update");
  const [text, setText] = useState<string | null>(null);
  if (text !== null) {
    const save = async () => {
      const subject = text.trim();
      if (subject === "" || subject === ticket.subject) return setText(null);
      if (await changing.change({ field: "subject", value: subject })) setText(null);
    };
    return (
      <form
        className="flex min-w-0 flex-1 items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <input
          // It is where the user just pressed.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          aria-label={t("field.subject")}
          value={text}
          readOnly={changing.pending === "subject"}
          maxLength={300}
          className="min-h-8 min-w-0 flex-1 rounded-md border border-edge bg-card px-2 text-title font-semibold"
          onChange={(event) => setText(event.target.value)}
          onBlur={() => void save()}
          onKeyDown={(event) => event.key === "Escape" && setText(null)}
        />
        {changing.pending === "subject" && <LoaderCircle size={14} aria-hidden className="shrink-0 animate-spin text-soft" />}
      </form>
    );
  }
  const title = <span className="line-clamp-2 min-w-0 text-title font-semibold wrap-anywhere">{ticket.subject}</span>;
  if (!editable) return <h1 className="min-w-0 flex-1">{title}</h1>;
  return (
    <h1 className="min-w-0 flex-1">
      <button
        type="button"
        title={t("editSubject")}
        className="group flex min-h-8 max-w-full items-center gap-2 rounded-md px-1 text-left hover:bg-hover"
        onClick={() => setText(ticket.subject)}
      >
        {title}
        <Pencil size={12} aria-hidden className="shrink-0 text-soft opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100" />
      </button>
    </h1>
  );
}
