import { useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useStore } from "@/api/store";
import { chooseLanguage, LANGUAGES, type Language } from "@/i18n/i18n";
import { theme, type Theme } from "@/theme/theme";

import { AREAS } from "../areas";

const THEMES: readonly Theme[] = ["system", "light", "dark"];
/** Languages under their own names: who cannot read this page finds theirs. */
const NAMES: Record<Language, string> = { en: "English", de: "Deutsch" };

/** Theme and language. */
export function Choices() {
  const { t, i18n } = useTranslation();
  const shown = useStore(theme);
  return (
    <div className="flex flex-wrap gap-3">
      <Choice label={t("theme.label")} value={shown} onChoose={(value) => theme.set(value as Theme)}>
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {t(`theme.${one}`)}
          </option>
        ))}
      </Choice>
      <Choice label={t("language")} value={i18n.language} onChoose={(value) => void chooseLanguage(value as Language, AREAS)}>
        {LANGUAGES.map((one) => (
          <option key={one} value={one} lang={one}>
            {NAMES[one]}
          </option>
        ))}
      </Choice>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  onChoose: (value: string) => void;
  children: ReactNode;
}

function Choice({ label, value, onChoose, children }: ChoiceProps) {
  const id = useId();
  return (
    <div className="flex min-w-24 flex-1 flex-col gap-1">
      <label htmlFor={id} className="text-meta text-soft">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChoose(event.target.value)}
        className="min-h-8 rounded-md border border-edge bg-card px-2"
      >
        {children}
      </select>
    </div>
  );
}
