/** The order of rows on the screen, which does not move under the mouse. */

export interface Arranged {
  /** The rows as they are shown. */
  ids: string[];
  /** How many belong into the list and are held back. */
  fresh: number;
  /** Rows that belong there no more and stay until they may move. */
  gone: ReadonlySet<string>;
}

/**
 * What to show when `shown` is on the screen and `actual` is how the list stands. While `frozen`, rows stay where they
 * are, also those that left the list; what comes behind the last of them (a further page) is put there, the rest waits.
 */
export function arrange(shown: readonly string[], actual: readonly string[], frozen: boolean): Arranged {
  if (!frozen || shown.length === 0) return { ids: [...actual], fresh: 0, gone: new Set() };
  const onScreen = new Set(shown);
  const present = new Set(actual);
  const last = actual.findLastIndex((id) => onScreen.has(id));
  const behind = last === -1 ? [] : actual.slice(last + 1);
  const ids = [...shown, ...behind];
  return {
    ids,
    fresh: actual.filter((id) => !onScreen.has(id)).length - behind.length,
    gone: new Set(shown.filter((id) => !present.has(id))),
  };
}

/** Whether both hold the same rows in the same order. */
export function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
