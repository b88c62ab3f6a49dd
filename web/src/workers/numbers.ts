import { useTranslation } from "react-i18next";

import { span } from "@/ui/time";

/** A wait this short is told to a tenth of a second. */
const SHORT_SECONDS = 10;

/** Numbers as people of the chosen language read them. */
export function useNumbers() {
  const { language } = useTranslation().i18n;
  const count = (value: number) => value.toLocaleString(language, { maximumFractionDigits: value < SHORT_SECONDS ? 1 : 0 });
  const seconds = (value: number) => (value < SHORT_SECONDS ? `${count(Math.max(0, value))}s` : span(value * 1_000));
  return { count, seconds };
}
