/** The rows on the screen, which do not move under the mouse. */

export interface Row<T> {
  item: T;
  /** Whether it belongs into the list no more and stays only so that nothing moves. */
  gone: boolean;
}

export interface Arranged<T> {
  rows: readonly Row<T>[];
  /** How many belong into the list and are held back. */
  fresh: number;
}

/**
 * What to show when `shown` is on the screen and `actual` is how the list stands. While `frozen`, rows stay where they
 * are and say what they say now, also those that left the list, as they were last seen; what comes behind the last of
 * them (a further page) is put there, the rest waits.
 */
export function arrange<T extends { id: string }>(shown: readonly Row<T>[], actual: readonly T[], frozen: boolean): Arranged<T> {
  const old = new Map(shown.map((row) => [row.item.id, row]));
  const rowOf = (item: T): Row<T> => {
    const row = old.get(item.id);
    return row?.item === item && !row.gone ? row : { item, gone: false };
  };
  if (!frozen || shown.length === 0) return { rows: actual.map(rowOf), fresh: 0 };
  const present = new Map(actual.map((item) => [item.id, item]));
  const stay = shown.map((row) => {
    const item = present.get(row.item.id);
    if (item !== undefined) return rowOf(item);
    return row.gone ? row : { item: row.item, gone: true };
  });
  const unseen = actual.filter((item) => !old.has(item.id));
  const last = actual.findLastIndex((item) => old.has(item.id));
  const behind = last === -1 ? [] : actual.slice(last + 1);
  return { rows: [...stay, ...behind.map(rowOf)], fresh: unseen.length - behind.length };
}
