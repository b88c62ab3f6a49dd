import { Undo2, UserCheck } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Person, Schemas, Ticket } from "@/api/client";
import { useMe } from "@/api/queries";
import { Avatar } from "@/ui/Avatar";
import { MenuChoice, MenuItem, MenuLabel, MenuLine } from "@/ui/Menu";

import { usePeople, useQueues, useTeams } from "./people";

interface AssigneeChoicesProps {
  ticket: Ticket;
  onChoose: (person: Pick<Person, "id" | "name"> | null) => void;
}

/** Whom the ticket can go to: oneself, its team with how they stand, everybody else, its queue. */
export function AssigneeChoices({ ticket, onChoose }: AssigneeChoicesProps) {
  const { t } = useTranslation("ticket");
  const me = useMe().data;
  const people = usePeople().filter((person) => !person.disabled);
  const members = useTeams().find((team) => team.id === ticket.team.id)?.members.map((member) => member.user) ?? [];
  const standings = useQueues(true).find((queue) => queue.team.id === ticket.team.id)?.people ?? [];
  const others = people.filter((person) => !members.some((member) => member.id === person.id));
  const choose = (id: string) => {
    const person = [...members, ...people].find((one) => one.id === id);
    if (person !== undefined && id !== ticket.assignee?.id) onChoose(person);
  };
  const option = (person: Pick<Person, "id" | "name">) => ({
    value: person.id,
    label: <Choice name={person.name} standing={standings.find(({ user }) => user.id === person.id)} />,
  });
  const choice = (list: readonly Pick<Person, "id" | "name">[]) => (
    <MenuChoice value={ticket.assignee?.id ?? ""} options={list.map(option)} onChoose={choose} />
  );
  return (
    <>
      {me !== undefined && ticket.assignee?.id !== me.id && (
        <MenuItem icon={<UserCheck size={14} aria-hidden />} onSelect={() => onChoose(me)}>
          {t("toMe")}
        </MenuItem>
      )}
      {ticket.assignee != null && (
        <MenuItem icon={<Undo2 size={14} aria-hidden />} onSelect={() => onChoose(null)}>
          {t("toQueue")}
        </MenuItem>
      )}
      <MenuLine />
      <MenuLabel>{ticket.team.name}</MenuLabel>
      {choice(members)}
      {others.length > 0 && (
        <>
          <MenuLine />
          <MenuLabel>{t("others")}</MenuLabel>
          {choice(others)}
        </>
      )}
    </>
  );
}

function Choice({ name, standing }: { name: string; standing: Schemas["QueuePerson"] | undefined }) {
  const { t } = useTranslation(["ticket", "words"]);
  return (
    <>
      <Avatar name={name} size="small" {...(standing === undefined ? {} : { presence: standing.availability })} />
      <span className="min-w-0 flex-1 truncate">{name}</span>
      {standing !== undefined && (
        <span className="pl-3 text-meta text-soft tabular-nums">
          {t(`words:availability.${standing.availability}`)} · {t("units", { used: standing.units_used, limit: standing.units_limit })}
        </span>
      )}
    </>
  );
}
