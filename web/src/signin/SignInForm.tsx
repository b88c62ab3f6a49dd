import { useEffect, useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { settings } from "@/api/config";
import { ApiError } from "@/api/problem";
import { signIn } from "@/api/session";
import { TextField } from "@/ui/Field";
import { Button } from "@/ui/TextButton";
import { useNow } from "@/ui/time";

/** The organisation that was signed in to last, where the installation has several. */
const KEY = "baton:organization";

/** What is said of a sign-in that did not work; `until`: when it may be tried again. */
type Refusal = { word: "wrong" | "unreachable" | "failed" } | { word: "limited"; until: number };

function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ApiError)) return { word: "unreachable" };
  if (error.code === "rate_limited") return { word: "limited", until: Date.now() + (error.retryAfterMs ?? 30_000) };
  return { word: error.code === "invalid_credentials" || error.code === "invalid" ? "wrong" : "failed" };
}

/** Organisation, address, password. */
export function SignInForm() {
  const { t } = useTranslation("signin");
  const fixed = settings().organization;
  const [organization, setOrganization] = useState(() => fixed ?? localStorage.getItem(KEY) ?? "");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const form = useRef<HTMLFormElement>(null);
  // Writing begins at what is still empty.
  useEffect(() => form.current?.querySelector<HTMLInputElement>("input:invalid")?.focus(), []);

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
    <form ref={form} onSubmit={(event) => void submit(event)} className="flex flex-col gap-3 rounded-lg border border-line bg-card p-4">
      {fixed === null && (
        <TextField
          label={t("organization")}
          required
          autoComplete="organization"
          autoCapitalize="none"
          value={organization}
          onChange={(event) => setOrganization(event.target.value)}
        />
      )}
      <TextField
        label={t("email")}
        type="email"
        required
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label={t("password")}
        type={shown ? "text" : "password"}
        required
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <label className="flex min-h-6 items-center gap-2 text-soft">
        <input type="checkbox" className="size-4 accent-accent" checked={shown} onChange={() => setShown(!shown)} />
        {t("show")}
      </label>
      {refusal !== null && <Refused refusal={refusal} fixed={fixed !== null} />}
      <Button type="submit" look="primary" className="min-h-9" aria-disabled={busy}>
        {busy ? t("busy") : t("go")}
      </Button>
    </form>
  );
}

function Refused({ refusal, fixed }: { refusal: Refusal; fixed: boolean }) {
  const { t } = useTranslation("signin");
  // Where it is asked for, the organisation may be what is wrong.
  const word = refusal.word === "wrong" && !fixed ? "wrongAny" : refusal.word;
  return (
    <div>
      <p role="alert" className="text-bad">
        {t(word)}
      </p>
      {refusal.word === "limited" && <Countdown until={refusal.until} />}
    </div>
  );
}

/** When it may be tried again; a timer is not read out with every second. */
function Countdown({ until }: { until: number }) {
  const { t } = useTranslation("signin");
  const seconds = Math.max(0, Math.ceil((until - useNow(1_000)) / 1_000));
  return (
    <p role="timer" className="text-soft tabular-nums">
      {seconds > 0 ? t("wait", { count: seconds }) : t("again")}
    </p>
  );
}
