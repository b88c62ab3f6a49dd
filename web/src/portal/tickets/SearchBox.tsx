import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { navigate } from "wouter/use-browser-location";

import { paths } from "../route";

/** Typing is taken for finished after this. */
const PAUSE_MS = 250;
/** The longest text that may be searched for. */
const MOST_CHARS = 300;

/** Searches by what is typed; the text is in the address. */
export function SearchBox({ text }: { text: string }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(text);
  const [shown, setShown] = useState(text);
  // The address changed by itself: back, or a link.
  if (shown !== text) {
    setShown(text);
    if (typed.trim() !== text) setTyped(text);
  }
  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === text) return;
    const timer = setTimeout(() => {
      navigate(wanted === "" ? paths.tickets : `${paths.tickets}?q=${encodeURIComponent(wanted)}`, { replace: true });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, text]);
  return (
    <form role="search" className="relative" onSubmit={(event) => event.preventDefault()}>
      <Search size={16} aria-hidden className="pointer-events-none absolute top-2.5 left-3 text-soft" />
      <input
        type="search"
        aria-label={t("tickets.search")}
        placeholder={t("tickets.search")}
        maxLength={MOST_CHARS}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="min-h-9 w-full rounded-md border border-edge bg-card pr-3 pl-9"
      />
    </form>
  );
}
