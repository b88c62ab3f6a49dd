import { useTranslation } from "react-i18next";

import type { EndReason } from "@/api/session";
import { Choices } from "@/signin/Choices";
import { SignInForm } from "@/signin/SignInForm";

import { AREAS } from "../areas";
import { link } from "../looks";
import { ScreenTitle } from "../States";

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
          {t(`signin:${reason}`)}
        </p>
      )}
      <SignInForm />
      <Choices areas={AREAS} />
      <p className="text-meta text-soft">
        {t("signIn.staff")}{" "}
        <a href="/" className={link}>
          {t("staff.open")}
        </a>
      </p>
    </main>
  );
}
