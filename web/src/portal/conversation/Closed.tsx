import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/client";

import { keepRequest, readRequest } from "../ask/request";
import { Link } from "../Link";
import { primary } from "../looks";
import { paths } from "../route";

/** In the composer's place once nothing can be added; `unsent`: what was about to be. */
export function Closed({ ticket, me, unsent }: { ticket: Ticket; me: string; unsent: string }) {
  const { t } = useTranslation();
  /** The follow-up begins with what is known, unless one has begun to write it. */
  const begin = () => {
    const begun = readRequest(me, ticket.id);
    if (begun.body === "") keepRequest(me, ticket.id, { subject: begun.subject || ticket.subject, body: unsent });
  };
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line bg-panel px-3 py-3 sm:px-4">
      <p className="min-w-48 flex-1 text-soft">{t(unsent === "" ? "closed.hint" : "closed.hintUnsent")}</p>
      <Link href={paths.ask(ticket.id)} className={primary} onClick={begin}>
        {t("closed.followUp")}
      </Link>
    </div>
  );
}
