/** The search of an address as people read and write it: `?status=new,open&q=printer`. */

export function readSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function writeSearch(search: Record<string, unknown>): string {
  const parts = Object.entries(search).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === "") return [];
    return [`${name}=${encodeURIComponent(String(value)).replaceAll("%2C", ",")}`];
  });
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
