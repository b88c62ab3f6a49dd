import { useTranslation } from "react-i18next";

import { linePath } from "./samples";

const WIDTH = 120;
const HEIGHT = 24;

interface SparklineProps {
  /** What it shows, for who cannot see it. */
  label: string;
  /** From the oldest; `null` where it is not known. */
  values: readonly (number | null)[];
  /** A value as people read it. */
  shown: (value: number) => string;
}

/** How something went lately. */
export function Sparkline({ label, values, shown }: SparklineProps) {
  const { t } = useTranslation("workers");
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  const text = last === undefined ? t("chart.none", { label }) : t("chart.text", { label, low: shown(Math.min(...known)), high: shown(Math.max(...known)), last: shown(last) });
  return (
    <svg role="img" aria-label={text} viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`} preserveAspectRatio="none" className="mt-auto block h-7 w-full text-accent">
      <path d={`M0 ${HEIGHT}H${WIDTH}`} className="stroke-line" vectorEffect="non-scaling-stroke" />
      <path d={linePath(values, WIDTH, HEIGHT)} fill="none" stroke="currentColor" strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
