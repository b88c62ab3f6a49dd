import { useState } from "react";
import { useTranslation } from "react-i18next";

import { signOut } from "@/api/session";
import { Choices } from "@/signin/Choices";

import { AREAS } from "../areas";
import { plain, primary } from "../looks";
import { ScreenTitle } from "../States";

/** Somebody of staff at the customers' door. */
export function StaffHere({ name }: { name: string }) {
  const { t } = useTranslation();
  const [failed, setFailed] = useState(false);
  return (
    <main className="mx-auto flex min-h-dvh max-w-96 flex-col justify-center gap-4 p-4">
      <ScreenTitle>{t("staff.title", { name })}</ScreenTitle>
      <p className="text-soft">{t("staff.hint")}</p>
      <a href="/" className={primary}>
        {t("staff.open")}
      </a>
      <button type="button" className={plain} onClick={() => void signOut().catch(() => setFailed(true))}>
        {t("staff.other")}
      </button>
      {failed && (
        <p role="alert" className="text-meta text-bad">
          {t("account.signOutFailed")}
        </p>
      )}
      <Choices areas={AREAS} />
    </main>
  );
}
