import { Inbox } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Button } from "@/ui/Button";
import { Empty } from "@/ui/States";

import { NO_FILTERS } from "./search";
import { useInbox } from "./useInbox";

/** An empty list: why, and what one may do. */
export function Nothing() {
  const { t } = useTranslation("inbox");
  const { tab, search, filters, narrow } = useInbox();
  const narrowed = filters > 0 || search.q !== undefined;
  return (
    <Empty
      icon={<Inbox size={28} aria-hidden />}
      title={t(narrowed ? "empty.narrowed" : `empty.${tab}`)}
      hint={t(narrowed ? "empty.narrowedHint" : `empty.${tab}Hint`)}
      action={narrowed ? <Button onClick={() => narrow({ ...NO_FILTERS, q: undefined })}>{t("filter.clear")}</Button> : undefined}
    />
  );
}
