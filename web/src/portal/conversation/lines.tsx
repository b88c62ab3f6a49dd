/** What stands between messages. */
import { useTranslation } from "react-i18next";

import { Moment } from "@/ui/time";

import type { Line } from "./rows";

export function Day({ at }: { at: string }) {
  const { t, i18n } = useTranslation();
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const text = today
    ? t("conversation.today")
    : date.toLocaleDateString(i18n.language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  // Nothing that the browser should keep in its place: it moves up when older messages of the day come.
  return <h2 className="pt-2 text-center text-meta font-medium text-soft [overflow-anchor:none]">{text}</h2>;
}

/** Stays where it was when the conversation was opened. */
export function UnreadLine() {
  const { t } = useTranslation();
  return (
    <p className="flex items-center gap-2 text-meta font-semibold text-accent before:h-px before:flex-1 before:bg-accent after:h-px after:flex-1 after:bg-accent">
      {t("conversation.new")}
    </p>
  );
}

export function HistoryLine({ line, me }: { line: Line; me: string }) {
  const { t } = useTranslation();
  const text =
    line.by === null ? t(`line.${line.what}`) : line.by.id === me ? t(`line.${line.what}ByYou`) : t(`line.${line.what}By`, { name: line.by.name });
  return (
    <p className="text-center text-meta wrap-anywhere text-soft">
      {text} · <Moment at={line.at} />
    </p>
  );
}
