/** Changing a ticket's fields, one at a time, without overwriting what others did. */
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, call, type Status, type Ticket } from "@/api/client";
import { ApiError } from "@/api/problem";
import { useLive } from "@/live/live";
import { tell } from "@/ui/toast";

import { reconcile, type Change, type FieldName } from "./change";

/** What only the user can decide. */
export type Question =
  /** Others changed the same field. */
  | { kind: "conflict"; mine: Change; current: Ticket }
  /** The status cannot be reached from where the ticket is. */
  | { kind: "illegal"; mine: Extract<Change, { field: "status" }>; from: Status; allowed: Status[] };

export interface TicketChange {
  /** Makes the change; whether it holds now. */
  change: (mine: Change) => Promise<boolean>;
  claim: () => Promise<boolean>;
  /** What is being changed. */
  pending: FieldName | null;
  question: Question | null;
  /** Ends the question: with `mine` made on top of theirs, or left. */
  answer: (mine: Change | null) => void;
}

export function useTicketChange(ticket: Ticket): TicketChange {
  const { t } = useTranslation(["ticket", "thread"]);
  const live = useLive();
  const [pending, setPending] = useState<FieldName | null>(null);
  const [question, setQuestion] = useState<Question | null>(null);

  const attempt = async (mine: Change, seen: Ticket): Promise<boolean> => {
    try {
      live.cache.learn(await store(seen, mine));
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { code, ticket: current, allowed } = error.problem;
      if (code === "illegal_transition" && mine.field === "status") {
        setQuestion({ kind: "illegal", mine, from: seen.status, allowed: allowed ?? [] });
        return false;
      }
      if (code !== "stale" || current == null) throw error;
      live.cache.learn(current);
      const next = reconcile(seen, current, mine);
      if (next === "ask") setQuestion({ kind: "conflict", mine, current });
      return next === "again" ? attempt(mine, current) : next === "done";
    }
  };

  const guarded = async (field: FieldName, act: () => Promise<boolean>): Promise<boolean> => {
    setPending(field);
    try {
      return await act();
    } catch (error) {
      const reason = error instanceof ApiError ? t(`thread:refused.${error.code}`, { defaultValue: error.problem.detail }) : t("unreachable");
      tell(t("notChanged", { reason }), { tone: "bad" });
      return false;
    } finally {
      setPending(null);
    }
  };

  const change = (mine: Change, seen = ticket) => guarded(mine.field, () => attempt(mine, seen));

  return {
    change: (mine) => change(mine),
    claim: () =>
      guarded("assignee", async () => {
        live.cache.learn(await call(api.POST("/v1/tickets/{id}/claim", { params: { path: { id: ticket.id } } })));
        return true;
      }),
    pending,
    question,
    answer: (mine) => {
      const seen = question?.kind === "conflict" ? question.current : ticket;
      setQuestion(null);
      if (mine !== null) void change(mine, seen);
    },
  };
}

/** Has one change stored, if nobody changed the ticket since it looked like `seen`. */
function store(seen: Ticket, { field, value }: Change): Promise<Ticket> {
  const params = { path: { id: seen.id }, header: { "If-Match": `"${seen.version}"` } };
  if (field === "assignee") return call(api.PUT("/v1/tickets/{id}/assignee", { params, body: { user_id: value?.id ?? null } }));
  return call(api.PATCH("/v1/tickets/{id}", { params, body: { [field]: field === "team" ? value.id : value } }));
}
