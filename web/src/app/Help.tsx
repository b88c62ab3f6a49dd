import { useTranslation } from "react-i18next";

import { useStore } from "@/api/store";
import { Keys } from "@/ui/Keys";
import { Sheet } from "@/ui/Sheet";

import { bindings, helpOpen, keysOn, setKeysOn, shown, useKeys } from "./keyboard";

/** Every key that does something here, on `?`. */
export function Help() {
  const { t } = useTranslation("app");
  const open = useStore(helpOpen);
  const on = useStore(keysOn);
  const all = useStore(bindings);
  useKeys([{ keys: "?", label: t("help.open"), act: () => helpOpen.set(true) }]);

  const lines = new Map<string, string[]>();
  for (const { keys, label } of all) lines.set(label, [...new Set([...(lines.get(label) ?? []), shown(keys)])]);

  return (
    <Sheet title={t("help.title")} description={t("help.hint")} open={open} onOpenChange={(now) => helpOpen.set(now)} closeLabel={t("close")}>
      <label className="mb-3 flex min-h-6 items-center gap-2">
        <input type="checkbox" className="size-4 accent-accent" checked={on} onChange={() => setKeysOn(!on)} />
        {t("help.on")}
      </label>
      <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1.5">
        {[...lines].map(([label, keys]) => (
          <div key={label} className="contents">
            <dt>{label}</dt>
            <dd className="flex items-center gap-2 text-soft">
              {keys.map((one) => (
                <Keys key={one} keys={one} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
