import { useState } from "react";

import type { Ticket } from "@/api/client";

import { arrange, type Arranged } from "./frozen";
import type { Hold } from "./useHold";

const NONE: Arranged<Ticket> = { rows: [], fresh: 0 };

/** The rows to show of a list, in the order that `hold` leaves them. */
export function useRows(items: readonly Ticket[], hold: Hold): Arranged<Ticket> {
  const [told, setTold] = useState({ items, frozen: false, releases: hold.releases, arranged: NONE });
  const { rows } = told.arranged;
  // A focused row that a release took away says nothing when it goes.
  const focused = hold.focused?.byKeys === true && rows.some(({ item }) => item.id === hold.focused?.id);
  const frozen = hold.pointed || hold.scrolled || focused;
  const released = told.releases !== hold.releases;
  if (told.items === items && told.frozen === frozen && !released && told.arranged !== NONE) return told.arranged;
  const arranged = arrange(rows, items, frozen && !released);
  setTold({ items, frozen, releases: hold.releases, arranged });
  return arranged;
}
