import { useTranslation } from "react-i18next";

import { Toasts } from "@/ui/toast";

/** What is told in passing, wherever one is. */
export function Messages() {
  const { t } = useTranslation("app");
  return <Toasts closeLabel={t("close")} />;
}
