import { useTranslation } from "react-i18next";

import { Link } from "./Link";
import { link } from "./looks";
import { paths } from "./route";
import { ScreenTitle } from "./States";

/** An address that shows nothing, or nothing that one may see. */
export function NothingHere() {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col items-center justify-center gap-2 px-4 py-12 text-center">
      <ScreenTitle>{t("unknown.title")}</ScreenTitle>
      <p className="max-w-96 text-soft">{t("unknown.hint")}</p>
      <Link href={paths.tickets} className={link}>
        {t("tickets.title")}
      </Link>
    </div>
  );
}
