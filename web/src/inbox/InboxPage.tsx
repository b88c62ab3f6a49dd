import { Outlet, useParams } from "@tanstack/react-router";
import { MessageSquare } from "lucide-react";
import { useTranslation } from "react-i18next";

import { cx } from "@/ui/cx";
import { Empty } from "@/ui/States";

import { ListPane } from "./ListPane";

/** The list and, beside it, the conversation that was opened; on narrow screens one of the two. */
export function InboxPage() {
  const { t } = useTranslation("inbox");
  const { ticketId } = useParams({ strict: false });
  const opened = ticketId !== undefined;
  return (
    <div className="flex min-h-0 min-w-0 flex-1">
      <section
        aria-label={t("label")}
        className={cx("flex min-h-0 min-w-0 flex-col border-line bg-panel lg:w-96 lg:shrink-0 lg:border-r", opened ? "hidden lg:flex" : "flex-1 lg:flex-none")}
      >
        <ListPane />
      </section>
      <div className={cx("min-h-0 min-w-0 flex-1", opened ? "flex" : "hidden lg:block")}>
        {opened ? <Outlet /> : <Empty icon={<MessageSquare size={28} aria-hidden />} title={t("choose.title")} hint={t("choose.hint")} />}
      </div>
    </div>
  );
}
