import { useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useStore } from "@/api/store";
import { chooseLanguage, LANGUAGE_NAMES, LANGUAGES, type Language } from "@/i18n/i18n";
import { theme, type Theme } from "@/theme/theme";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** Theme and language, before one has a menu of one's own. `areas`: the words that are loaded. */
export function Choices({ areas }: { areas: readonly string[] }) {
  const { t, i18n } = useTranslation("signin");
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
      <Choice label={t("language")} value={i18n.language} onChoose={(value) => void chooseLanguage(value as Language, areas)}>
        {LANGUAGES.map((one) => (
          <option key={one} value={one} lang={one}>
            {LANGUAGE_NAMES[one]}
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
