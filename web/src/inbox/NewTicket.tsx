import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { api, call, type Priority, type Ticket } from "@/api/client";
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

/** Opens a ticket for a customer, known or new. What was written is kept when it is closed. */
export function NewTicket({ open, onOpenChange }: NewTicketProps) {
  const { t } = useTranslation("inbox");
  const [attempt, setAttempt] = useState(fresh);
  return (
    <Sheet title={t("new.title")} description={t("new.hint")} open={open} onOpenChange={onOpenChange} closeLabel={t("app:close")}>
      <Form
        attempt={attempt}
        onChange={(draft) => setAttempt(fresh(draft))}
        onDone={() => {
          setAttempt(fresh());
          onOpenChange(false);
        }}
      />
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

/** A draft with the key that it is sent under: sent again as it is, it opens no second ticket. */
interface Attempt {
  draft: Draft;
  key: string;
}

function fresh(draft = EMPTY): Attempt {
  return { draft, key: crypto.randomUUID() };
}

function create({ draft: { email, name, subject, body, priority, team }, key }: Attempt): Promise<Ticket> {
  return call(
    api.POST("/v1/tickets", {
      params: { header: { "Idempotency-Key": key } },
      body: {
        subject,
        priority,
        requester: { email, ...(name === "" ? {} : { name }) },
        ...(body === "" ? {} : { body }),
        ...(team === "" ? {} : { team }),
      },
    }),
  );
}

function Form({ attempt, onChange, onDone }: { attempt: Attempt; onChange: (draft: Draft) => void; onDone: () => void }) {
  const { t } = useTranslation("inbox");
  const { open } = useInbox();
  const live = useLive();
  const teams = useTeams();
  const form = useRef<HTMLFormElement>(null);
  const sending = useMutation({
    mutationFn: create,
    onSuccess: (ticket) => {
      live.cache.learn(ticket);
      onDone();
      open(ticket.id);
    },
  });
  useEffect(() => {
    if (sending.isError) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [sending.isError]);
  const problem = sending.error instanceof ApiError ? sending.error.problem : null;
  const wrong = (pointer: string) => problem?.errors?.find((error) => error.pointer === pointer)?.detail;
  const field = (name: keyof Draft) => ({
    value: attempt.draft[name],
    onChange: (event: { target: { value: string } }) => onChange({ ...attempt.draft, [name]: event.target.value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!sending.isPending) sending.mutate(attempt);
  };
  const named = problem !== null && (problem.errors?.length ?? 0) > 0;
  return (
    <form ref={form} onSubmit={submit} className="flex flex-col gap-3">
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
      {sending.isError && !named && (
        <p role="alert" className="text-bad">
          {problem?.detail ?? t("failed.detail")}
        </p>
      )}
      <Button look="primary" type="submit" aria-disabled={sending.isPending}>
        {sending.isPending ? t("new.busy") : t("new.go")}
      </Button>
    </form>
  );
}
