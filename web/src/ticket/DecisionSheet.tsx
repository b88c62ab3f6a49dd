import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Decision, Schemas } from "@/api/client";
import { Avatar } from "@/ui/Avatar";
import { cx } from "@/ui/cx";
import { Pill } from "@/ui/Pill";
import { Sheet } from "@/ui/Sheet";
import { span } from "@/ui/time";

import { usePeople } from "./people";

interface DecisionSheetProps {
  decision: Decision | null;
  onClose: () => void;
}

/** Why a ticket went to whom: the rule, and what it said of everybody at that time. */
export function DecisionSheet({ decision, onClose }: DecisionSheetProps) {
  const { t } = useTranslation("ticket");
  if (decision === null) return null;
  return (
    <Sheet open wide onOpenChange={(open) => !open && onClose()} closeLabel={t("close")} title={t("decision.title")}>
      <div className="flex flex-col gap-4">
        <Facts decision={decision} />
        <Candidates decision={decision} />
      </div>
    </Sheet>
  );
}

function Facts({ decision }: { decision: Decision }) {
  const { t, i18n } = useTranslation(["ticket", "words"]);
  const name = useName(decision);
  const facts = [
    [t("decision.chosen"), decision.chosen == null ? t("decision.backInQueue") : name(decision.chosen)],
    [t("decision.trigger"), t(`words:trigger.${decision.trigger}`)],
    [t("decision.policy"), t(`words:policy.${decision.policy}`)],
    [t("decision.waited"), span(decision.waited_ms)],
    [t("decision.at"), new Date(decision.at).toLocaleString(i18n.language)],
  ];
  return (
    <>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1">
        {facts.map(([label, value]) => (
          <div key={label} className="col-span-2 grid grid-cols-subgrid">
            <dt className="text-soft">{label}</dt>
            <dd className="min-w-0 wrap-anywhere tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      {decision.over_limit && <p className="rounded-md bg-due-wash px-3 py-2 text-due">{t("decision.overLimit")}</p>}
      {/* By hand nobody is ranked: the figures then say how everybody stood. */}
      {decision.trigger !== "queue" && decision.trigger !== "absence" && <p className="text-soft">{t("decision.byHand")}</p>}
    </>
  );
}

function Candidates({ decision }: { decision: Decision }) {
  const { t } = useTranslation("ticket");
  if (decision.candidates.length === 0) return <p className="text-soft">{t("decision.nobody")}</p>;
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">{t("decision.candidates")}</caption>
        <thead className="text-meta text-soft">
          <tr>
            {(["rank", "person", "free", "reason"] as const).map((column) => (
              <th key={column} scope="col" className={cx("py-1 pr-3 font-medium", column === "free" && "text-right whitespace-nowrap")}>
                {t(`decision.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {decision.candidates.map((verdict) => (
            <Candidate key={verdict.user_id} verdict={verdict} decision={decision} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Candidate({ verdict, decision }: { verdict: Schemas["Verdict"]; decision: Decision }) {
  const { t } = useTranslation(["ticket", "words"]);
  const name = useName(decision)(verdict.user_id);
  const chosen = verdict.user_id === decision.chosen;
  return (
    <tr className={cx("border-t border-line align-top", chosen && "bg-chosen")}>
      <td className="py-1.5 pr-3 pl-1 tabular-nums">{verdict.rank ?? "–"}</td>
      <td className="py-1.5 pr-3">
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <Avatar name={name} size="small" />
          <span className={cx("wrap-anywhere", chosen && "font-semibold")}>{name}</span>
          {chosen && (
            <Pill tone="ok">
              <Check size={12} aria-hidden />
              {t("decision.gotIt")}
            </Pill>
          )}
        </span>
      </td>
      <td className="py-1.5 pr-3 text-right tabular-nums">{verdict.units_free}</td>
      <td className={cx("py-1.5 pr-1", !verdict.eligible && "text-soft")}>{t(`words:reason.${verdict.reason}`)}</td>
    </tr>
  );
}

/** A candidate's name: from the decision itself, else from who works here now. */
function useName(decision: Decision): (id: string) => string {
  const { t } = useTranslation("ticket");
  const people = usePeople();
  return (id) => {
    const verdict = decision.candidates.find((candidate) => candidate.user_id === id);
    return verdict?.user?.name ?? people.find((person) => person.id === id)?.name ?? t("somebody");
  };
}
