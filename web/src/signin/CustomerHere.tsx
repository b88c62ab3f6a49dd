import { useTranslation } from "react-i18next";

import { signOut } from "@/api/session";
import { Button } from "@/ui/Button";
import { tell } from "@/ui/toast";

/** A customer at the agents' door. */
export function CustomerHere({ name }: { name: string }) {
  const { t } = useTranslation("signin");
  const leave = () => {
    signOut().catch(() => tell(t("signOutFailed"), { tone: "bad" }));
  };
  return (
    <main className="mx-auto flex min-h-dvh max-w-96 flex-col justify-center gap-4 p-4">
      <h1 className="text-title font-semibold">{t("hello", { name })}</h1>
      <p className="text-soft">{t("customerHint")}</p>
      <a
        href="/portal/"
        className="inline-flex min-h-9 items-center justify-center rounded-md bg-accent px-3 font-medium text-on-accent hover:bg-accent-strong"
      >
        {t("toPortal")}
      </a>
      <Button onClick={leave}>{t("other")}</Button>
    </main>
  );
}
