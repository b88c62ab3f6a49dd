import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { navigate } from "wouter/use-browser-location";

import { ApiError } from "@/api/problem";
import { useLive } from "@/live/live";

import { paths } from "../route";
import { attempted, keepRequest, open, readRequest, type Request } from "./request";

type Field = "subject" | "body";
type Errors = Partial<Record<Field, string>>;

/** Writing and sending a request. */
export function useAsk(user: string, earlier: string | null) {
  const { t } = useTranslation();
  const live = useLive();
  const [request, setRequest] = useState(() => readRequest(user, earlier));
  const [errors, setErrors] = useState<Errors>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const sending = useRef(false);

  const keep = (next: Request) => {
    setRequest(next);
    keepRequest(user, earlier, next);
  };

  const refuse = (wrong: Errors) => {
    setErrors(wrong);
    const first = wrong.subject !== undefined ? "subject" : "body";
    document.querySelector<HTMLElement>(`main [name="${first}"]`)?.focus();
  };

  const send = async () => {
    if (sending.current) return;
    setFailure(null);
    setErrors({});
    const missing: Errors = {
      ...(request.subject.trim() === "" ? { subject: t("ask.subjectMissing") } : {}),
      ...(request.body.trim() === "" ? { body: t("ask.bodyMissing") } : {}),
    };
    if (Object.keys(missing).length > 0) {
      refuse(missing);
      return;
    }
    sending.current = true;
    setBusy(true);
    const attempt = attempted(request);
    keep(attempt);
    try {
      const ticket = await open(attempt, earlier);
      keepRequest(user, earlier, { subject: "", body: "" });
      live.cache.learn(ticket);
      navigate(paths.ticket(ticket.id), { replace: true });
    } catch (error) {
      setBusy(false);
      const wrong = fieldErrors(error);
      if (wrong === null) setFailure(error instanceof ApiError ? error.message : t("ask.unreachable"));
      else refuse(wrong);
    } finally {
      sending.current = false;
    }
  };

  return {
    request,
    errors,
    failure,
    busy,
    change: (part: Partial<Record<Field, string>>) => keep({ ...request, ...part }),
    send: () => void send(),
  };
}

/** What is wrong with which field; `null` when it is something else. */
function fieldErrors(error: unknown): Errors | null {
  if (!(error instanceof ApiError)) return null;
  const entries = (error.problem.errors ?? []).flatMap(({ pointer, detail }): [Field, string][] =>
    pointer === "/subject" ? [["subject", detail]] : pointer === "/body" ? [["body", detail]] : [],
  );
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
