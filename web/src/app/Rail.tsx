import { Link, useRouterState } from "@tanstack/react-router";
import { Inbox, LayoutGrid, ListChecks, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Me } from "@/api/client";
import { Availability } from "@/people/Availability";
import { Notifications } from "@/people/Notifications";
import { cx } from "@/ui/cx";

import { Indicator } from "./Indicator";
import { useWide } from "./useWide";
import { UserMenu } from "./UserMenu";

const PLACE =
  "flex w-14 flex-col md:w-16 items-center gap-0.5 rounded-md py-1.5 text-[0.6875rem] leading-4 text-soft hover:bg-hover hover:text-ink aria-[current=page]:bg-chosen aria-[current=page]:text-ink";

/** Where one can go, whether one is at work, and how the connection stands: at the left, on phones at the bottom. */
export function Rail({ me }: { me: Me }) {
  const { t } = useTranslation("app");
  const side = useWide() ? "right" : "top";
  const inInbox = useRouterState({ select: (state) => state.location.pathname.startsWith("/inbox/") });
  return (
    <nav
      aria-label={t("rail.label")}
      className="flex shrink-0 items-center justify-between gap-1 border-line bg-panel px-1 max-md:border-t md:w-18 md:flex-col md:border-r md:py-2"
    >
      <div className="flex gap-1 md:flex-col">
        <Link to="/inbox/$tab" params={{ tab: "mine" }} aria-current={inInbox ? "page" : undefined} className={PLACE}>
          <Place Icon={Inbox} word={t("rail.inbox")} />
        </Link>
        {me.permissions.includes("queues.view") && (
          <Link to="/queues" className={PLACE}>
            <Place Icon={LayoutGrid} word={t("rail.queues")} />
          </Link>
        )}
        {me.permissions.includes("jobs.view") && (
          <Link to="/jobs" className={cx(PLACE, "max-md:hidden")}>
            <Place Icon={ListChecks} word={t("rail.jobs")} />
          </Link>
        )}
      </div>
      <div className="flex items-center gap-1 md:flex-col">
        {me.permissions.includes("availability.set") && <Availability me={me} side={side} />}
        <Notifications side={side} />
        <Indicator />
        <UserMenu me={me} side={side} />
      </div>
    </nav>
  );
}

function Place({ Icon, word }: { Icon: LucideIcon; word: string }) {
  return (
    <>
      <Icon size={18} aria-hidden />
      <span className="max-w-full truncate">{word}</span>
    </>
  );
}
