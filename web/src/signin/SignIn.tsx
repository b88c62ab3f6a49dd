import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import type { EndReason } from "@/api/session";
import { AREAS } from "@/app/areas";

import { Choices } from "./Choices";
import { SignInForm } from "./SignInForm";

/** The agents' door. `reason`: why one is out again. */
export function SignIn({ reason }: { reason: EndReason | null }) {
  const { t } = useTranslation("signin");
  useEffect(() => {
    document.title = t("documentTitle");
  }, [t]);
  return (
    <main className="mx-auto flex min-h-dvh max-w-96 flex-col justify-center gap-4 p-4">
      <div className="flex items-center gap-2">
        <img src="/icon.svg" alt="" width={32} height={32} />
        <h1 className="text-title font-semibold">{t("title")}</h1>
      </div>
      {reason !== null && (
        <p role="status" className="rounded-md bg-due-wash px-3 py-2 text-due">
          {t(reason)}
        </p>
      )}
      <SignInForm />
      <Choices areas={AREAS} />
      <p className="text-meta text-soft">
        {t("customer")}{" "}
        <a href="/portal/" className="font-medium text-accent underline">
          {t("portal")}
        </a>
      </p>
    </main>
  );
}
