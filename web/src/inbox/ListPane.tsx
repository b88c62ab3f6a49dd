import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMe } from "@/api/queries";
import { useKeys } from "@/app/keyboard";
import { IconButton } from "@/ui/Button";

import { Chips } from "./Chips";
import { Filters } from "./Filters";
import { NewTicket } from "./NewTicket";
import { SortMenu } from "./SortMenu";
import { TABS } from "./search";
import { Tabs } from "./Tabs";
import { TakeNext } from "./TakeNext";
import { TextFilter } from "./TextFilter";
import { TicketRows } from "./TicketRows";
import { useInbox } from "./useInbox";

/** Everything that waits for somebody, as the tab and its filters narrow it. */
export function ListPane() {
  const { t } = useTranslation("inbox");
  const { tab, query, show } = useInbox();
  const me = useMe();
  const [creating, setCreating] = useState(false);
  const turn = (step: number) => show(TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length] ?? "mine");
  const creates = me.data?.permissions.includes("tickets.create_for") ?? false;
  useKeys([
    { keys: "[", label: t("keys.tabs"), act: () => turn(-1) },
    { keys: "]", label: t("keys.tabs"), act: () => turn(1) },
    ...(creates ? [{ keys: "c", label: t("new.open"), act: () => setCreating(true) }] : []),
  ]);
  return (
    <>
      <header className="flex flex-col gap-2 border-b border-line px-3 pt-2">
        <div className="flex items-center gap-1">
          <h1 className="min-w-0 flex-1 truncate text-title font-semibold">{t(`tab.${tab}`)}</h1>
          {tab === "queue" && <TakeNext />}
          {creates && <IconButton label={t("new.open")} keys="C" icon={<Plus size={18} aria-hidden />} onClick={() => setCreating(true)} />}
        </div>
        <div className="flex items-center gap-1">
          <TextFilter />
          <Filters />
          <SortMenu />
        </div>
        <Chips />
        <Tabs />
      </header>
      <TicketRows key={JSON.stringify([tab, query])} query={query} />
      {creates && <NewTicket open={creating} onOpenChange={setCreating} />}
    </>
  );
}
