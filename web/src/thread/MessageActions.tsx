import { Copy, Link } from "lucide-react";
import { useTranslation } from "react-i18next";

import { IconButton } from "@/ui/Button";
import { tell } from "@/ui/toast";

interface MessageActionsProps {
  body: string;
  /** Where this message is shown. */
  address: string;
}

/** What one can do with a message. */
export function MessageActions({ body, address }: MessageActionsProps) {
  const { t } = useTranslation("thread");
  const copy = (text: string) => void navigator.clipboard.writeText(text).then(() => tell(t("copied")), () => tell(t("notCopied"), { tone: "bad" }));
  return (
    <>
      <IconButton label={t("copyText")} icon={<Copy size={14} aria-hidden />} onClick={() => copy(body)} />
      <IconButton label={t("copyMessageLink")} icon={<Link size={14} aria-hidden />} onClick={() => copy(address)} />
    </>
  );
}
