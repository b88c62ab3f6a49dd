import { ArrowDownUp } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Menu, MenuChoice, MenuLabel } from "@/ui/Menu";

import { sortOf, SORTS } from "./search";
import { useInbox } from "./useInbox";

/** What the list is ordered by. */
export function SortMenu() {
  const { t } = useTranslation("inbox");
  const { tab, search, narrow } = useInbox();
  const sort = sortOf(tab, search);
  const word = t(`sort.${sort}`);
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          title={t("sort.by", { word })}
          aria-label={t("sort.by", { word })}
          className="flex size-8 shrink-0 items-center justify-center rounded-md text-soft hover:bg-hover hover:text-ink"
        >
          <ArrowDownUp size={16} aria-hidden />
        </button>
      }
    >
      <MenuLabel>{t("sort.label")}</MenuLabel>
      <MenuChoice value={sort} options={SORTS.map((value) => ({ value, label: t(`sort.${value}`) }))} onChoose={(value) => narrow({ sort: value })} />
    </Menu>
  );
}
