import { CirclePlus } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Me } from "@/api/client";

import { AccountMenu } from "./account/AccountMenu";
import { Link } from "./Link";
import { primary } from "./looks";
import { paths, useRoute } from "./route";

export function Header({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { screen } = useRoute();
  return (
    <header className="border-b border-line bg-panel">
      <div className="mx-auto flex max-w-4xl items-center gap-2 px-3 py-2">
        <Link
          href={paths.tickets}
          aria-current={screen === "tickets" ? "page" : undefined}
          className="flex min-h-9 min-w-0 items-center gap-2 rounded pr-2 font-semibold hover:text-accent"
        >
          <img src="/icon.svg" alt="" width={24} height={24} />
          <span className="truncate">{t("tickets.title")}</span>
        </Link>
        <div className="flex-1" />
        {screen !== "ask" && (
          <Link href={paths.ask()} className={primary}>
            <CirclePlus size={16} aria-hidden className="max-sm:hidden" />
            {t("ask.open")}
          </Link>
        )}
        <AccountMenu me={me} />
      </div>
    </header>
  );
}
