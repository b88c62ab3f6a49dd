/** What of a message's text leads somewhere. */

export interface Piece {
  text: string;
  /** Where it leads; absent for plain text. */
  href?: string;
}

const LINK = /\bhttps?:\/\/[^\s<>"]+/giu;
/** What ends a sentence, not an address. */
const TRAILING = /[.,;:!?'’”…]+$/u;

/** The text cut at its web addresses; put together again it is the same text. */
export function linked(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const address = trimmed(match[0]);
    if (!URL.canParse(address)) continue;
    if (match.index > at) pieces.push({ text: text.slice(at, match.index) });
    pieces.push({ text: address, href: address });
    at = match.index + address.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

function trimmed(address: string): string {
  const bare = address.replace(TRAILING, "");
  // A bracket that was opened before the address belongs to the sentence.
  const closesMore = (open: string, close: string) => bare.endsWith(close) && bare.split(close).length > bare.split(open).length;
  return closesMore("(", ")") || closesMore("[", "]") ? trimmed(bare.slice(0, -1)) : bare;
}
