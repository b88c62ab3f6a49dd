import { useTranslation } from "react-i18next";
import { useSearch } from "wouter/use-browser-location";

import type { Me } from "@/api/client";
import { TextArea, TextField } from "@/ui/Field";

import { Link } from "../Link";
import { link, plain, primary } from "../looks";
import { paths } from "../route";
import { ScreenTitle } from "../States";
import { useAsk } from "./useAsk";

/** The longest that the API takes. */
const SUBJECT_CHARS = 300;
const BODY_CHARS = 20_000;

/** A new ticket, or the follow-up of a closed one. */
export function AskPage({ me }: { me: Me }) {
  const { t } = useTranslation();
  const earlier = new URLSearchParams(useSearch()).get("follows");
  return (
    <div className="mx-auto flex max-w-2xl flex-col gap-4 p-3 sm:p-4">
      <ScreenTitle>{t(earlier === null ? "ask.title" : "ask.followUp")}</ScreenTitle>
      {earlier !== null && (
        <p className="text-soft">
          {t("ask.follows")}{" "}
          <Link href={paths.ticket(earlier)} className={link}>
            {t("ask.earlier")}
          </Link>
        </p>
      )}
      <Form key={earlier} me={me} earlier={earlier} />
    </div>
  );
}

function Form({ me, earlier }: { me: Me; earlier: string | null }) {
  const { t } = useTranslation();
  const { request, change, send, busy, errors, failure } = useAsk(me.id, earlier);
  return (
    <form
      noValidate
      className="flex flex-col gap-4 rounded-lg border border-line bg-card p-4"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <TextField
        name="subject"
        label={t("ask.subject")}
        hint={t("ask.subjectHint")}
        error={errors.subject}
        maxLength={SUBJECT_CHARS}
        autoComplete="off"
        readOnly={busy}
        value={request.subject}
        onChange={(event) => change({ subject: event.target.value })}
      />
      <TextArea
        name="body"
        label={t("ask.body")}
        error={errors.body}
        rows={8}
        maxLength={BODY_CHARS}
        readOnly={busy}
        value={request.body}
        onChange={(event) => change({ body: event.target.value })}
      />
      {failure !== null && (
        <p role="alert" className="rounded-md bg-bad-wash px-3 py-2 text-bad">
          {failure}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <button type="submit" className={primary} aria-disabled={busy}>
          {t(busy ? "ask.sending" : "ask.send")}
        </button>
        <Link href={paths.tickets} className={plain}>
          {t("ask.later")}
        </Link>
        <p className="text-meta text-soft">{t("ask.kept")}</p>
      </div>
    </form>
  );
}
