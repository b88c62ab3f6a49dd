import { ListFilter } from "lucide-react";
import { Popover } from "radix-ui";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useTeams } from "@/ticket/people";
import { Button } from "@/ui/Button";
import { cx } from "@/ui/cx";

import { NO_FILTERS, PRIORITIES, STATUSES } from "./search";
import { useInbox } from "./useInbox";

/** Narrows the list by status, priority, team and label; all of it is in the address. */
export function Filters() {
  const { t } = useTranslation("inbox");
  const { filters, narrow } = useInbox();
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          title={t("filter.open")}
          aria-label={filters === 0 ? t("filter.open") : t("filter.active", { count: filters })}
          className={cx("relative flex size-8 shrink-0 items-center justify-center rounded-md hover:bg-hover", filters > 0 ? "bg-chosen text-ink" : "text-soft")}
        >
          <ListFilter size={16} aria-hidden />
          {filters > 0 && (
            <span aria-hidden className="absolute -top-1 -right-1 flex size-4 items-center justify-center rounded-full bg-accent text-[0.625rem] font-semibold text-on-accent">
              {filters}
            </span>
          )}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label={t("filter.open")}
          className="z-40 flex max-h-(--radix-popover-content-available-height) w-72 max-w-[calc(100vw-1rem)] flex-col gap-3 overflow-y-auto rounded-lg border border-line bg-card p-3 shadow-float"
        >
          <Choices />
          <Button
            disabled={filters === 0}
            onClick={() => narrow(NO_FILTERS)}
          >
            {t("filter.clear")}
          </Button>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Choices() {
  const { t } = useTranslation("inbox");
  const { search, narrow } = useInbox();
  const teams = useTeams();
  return (
    <>
      <Group
        legend={t("filter.status")}
        options={STATUSES.map((value) => ({ value, label: t(`words:status.${value}`) }))}
        chosen={search.status ?? []}
        onChange={(status) => narrow({ status })}
      />
      <Group
        legend={t("filter.priority")}
        options={PRIORITIES.map((value) => ({ value, label: t(`words:priority.${value}`) }))}
        chosen={search.priority ?? []}
        onChange={(priority) => narrow({ priority })}
      />
      <Group
        legend={t("filter.team")}
        options={teams.map(({ id, name }) => ({ value: id, label: name }))}
        chosen={search.team ?? []}
        onChange={(team) => narrow({ team })}
      />
      <Tag tags={search.tag ?? []} onChange={(tag) => narrow({ tag })} />
    </>
  );
}

interface GroupProps<T extends string> {
  legend: string;
  options: readonly { value: T; label: string }[];
  chosen: readonly T[];
  onChange: (chosen: T[] | undefined) => void;
}

function Group<T extends string>({ legend, options, chosen, onChange }: GroupProps<T>) {
  const toggle = (value: T) => {
    const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
    onChange(next.length === 0 ? undefined : next);
  };
  return (
    <fieldset>
      <legend className="mb-1 text-meta font-semibold text-soft">{legend}</legend>
      <div className="flex flex-wrap gap-1">
        {options.map(({ value, label }) => (
          <label
            key={value}
            className="flex min-h-7 cursor-pointer items-center gap-1.5 rounded-md border border-line px-2 has-checked:border-accent has-checked:bg-chosen has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input type="checkbox" className="accent-accent" checked={chosen.includes(value)} onChange={() => toggle(value)} />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Tag({ tags, onChange }: { tags: readonly string[]; onChange: (tags: string[] | undefined) => void }) {
  const { t } = useTranslation("inbox");
  const [text, setText] = useState(tags.join(", "));
  const apply = (event?: FormEvent) => {
    event?.preventDefault();
    const next = text.split(",").map((tag) => tag.trim()).filter(Boolean);
    if (next.join() !== tags.join()) onChange(next.length === 0 ? undefined : next);
  };
  return (
    <form onSubmit={apply} className="flex flex-col gap-1">
      <label htmlFor="filter-tag" className="text-meta font-semibold text-soft">
        {t("filter.tag")}
      </label>
      <input
        id="filter-tag"
        value={text}
        placeholder={t("filter.tagHint")}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => apply()}
        className="min-h-8 rounded-md border border-edge bg-card px-2"
      />
    </form>
  );
}
