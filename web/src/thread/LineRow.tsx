import { CircleDot, Flag, History, ShieldAlert, Tag, Type, Undo2, UserCheck, Users, type LucideIcon } from "lucide-react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";

import type { Decision } from "@/api/client";
import { useVerdictText } from "@/ticket/verdict";
import { Moment } from "@/ui/time";

import type { Happening, Line } from "./lines";

const SIGNS: Record<Happening["what"], LucideIcon> = {
  created: History,
  assigned: UserCheck,
  unassigned: Undo2,
  status: CircleDot,
  priority: Flag,
  team: Users,
  subject: Type,
  tags: Tag,
  escalated: ShieldAlert,
};

interface LineRowProps {
  line: Line;
  /** The decision that was made then, if one was. */
  decision: Decision | undefined;
  onDecision: (decision: Decision) => void;
}

/** A line of a ticket's history: what happened, by whom, when. */
export function LineRow({ line, decision, onDecision }: LineRowProps) {
  const { t } = useTranslation("thread");
  const Icon = SIGNS[line.happenings[0]?.what ?? "created"];
  return (
    <p className="px-2 py-0.5 text-center text-meta wrap-anywhere text-soft">
      <Icon size={12} aria-hidden className="mr-1 inline align-[-0.125em]" />
      {line.happenings.map((happening, index) => (
        <Fragment key={happening.what}>
          {index > 0 && <span aria-hidden> · </span>}
          <What happening={happening} decision={decision} onDecision={onDecision} />
        </Fragment>
      ))}
      <span aria-hidden> · </span>
      {line.actor.kind === "system" ? t("line.system") : line.actor.name}
      <span aria-hidden> · </span>
      <Moment at={line.at} />
    </p>
  );
}

function What({ happening, decision, onDecision }: { happening: Happening } & Pick<LineRowProps, "decision" | "onDecision">) {
  const text = useHappeningText();
  const verdict = useVerdictText();
  const decided = happening.what === "assigned" || happening.what === "unassigned" ? decision : undefined;
  const words = decided === undefined ? text(happening) : verdict(decided, happening.what === "assigned" ? happening.to.name : undefined);
  if (decided === undefined) return <span>{words}</span>;
  return (
    <button
      type="button"
      className="max-w-full rounded px-0.5 py-1 text-ink underline decoration-dotted underline-offset-2 hover:bg-hover"
      onClick={() => onDecision(decided)}
    >
      {words}
    </button>
  );
}

function useHappeningText(): (happening: Happening) => string {
  const { t } = useTranslation(["thread", "words"]);
  return (happening) => {
    switch (happening.what) {
      case "created":
        return t("line.created");
      case "assigned":
        return t("line.assigned", { name: happening.to.name });
      case "unassigned":
        return happening.from === undefined ? t("line.unassigned") : t("line.unassignedFrom", { name: happening.from.name });
      case "status":
        return changed(t("line.status"), happening.from && t(`words:status.${happening.from}`), t(`words:status.${happening.to}`));
      case "priority":
        return changed(t("line.priority"), happening.from && t(`words:priority.${happening.from}`), t(`words:priority.${happening.to}`));
      case "team":
        return t("line.team", { name: happening.to.name });
      case "subject":
        return t("line.subject", { subject: happening.to });
      case "tags":
        return `${t("line.tags")} ${[...happening.added.map((tag) => `+${tag}`), ...happening.removed.map((tag) => `−${tag}`)].join(" ")}`;
      case "escalated":
        return t("line.escalated", { level: happening.level });
    }
  };
}

/** `Status: Open → Waiting`. */
function changed(label: string, from: string | undefined, to: string): string {
  return from === undefined ? `${label} ${to}` : `${label} ${from} → ${to}`;
}
