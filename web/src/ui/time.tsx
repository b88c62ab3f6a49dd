import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

/** The time now, told again every `everyMs`. One timer serves all who ask for the same beat. */
const beats = new Map<number, { listeners: Set<() => void>; timer: ReturnType<typeof setInterval> }>();

function onBeat(everyMs: number, listener: () => void): () => void {
  let beat = beats.get(everyMs);
  if (beat === undefined) {
    const listeners = new Set<() => void>();
    beat = { listeners, timer: setInterval(() => listeners.forEach((tell) => tell()), everyMs) };
    beats.set(everyMs, beat);
  }
  const { listeners, timer } = beat;
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    beats.delete(everyMs);
  };
}

export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => onBeat(everyMs, () => setNow(Date.now())), [everyMs]);
  return now;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span as two figures at most: `45s`, `4m`, `2h 10m`, `3d`. */
export function span(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < MINUTE) return `${Math.floor(whole / SECOND)}s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}m`;
  if (whole < DAY) {
    const minutes = Math.floor((whole % HOUR) / MINUTE);
    return `${Math.floor(whole / HOUR)}h${minutes > 0 ? ` ${minutes}m` : ""}`;
  }
  return `${Math.floor(whole / DAY)}d`;
}

/** How long ago something was, ticking. */
export function Since({ at, offsetMs = 0 }: { at: string; offsetMs?: number }) {
  const { i18n } = useTranslation();
  const now = useNow(SECOND) + offsetMs;
  return (
    <time dateTime={at} title={formats(i18n.language).whole.format(new Date(at))} className="tabular-nums">
      {span(now - Date.parse(at))}
    </time>
  );
}

/** A moment as people say it: the hour today, the day before that. */
export function Moment({ at }: { at: string }) {
  const { i18n } = useTranslation();
  const { hour, day, whole } = formats(i18n.language);
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return (
    <time dateTime={at} title={whole.format(date)} className="tabular-nums">
      {(today ? hour : day).format(date)}
    </time>
  );
}

interface Formats {
  hour: Intl.DateTimeFormat;
  day: Intl.DateTimeFormat;
  whole: Intl.DateTimeFormat;
}

/** Making a format takes longer than a row of a list may; using it does not. */
const made = new Map<string, Formats>();

function formats(language: string): Formats {
  const known = made.get(language);
  if (known !== undefined) return known;
  const fresh: Formats = {
    hour: new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }),
    day: new Intl.DateTimeFormat(language, { day: "numeric", month: "short" }),
    whole: new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }),
  };
  made.set(language, fresh);
  return fresh;
}
