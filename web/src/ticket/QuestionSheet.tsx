import { useTranslation } from "react-i18next";

import { Button } from "@/ui/Button";
import { Sheet } from "@/ui/Sheet";

import { standing, type Change } from "./change";
import { PriorityMark, StatusPill } from "./marks";
import type { Question, TicketChange } from "./useTicketChange";

/** Asks what only the user can decide of a change: theirs or mine, or another status. */
export function QuestionSheet({ changing }: { changing: TicketChange }) {
  const { t } = useTranslation(["ticket", "words"]);
  const { question, answer } = changing;
  if (question === null) return null;
  const title =
    question.kind === "conflict"
      ? t("conflict.title", { field: t(`field.${question.mine.field}`) })
      : t("illegal.title", { from: t(`words:status.${question.from}`), to: t(`words:status.${question.mine.value}`) });
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && answer(null)}
      closeLabel={t("close")}
      title={title}
      description={question.kind === "conflict" ? t("conflict.hint") : t("illegal.hint")}
    >
      {question.kind === "conflict" ? <Conflict question={question} answer={answer} /> : <Illegal question={question} answer={answer} />}
    </Sheet>
  );
}

interface AskedProps<K extends Question["kind"]> {
  question: Extract<Question, { kind: K }>;
  answer: TicketChange["answer"];
}

function Conflict({ question, answer }: AskedProps<"conflict">) {
  const { t } = useTranslation("ticket");
  return (
    <div className="flex flex-col gap-4">
      <dl className="grid grid-cols-1 gap-2 sm:grid-cols-2">
        <Side label={t("conflict.theirs")} change={standing(question.current, question.mine.field)} />
        <Side label={t("conflict.mine")} change={question.mine} />
      </dl>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={() => answer(null)}>{t("conflict.keep")}</Button>
        <Button look="primary" onClick={() => answer(question.mine)}>
          {t("conflict.apply")}
        </Button>
      </div>
    </div>
  );
}

function Side({ label, change }: { label: string; change: Change }) {
  return (
    <div className="flex min-w-0 flex-col gap-1 rounded-lg border border-line bg-panel p-3">
      <dt className="text-meta text-soft">{label}</dt>
      <dd className="min-w-0 wrap-anywhere">
        <Value change={change} />
      </dd>
    </div>
  );
}

function Value({ change }: { change: Change }) {
  const { t } = useTranslation("ticket");
  switch (change.field) {
    case "status":
      return <StatusPill status={change.value} />;
    case "priority":
      return <PriorityMark priority={change.value} withText />;
    case "assignee":
      return change.value?.name ?? t("nobody");
    case "team":
      return change.value.name;
    case "subject":
      return change.value;
    case "tags":
      return change.value.length === 0 ? t("tags.none") : change.value.join(", ");
  }
}

function Illegal({ question, answer }: AskedProps<"illegal">) {
  const { t } = useTranslation("words");
  return (
    <div className="flex flex-wrap gap-2">
      {question.allowed.map((status) => (
        <Button key={status} onClick={() => answer({ field: "status", value: status })}>
          {t(`status.${status}`)}
        </Button>
      ))}
    </div>
  );
}
