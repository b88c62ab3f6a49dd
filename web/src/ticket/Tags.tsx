import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";

import { useMay } from "./people";
import type { TicketChange } from "./useTicketChange";

/** The ticket's labels: each can be taken off, new ones are written. */
export function Tags({ ticket, changing }: { ticket: Ticket; changing: TicketChange }) {
  const { t } = useTranslation("ticket");
  const editable = useMay("tickets.update");
  const pending = changing.pending === "tags";
  const change = (value: string[]) => changing.change({ field: "tags", value });
  if (!editable && ticket.tags.length === 0) return <span className="text-soft">{t("tags.none")}</span>;
  return (
    <div className="flex flex-wrap items-center gap-1" aria-busy={pending}>
      {ticket.tags.map((tag) => (
        <span key={tag} className="inline-flex min-h-6 max-w-full items-center rounded bg-hover pl-2 text-meta last:pr-2">
          <span className="min-w-0 truncate" title={tag}>
            {tag}
          </span>
          {editable && (
            <button
              type="button"
              aria-label={t("tags.remove", { tag })}
              disabled={pending}
              className="inline-flex size-6 shrink-0 items-center justify-center rounded text-soft hover:text-ink"
              onClick={() => void change(ticket.tags.filter((other) => other !== tag))}
            >
              <X size={12} aria-hidden />
            </button>
          )}
        </span>
      ))}
      {editable && <NewTag pending={pending} onAdd={(tag) => (ticket.tags.includes(tag) ? Promise.resolve(true) : change([...ticket.tags, tag]))} />}
    </div>
  );
}

function NewTag({ pending, onAdd }: { pending: boolean; onAdd: (tag: string) => Promise<boolean> }) {
  const { t } = useTranslation("ticket");
  const [text, setText] = useState("");
  const add = async () => {
    const tag = text.trim();
    if (tag !== "" && (await onAdd(tag))) setText("");
  };
  return (
    <form
      className="inline-flex min-w-0 items-center"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <input
        aria-label={t("tags.add")}
        placeholder={t("tags.add")}
        value={text}
        // Not disabled: it would lose the focus, and the next label is often written at once.
        readOnly={pending}
        className="min-h-6 w-36 rounded border border-edge bg-card px-1.5 text-meta"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && setText("")}
      />
      {text.trim() !== "" && (
        <button type="submit" aria-label={t("tags.addThis")} className="inline-flex size-6 items-center justify-center rounded text-soft hover:text-ink">
          <Plus size={12} aria-hidden />
        </button>
      )}
    </form>
  );
}
