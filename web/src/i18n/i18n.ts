import i18next from "i18next";
import { initReactI18next } from "react-i18next";

/** The languages there are; English is also what a missing word falls back to. */
export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];
/** Under their own names: who cannot read this page finds theirs. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", de: "Deutsch" };

const KEY = "baton:language";
/** Each area has a file of words; a screen names the areas that it uses, and only these are loaded. */
const files = import.meta.glob<Record<string, unknown>>("./*/*.json", { import: "default" });

function preferred(): Language {
  const wishes = [localStorage.getItem(KEY), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return LANGUAGES.find((language) => wishes.find((wish) => LANGUAGES.some((known) => known === wish)) === language) ?? "en";
}

/** Loads the words of `areas` in the user's language. */
export async function startLanguage(areas: readonly string[]): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: preferred(),
    fallbackLng: "en",
    ns: areas,
    defaultNS: areas[0] ?? "common",
    interpolation: { escapeValue: false },
    partialBundledLanguages: true,
    resources: {},
    returnNull: false,
  });
  await load(i18next.language, areas);
  document.documentElement.lang = i18next.language;
}

async function load(language: string, areas: readonly string[]): Promise<void> {
  const wanted = language === "en" ? ["en"] : ["en", language];
  await Promise.all(
    wanted.flatMap((tag) =>
      areas.map(async (area) => {
        const words = await files[`./${tag}/${area}.json`]?.();
        if (words !== undefined) i18next.addResourceBundle(tag, area, words);
      }),
    ),
  );
}

export async function chooseLanguage(language: Language, areas: readonly string[]): Promise<void> {
  localStorage.setItem(KEY, language);
  await load(language, areas);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
