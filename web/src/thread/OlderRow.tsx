import { LoaderCircle } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Button } from "@/ui/Button";

import type { OpenThread } from "./useThread";

/** The place above the oldest message that is loaded. */
export function OlderRow({ more, state, onLoad }: { more: boolean; state: OpenThread["older"]; onLoad: () => void }) {
  const { t } = useTranslation("thread");
  if (!more && state === "idle") return <div className="h-2" />;
  return (
    <div className="flex min-h-10 items-center justify-center gap-2 px-4 text-meta text-soft">
      {state === "loading" && (
        <>
          <LoaderCircle size={14} aria-hidden className="animate-spin" />
          {t("older.loading")}
        </>
      )}
      {state === "failed" && (
        <>
          {t("older.failed")}
          <Button onClick={onLoad}>{t("retry")}</Button>
        </>
      )}
      {state === "idle" && (
        <Button look="quiet" onClick={onLoad}>
          {t("older.load")}
        </Button>
      )}
    </div>
  );
}
