import { useTranslation } from "react-i18next";

import { useTypists } from "./useTyping";

/** Who types now. Its line stays when nobody does, so that nothing jumps. */
export function Typing({ conversation }: { conversation: string }) {
  const { t } = useTranslation("thread");
  const [first, second, ...more] = useTypists(conversation);
  const text =
    first === undefined
      ? ""
      : second === undefined
        ? t("typing.one", { name: first })
        : more.length === 0
          ? t("typing.two", { first, second })
          : t("typing.several");
  return (
    <p className="flex min-h-5 items-center gap-2 px-4 text-meta text-soft" aria-live="off">
      {text !== "" && (
        <>
          <Dots />
          <span className="min-w-0 truncate">{text}</span>
        </>
      )}
    </p>
  );
}

function Dots() {
  return (
    <span aria-hidden className="inline-flex gap-0.5">
      {["", "[animation-delay:150ms]", "[animation-delay:300ms]"].map((delay) => (
        <span key={delay} className={`size-1.5 animate-pulse rounded-full bg-soft ${delay}`} />
      ))}
    </span>
  );
}
