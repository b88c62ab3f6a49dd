/** How a conversation scrolls: at its end it stays there, elsewhere what is looked at stays where it is. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

/** So near to the end counts as being there. */
const NEAR_PX = 48;
/** Older messages are asked for this far before the top. */
const EARLY_PX = 400;

interface Anchor {
  node: HTMLElement;
  top: number;
}

export interface Follow {
  /** What scrolls; its child of `content` holds the items as its children. */
  box: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLOListElement | null>;
  atEnd: boolean;
  onScroll: () => void;
  toEnd: () => void;
  /** Brings an item into view and leaves the end. */
  to: (node: Element, block: ScrollLogicalPosition) => void;
}

export function useFollow(nearTop: () => void): Follow {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLOListElement>(null);
  const following = useRef(true);
  const anchor = useRef<Anchor | null>(null);
  const lastTop = useRef(0);
  const [atEnd, setAtEnd] = useState(true);

  const keep = useCallback(() => {
    const [frame, list] = [box.current, content.current];
    if (frame === null || list === null) return;
    const held = anchor.current;
    if (following.current) frame.scrollTop = frame.scrollHeight;
    else if (held?.node.isConnected) frame.scrollTop += held.node.offsetTop - held.top;
    anchor.current = following.current ? null : firstVisible(frame, list);
    lastTop.current = frame.scrollTop;
  }, []);

  // With every change of what is shown, before it is seen.
  useLayoutEffect(keep);
  // And when the composer grows or a window is made smaller.
  useEffect(() => {
    const observer = new ResizeObserver(keep);
    if (box.current !== null) observer.observe(box.current);
    if (content.current !== null) observer.observe(content.current);
    return () => observer.disconnect();
  }, [keep]);

  const onScroll = () => {
    const [frame, list] = [box.current, content.current];
    if (frame === null || list === null) return;
    const near = frame.scrollHeight - frame.scrollTop - frame.clientHeight < NEAR_PX;
    // Only who moves up leaves the end; that it moved away is put right at once.
    following.current = near || (following.current && frame.scrollTop >= lastTop.current);
    lastTop.current = frame.scrollTop;
    anchor.current = following.current ? null : firstVisible(frame, list);
    setAtEnd(following.current);
    if (frame.scrollTop < EARLY_PX) nearTop();
  };

  const toEnd = useCallback(() => {
    following.current = true;
    setAtEnd(true);
    keep();
  }, [keep]);

  const to = useCallback((node: Element, block: ScrollLogicalPosition) => {
    following.current = false;
    anchor.current = null;
    node.scrollIntoView({ block });
  }, []);

  return { box, content, atEnd, onScroll, toEnd, to };
}

/** The first message of which something is seen; it is to stay where it is. */
function firstVisible(frame: HTMLElement, list: HTMLElement): Anchor | null {
  const items = list.children;
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle] as HTMLElement;
    if (item.offsetTop + item.offsetHeight > frame.scrollTop) high = middle;
    else low = middle + 1;
  }
  // A day's line moves up to the first message of that day.
  while (low < items.length && (items[low] as HTMLElement).dataset["seq"] === undefined) low += 1;
  const node = items[low] as HTMLElement | undefined;
  return node === undefined ? null : { node, top: node.offsetTop };
}
