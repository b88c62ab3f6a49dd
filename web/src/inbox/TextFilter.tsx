import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useInbox } from "./useInbox";

const PAUSE_MS = 300;

/** Narrows the list to subjects that contain a text, or to a number, while one types. */
export function TextFilter() {
  const { t } = useTranslation("inbox");
  const { search, narrow } = useInbox();
  const [text, setText] = useState(search.q ?? "");
  const [told, setTold] = useState(search.q);
  if (told !== search.q) {
    // Back, forward or a link named another text.
    setTold(search.q);
    setText(search.q ?? "");
  }
  useEffect(() => {
    const wanted = text.trim() === "" ? undefined : text.trim();
    if (wanted === search.q) return;
    const timer = setTimeout(() => narrow({ q: wanted }, true), PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <div className="relative min-w-0 flex-1">
      <Search size={14} aria-hidden className="absolute top-1/2 left-2 -translate-y-1/2 text-soft" />
      <input
        type="search"
        aria-label={t("search")}
        placeholder={t("search")}
        maxLength={300}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="min-h-8 w-full rounded-md border border-edge bg-card pr-2 pl-7"
      />
    </div>
  );
}
