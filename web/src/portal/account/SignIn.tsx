import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { settings } from "@/api/config";
import { ApiError } from "@/api/problem";
import { signIn, type EndReason } from "@/api/session";
import { TextField } from "@/ui/Field";
import { useNow } from "@/ui/time";

import { link, primary } from "../looks";
import { ScreenTitle } from "../States";
import { Choices } from "./Choices";

/** The organisation that was signed in to last, where the installation has several. */
const KEY = "baton:organization";

/** What is said of a sign-in that did not work; `seconds`: until it may be tried again. */
type Refusal = { word: "wrong" | "unreachable" | "failed" } | { word: "limited"; until: number };

function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ApiError)) return { word: "unreachable" };
  if (error.code === "rate_limited") return { word: "limited", until: Date.now() + (error.retryAfterMs ?? 30_000) };
  return { word: error.code === "invalid_credentials" || error.code === "invalid" ? "wrong" : "failed" };
}

/** The portal's door. `reason`: why one is out again. */
export function SignIn({ reason }: { reason: EndReason | null }) {
  const { t } = useTranslation();
  return (
    <main className="mx-auto flex min-h-dvh max-w-96 flex-col justify-center gap-4 p-4">
      <div className="flex items-center gap-2">
        <img src="/icon.svg" alt="" width={32} height={32} />
        <ScreenTitle>{t("signIn.title")}</ScreenTitle>
      </div>
      {reason !== null && (
        <p role="status" className="rounded-md bg-due-wash px-3 py-2 text-due">
          {t(`signIn.${reason}`)}
        </p>
      )}
      <Form />
      <Choices />
      <p className="text-meta text-soft">
        {t("signIn.staff")}{" "}
        <a href="/" className={link}>
          {t("staff.open")}
        </a>
      </p>
    </main>
  );
}

function Form() {
  const { t } = useTranslation();
  const fixed = settings().organization;
  const [organization, setOrganization] = useState(() => fixed ?? localStorage.getItem(KEY) ?? "");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setRefusal(null);
    try {
      await signIn(organization.trim(), email.trim(), password);
      localStorage.setItem(KEY, organization.trim());
    } catch (error) {
      setBusy(false);
      setRefusal(refusalOf(error));
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3 rounded-lg border border-line bg-card p-4">
      {fixed === null && (
        <TextField
          label={t("signIn.organization")}
          required
          autoComplete="organization"
          autoCapitalize="none"
          value={organization}
          onChange={(event) => setOrganization(event.target.value)}
        />
      )}
      <TextField
        label={t("signIn.email")}
        type="email"
        required
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label={t("signIn.password")}
        type={shown ? "text" : "password"}
        required
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <label className="flex min-h-6 items-center gap-2 text-soft">
        <input type="checkbox" className="size-4 accent-accent" checked={shown} onChange={() => setShown(!shown)} />
        {t("signIn.show")}
      </label>
      {refusal !== null && <Refused refusal={refusal} fixed={fixed !== null} />}
      <button type="submit" className={primary} aria-disabled={busy}>
        {busy ? t("signIn.busy") : t("signIn.go")}
      </button>
    </form>
  );
}

function Refused({ refusal, fixed }: { refusal: Refusal; fixed: boolean }) {
  const { t } = useTranslation();
  const word = refusal.word === "wrong" && !fixed ? "wrongAny" : refusal.word;
  return (
    <div>
      <p role="alert" className="text-bad">
        {t(`signIn.${word}`)}
      </p>
      {refusal.word === "limited" && <Countdown until={refusal.until} />}
    </div>
  );
}

/** When it may be tried again; a timer is not read out with every second. */
function Countdown({ until }: { until: number }) {
  const { t } = useTranslation();
  const seconds = Math.max(0, Math.ceil((until - useNow(1_000)) / 1_000));
  return (
    <p role="timer" className="text-soft tabular-nums">
      {seconds > 0 ? t("signIn.wait", { count: seconds }) : t("signIn.again")}
    </p>
  );
}
