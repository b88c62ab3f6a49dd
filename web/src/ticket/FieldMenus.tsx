/** The ticket's fields that are changed most, each with its choices. */
import { useTranslation } from "react-i18next";

import type { Priority, Status, Ticket } from "@/api/client";
import { Avatar } from "@/ui/Avatar";
import { MenuChoice } from "@/ui/Menu";

import { AssigneeChoices } from "./AssigneeChoices";
import { FieldMenu } from "./FieldMenu";
import { PriorityMark, StatusPill } from "./marks";
import { useMay, useTeams } from "./people";
import type { TicketChange } from "./useTicketChange";

/** The vocabularies in the order in which one chooses from them. */
const STATUSES: readonly Status[] = ["new", "open", "waiting", "on_hold", "resolved", "closed"];
const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

export type OpenMenu = "status" | "priority" | "assignee" | "team" | null;

interface FieldMenusProps {
  ticket: Ticket;
  changing: TicketChange;
  /** Which of the menus is open; keys open them too. */
  open: OpenMenu;
  onOpen: (menu: OpenMenu) => void;
}

export function FieldMenus({ ticket, changing, open, onOpen }: FieldMenusProps) {
  const { t } = useTranslation(["ticket", "words"]);
  const mayUpdate = useMay("tickets.update");
  const mayAssign = useMay("tickets.assign");
  const menu = (field: Exclude<OpenMenu, null>, editable: boolean) => ({
    label: t(`field.${field}`),
    editable,
    pending: changing.pending === field,
    open: open === field,
    onOpenChange: (shown: boolean) => onOpen(shown ? field : null),
  });
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-0.5">
      <FieldMenu {...menu("status", mayUpdate)} shown={<StatusPill status={ticket.status} />}>
        <MenuChoice
          value={ticket.status}
          options={STATUSES.map((value) => ({ value, label: t(`words:status.${value}`) }))}
          onChoose={(value) => void changing.change({ field: "status", value })}
        />
      </FieldMenu>
      <FieldMenu {...menu("priority", mayUpdate)} shown={<PriorityMark priority={ticket.priority} withText />}>
        <MenuChoice
          value={ticket.priority}
          options={PRIORITIES.map((value) => ({ value, label: <PriorityMark priority={value} withText /> }))}
          onChoose={(value) => void changing.change({ field: "priority", value })}
        />
      </FieldMenu>
      <FieldMenu {...menu("assignee", mayAssign)} shown={<Assignee ticket={ticket} />}>
        <AssigneeChoices ticket={ticket} onChoose={(value) => void changing.change({ field: "assignee", value })} />
      </FieldMenu>
      <TeamMenu {...menu("team", mayUpdate)} ticket={ticket} changing={changing} />
    </div>
  );
}

function Assignee({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation("ticket");
  if (ticket.assignee == null) return <span className="text-soft">{t("nobody")}</span>;
  return (
    <>
      <Avatar name={ticket.assignee.name} size="small" />
      <span className="min-w-0 truncate" title={ticket.assignee.name}>
        {ticket.assignee.name}
      </span>
    </>
  );
}

type MenuParts = Omit<Parameters<typeof FieldMenu>[0], "shown" | "children">;

function TeamMenu({ ticket, changing, ...menu }: MenuParts & Pick<FieldMenusProps, "ticket" | "changing">) {
  const teams = useTeams();
  const choose = (id: string) => {
    const team = teams.find((one) => one.id === id);
    if (team !== undefined) void changing.change({ field: "team", value: { id: team.id, slug: team.slug, name: team.name } });
  };
  return (
    <FieldMenu
      {...menu}
      shown={
        <span className="min-w-0 truncate" title={ticket.team.name}>
          {ticket.team.name}
        </span>
      }
    >
      <MenuChoice value={ticket.team.id} options={teams.map(({ id, name }) => ({ value: id, label: name }))} onChoose={choose} />
    </FieldMenu>
  );
}
