import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { api, call, type Priority } from "@/api/client";
import { ApiError } from "@/api/problem";
import { useLive } from "@/live/live";
import { useTeams } from "@/ticket/people";
import { Button } from "@/ui/Button";
import { SelectField, TextArea, TextField } from "@/ui/Field";
import { Sheet } from "@/ui/Sheet";

import { PRIORITIES } from "./search";
import { useInbox } from "./useInbox";

interface NewTicketProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Opens a ticket for a customer, known or new. */
export function NewTicket({ open, onOpenChange }: NewTicketProps) {
  const { t } = useTranslation("inbox");
  return (
    <Sheet title={t("new.title")} description={t("new.hint")} open={open} onOpenChange={onOpenChange} closeLabel={t("app:close")}>
      <Form onDone={() => onOpenChange(false)} />
    </Sheet>
  );
}

interface Draft {
  email: string;
  name: string;
  subject: string;
  body: string;
  priority: Priority;
  team: string;
}

const EMPTY: Draft = { email: "", name: "", subject: "", body: "", priority: "normal", team: "" };

function Form({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("inbox");
  const { open } = useInbox();
  const live = useLive();
  const [draft, setDraft] = useState(EMPTY);
  // The same for every try of this form: a lost answer opens no second ticket.
  const [key] = useState(() => crypto.randomUUID());
  const teams = useTeams();
  const create = useMutation({
    mutationFn: ({ email, name, subject, body, priority, team }: Draft) =>
      call(
        api.POST("/v1/tickets", {
          params: { header: { "Idempotency-Key": `${key}-${hash(JSON.stringify([email, name, subject, body, priority, team]))}` } },
          body: {
            subject,
            priority,
            requester: { email, ...(name === "" ? {} : { name }) },
            ...(body === "" ? {} : { body }),
            ...(team === "" ? {} : { team }),
          },
        }),
      ),
    onSuccess: (ticket) => {
      live.cache.learn(ticket);
      onDone();
      open(ticket.id);
    },
  });
  const problem = create.error instanceof ApiError ? create.error.problem : null;
  const wrong = (pointer: string) => problem?.errors?.find((error) => error.pointer === pointer)?.detail;
  const field = (name: keyof Draft) => ({
    value: draft[name],
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [name]: event.target.value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!create.isPending) create.mutate(draft);
  };
  const named = problem !== null && (problem.errors?.length ?? 0) > 0;
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <TextField label={t("new.email")} type="email" required error={wrong("/requester/email")} {...field("email")} />
      <TextField label={t("new.name")} hint={t("new.nameHint")} maxLength={120} error={wrong("/requester/name")} {...field("name")} />
      <TextField label={t("new.subject")} required maxLength={300} error={wrong("/subject")} {...field("subject")} />
      <TextArea label={t("new.body")} rows={4} maxLength={20_000} error={wrong("/body")} {...field("body")} />
      <div className="grid grid-cols-2 gap-3">
        <SelectField label={t("new.priority")} error={wrong("/priority")} {...field("priority")}>
          {PRIORITIES.map((value) => (
            <option key={value} value={value}>
              {t(`words:priority.${value}`)}
            </option>
          ))}
        </SelectField>
        <SelectField label={t("new.team")} error={wrong("/team")} {...field("team")}>
          <option value="">{t("new.anyTeam")}</option>
          {teams.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      </div>
      {create.isError && !named && (
        <p role="alert" className="text-bad">
          {problem?.detail ?? t("failed.detail")}
        </p>
      )}
      <Button look="primary" type="submit" aria-disabled={create.isPending}>
        {create.isPending ? t("new.busy") : t("new.go")}
      </Button>
    </form>
  );
}

/** A short word for a text, so that another text is another request (FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv). */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (value >>> 0).toString(16);
}
