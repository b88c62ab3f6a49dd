/** A decision in a line: to whom, and why. */
import { useTranslation } from "react-i18next";

import type { Decision } from "@/api/client";

import { usePeople } from "./people";

/** `name`: the chosen one's, where it is known better than from who works here now. */
export function useVerdictText(): (decision: Decision, name?: string) => string {
  const { t } = useTranslation(["ticket", "words"]);
  const people = usePeople();
  return (decision, known) => {
    const { chosen, policy, trigger } = decision;
    if (chosen == null) return t(trigger === "absence" ? "verdict.absent" : "verdict.back");
    const person = people.find(({ id }) => id === chosen);
    const verdict = decision.candidates.find((candidate) => candidate.user_id === chosen);
    const name = known ?? verdict?.user?.name ?? person?.name ?? t("somebody");
    if (trigger === "claim") return t("verdict.claimed", { name });
    if (trigger === "manual") return t("verdict.byHand", { name });
    const parts = { name, policy: t(`words:policy.${policy}`), free: verdict?.units_free ?? 0, limit: person?.units_limit };
    return parts.limit == null ? t("verdict.chosenFree", parts) : t("verdict.chosen", parts);
  };
}
