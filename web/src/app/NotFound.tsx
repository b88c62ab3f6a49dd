import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Empty } from "@/ui/States";

export function NotFound() {
  const { t } = useTranslation("app");
  return (
    <div className="min-w-0 flex-1">
      <Empty
        title={t("notFound.title")}
        hint={t("notFound.hint")}
        action={
          <Link to="/" className="font-medium text-accent underline">
            {t("notFound.home")}
          </Link>
        }
      />
    </div>
  );
}
