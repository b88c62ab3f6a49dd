import { useTranslation } from "react-i18next";

import { Avatar } from "@/ui/Avatar";

const SHOWN = 4;

/** Who has read up to this message. */
export function Readers({ names }: { names: readonly string[] }) {
  const { t, i18n } = useTranslation("thread");
  const all = new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(names);
  return (
    <p className="flex items-center gap-0.5 self-end px-1" title={t("readBy", { names: all })}>
      <span className="sr-only">{t("readBy", { names: all })}</span>
      {names.slice(0, SHOWN).map((name) => (
        <Avatar key={name} name={name} size="small" />
      ))}
      {names.length > SHOWN && <span className="text-meta text-soft tabular-nums">+{names.length - SHOWN}</span>}
    </p>
  );
}
