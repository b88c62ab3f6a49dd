import { CircleUser } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { navigate } from "wouter/use-browser-location";

import type { Me } from "@/api/client";
import { signOut } from "@/api/session";
import { Choices } from "@/signin/Choices";

import { AREAS } from "../areas";
import { plain } from "../looks";
import { paths } from "../route";

/** Who is signed in, how the portal looks and speaks, and the way out. */
export function AccountMenu({ me }: { me: Me }) {
  const { t } = useTranslation();
  const menu = useRef<HTMLDetailsElement>(null);
  const [leaving, setLeaving] = useState<"no" | "now" | "failed">("no");

  useEffect(() => {
    const close = (event: Event) => {
      const details = menu.current;
      if (details === null || !details.open) return;
      const byKey = event instanceof KeyboardEvent;
      if (byKey ? event.key !== "Escape" : details.contains(event.target as Node)) return;
      details.open = false;
      if (byKey) details.querySelector("summary")?.focus();
    };
    addEventListener("pointerdown", close);
    addEventListener("keydown", close);
    return () => {
      removeEventListener("pointerdown", close);
      removeEventListener("keydown", close);
    };
  }, []);

  const leave = () => {
    setLeaving("now");
    // Whoever signs in next begins at the beginning.
    signOut().then(
      () => navigate(paths.tickets, { replace: true }),
      () => setLeaving("failed"),
    );
  };

  return (
    <details ref={menu} className="relative">
      <summary
        aria-label={t("account.open", { name: me.name })}
        title={me.name}
        className="flex size-9 cursor-pointer list-none items-center justify-center rounded-md text-soft hover:bg-hover hover:text-ink"
      >
        <CircleUser size={20} aria-hidden />
      </summary>
      <div className="absolute right-0 z-20 mt-1 flex w-64 max-w-[calc(100vw-1.5rem)] flex-col gap-3 rounded-lg border border-line bg-card p-3 shadow-float">
        <div className="min-w-0">
          <p className="truncate font-semibold" title={me.name}>
            {me.name}
          </p>
          <p className="truncate text-meta text-soft" title={me.email}>
            {me.email}
          </p>
        </div>
        <Choices areas={AREAS} />
        <button type="button" className={plain} disabled={leaving === "now"} onClick={leave}>
          {t("account.signOut")}
        </button>
        {leaving === "failed" && (
          <p role="alert" className="text-meta text-bad">
            {t("account.signOutFailed")}
          </p>
        )}
      </div>
    </details>
  );
}
