import { useTranslation } from "react-i18next";
import { useSearch } from "wouter/use-browser-location";

import type { TicketQuery } from "@/live/query";

import { Link } from "../Link";
import { link, primary } from "../looks";
import { paths } from "../route";
import { Failed, Loading, Nothing, ScreenTitle } from "../States";
import { SearchBox } from "./SearchBox";
import { Tickets } from "./Tickets";
import { useTickets } from "./useTickets";

const OPEN: TicketQuery = { status: ["new", "open", "waiting", "on_hold"], sort: "-updated_at" };
const DONE: TicketQuery = { status: ["resolved", "closed"], sort: "-updated_at" };

/** My tickets: those that something is to become of, then the solved ones. */
export function TicketsPage() {
  const { t } = useTranslation();
  const text = new URLSearchParams(useSearch()).get("q") ?? "";
  const wanted = text === "" ? {} : { q: text };
  const open = useTickets({ ...OPEN, ...wanted });
  const done = useTickets({ ...DONE, ...wanted });
  return (
    <div className="mx-auto flex max-w-4xl flex-col gap-4 p-3 sm:p-4">
      <ScreenTitle className="sr-only">{t("tickets.title")}</ScreenTitle>
      <SearchBox text={text} />
      <Found open={open} done={done} text={text} />
    </div>
  );
}

type Part = ReturnType<typeof useTickets>;

function Found({ open, done, text }: { open: Part; done: Part; text: string }) {
  const { t } = useTranslation();
  const failed = [open, done].find(({ list }) => list.isError && list.data === undefined);
  if (failed !== undefined) {
    const retry = () => [open, done].forEach(({ list }) => void list.refetch());
    return <Failed title={t("tickets.failed")} detail={t("unreachable.detail")} onRetry={retry} />;
  }
  const [active, solved] = [open.list.data, done.list.data];
  if (active === undefined || solved === undefined) return <Loading rows={4} />;
  if (active.items.length === 0 && solved.items.length === 0) return text === "" ? <NoTickets /> : <NoneFound />;
  return (
    <>
      {active.items.length > 0 ? (
        <Tickets id="open" title={t("tickets.open")} list={active} more={open.more} onMore={open.loadMore} />
      ) : (
        text === "" && <p className="text-soft">{t("tickets.noneOpen")}</p>
      )}
      {solved.items.length > 0 && (
        <Tickets id="solved" title={t("tickets.solved")} list={solved} more={done.more} onMore={done.loadMore} />
      )}
    </>
  );
}

function NoTickets() {
  const { t } = useTranslation();
  return (
    <Nothing
      title={t("tickets.none")}
      hint={t("tickets.noneHint")}
      action={
        <Link href={paths.ask()} className={primary}>
          {t("ask.open")}
        </Link>
      }
    />
  );
}

function NoneFound() {
  const { t } = useTranslation();
  return (
    <Nothing
      title={t("tickets.noneFound")}
      hint={t("tickets.noneFoundHint")}
      action={
        <Link href={paths.tickets} className={link}>
          {t("tickets.all")}
        </Link>
      }
    />
  );
}
