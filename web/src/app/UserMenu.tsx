import { useTranslation } from "react-i18next";

import type { Me } from "@/api/client";
import { signOut } from "@/api/session";
import { useStore } from "@/api/store";
import { chooseLanguage, LANGUAGES, LANGUAGE_NAMES, type Language } from "@/i18n/i18n";
import { askForNotices, noticesOn, setSoundOn, soundOn } from "@/people/notices";
import { theme, type Theme } from "@/theme/theme";
import { Avatar } from "@/ui/Avatar";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine, MenuSwitch } from "@/ui/Menu";
import { tell } from "@/ui/toast";

import { AREAS } from "./areas";
import { helpOpen } from "./keyboard";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** Who one is, how the app looks, speaks and calls, and the way out. */
export function UserMenu({ me, side }: { me: Me; side: "right" | "top" }) {
  const { t, i18n } = useTranslation("app");
  const shown = useStore(theme);
  const notices = useStore(noticesOn);
  const sound = useStore(soundOn);
  const leave = () => {
    signOut().catch(() => tell(t("user.signOutFailed"), { tone: "bad", action: { label: t("retry"), act: leave } }));
  };
  const turnNotices = async (on: boolean) => {
    if (!(await askForNotices(on))) tell(t("user.noticesDenied"), { tone: "bad" });
  };
  return (
    <Menu
      side={side}
      align="end"
      trigger={
        <button
          type="button"
          title={me.name}
          className="flex size-10 items-center justify-center rounded-md hover:bg-hover"
        >
          <span className="sr-only">{t("user.open", { name: me.name })}</span>
          <Avatar name={me.name} />
        </button>
      }
    >
      <div className="max-w-64 px-2 py-1">
        <p className="truncate font-semibold" title={me.name}>
          {me.name}
        </p>
        <p className="truncate text-meta text-soft">
          {t(`words:role.${me.role}`)} · {me.email}
        </p>
      </div>
      <MenuLine />
      <MenuLabel>{t("user.theme")}</MenuLabel>
      <MenuChoice value={shown} options={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))} onChoose={(value) => theme.set(value)} />
      <MenuLabel>{t("user.language")}</MenuLabel>
      <MenuChoice
        value={i18n.language as Language}
        options={LANGUAGES.map((value) => ({ value, label: <span lang={value}>{LANGUAGE_NAMES[value]}</span> }))}
        onChoose={(value) => void chooseLanguage(value, AREAS)}
      />
      <MenuLabel>{t("user.calls")}</MenuLabel>
      <MenuSwitch on={notices} onTurn={(on) => void turnNotices(on)}>
        {t("user.notices")}
      </MenuSwitch>
      <MenuSwitch on={sound} onTurn={setSoundOn}>
        {t("user.sound")}
      </MenuSwitch>
      <MenuLine />
      <MenuItem keys="?" onSelect={() => helpOpen.set(true)}>
        {t("help.title")}
      </MenuItem>
      <MenuItem onSelect={leave}>{t("user.signOut")}</MenuItem>
    </Menu>
  );
}
