import { X } from "lucide-react";
import { useTranslation } from "react-i18next";

import { useTeams } from "@/ticket/people";

import { NO_FILTERS, type InboxSearch } from "./search";
import { useInbox } from "./useInbox";

type FilterName = keyof typeof NO_FILTERS;

/** What narrows the list, each taken away by one click. */
export function Chips() {
  const { t } = useTranslation("inbox");
  const { search, narrow } = useInbox();
  const teams = useTeams();
  const { status = [], priority = [], team = [], tag = [] } = search;
  const chips: { name: FilterName; value: string; label: string }[] = [
    ...status.map((value) => ({ name: "status" as const, value, label: t(`words:status.${value}`) })),
    ...priority.map((value) => ({ name: "priority" as const, value, label: t(`words:priority.${value}`) })),
    ...team.map((value) => ({ name: "team" as const, value, label: teams.find(({ id }) => id === value)?.name ?? "…" })),
    ...tag.map((value) => ({ name: "tag" as const, value, label: value })),
  ];
  if (chips.length === 0) return null;
  return (
    <ul aria-label={t("filter.chosen")} className="flex flex-wrap items-center gap-1">
      {chips.map(({ name, value, label }) => (
        <li key={`${name} ${value}`} className="max-w-full">
          <button
            type="button"
            aria-label={t("filter.remove", { filter: t(`filter.${name}`), value: label })}
            onClick={() => narrow({ [name]: without(search, name, value) })}
            className="inline-flex min-h-6 max-w-full items-center gap-1 rounded-full bg-chosen px-2 text-meta hover:bg-hover"
          >
            <span className="truncate" title={label}>
              {label}
            </span>
            <X size={12} className="shrink-0" aria-hidden />
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          onClick={() => narrow(NO_FILTERS)}
          className="min-h-6 rounded-md px-1.5 text-meta font-medium text-accent hover:bg-hover"
        >
          {t("filter.clear")}
        </button>
      </li>
    </ul>
  );
}

/** The values of a filter that are left without `value`. */
function without(search: InboxSearch, name: FilterName, value: string): string[] | undefined {
  const left = search[name]?.filter((one) => one !== value) ?? [];
  return left.length === 0 ? undefined : left;
}
