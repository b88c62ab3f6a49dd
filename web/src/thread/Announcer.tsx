import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useLive } from "@/live/live";

const READ_OUT = 200;

/** Says new messages of others to who listens to the screen instead of looking at it. */
export function Announcer({ conversation }: { conversation: string }) {
  const { t } = useTranslation("thread");
  const live = useLive();
  const [heard, setHeard] = useState<{ author: string; body: string } | null>(null);
  useEffect(
    () =>
      live.onEvent((event) => {
        if (event.type !== "message:created" || event.data.conversation_id !== conversation) return;
        const { author, body } = event.data;
        if (author.id !== live.cache.viewer.id) setHeard({ author: author.name, body: body.slice(0, READ_OUT) });
      }),
    [live, conversation],
  );
  return (
    <p role="status" className="sr-only">
      {heard !== null && t("announce", heard)}
    </p>
  );
}
