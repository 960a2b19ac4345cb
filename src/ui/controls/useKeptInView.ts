import { type RefObject, useEffect, useRef } from "react";

/** Scrolls the element's list, and nothing around it, so that what is pointed out can be seen. */
export function useKeptInView<T extends HTMLElement>(isPointedOut: boolean): RefObject<T | null> {
  const element = useRef<T>(null);
  useEffect(() => {
    if (isPointedOut && element.current) scrollListTo(element.current);
  }, [isPointedOut]);
  return element;
}

function scrollListTo(element: HTMLElement): void {
  const list = scrollerOf(element);
  if (!list) return;
  const shown = list.getBoundingClientRect();
  const wanted = element.getBoundingClientRect();
  // Of one that is higher than the list, its head is seen.
  const below = Math.min(wanted.bottom - shown.bottom, wanted.top - shown.top);
  if (wanted.top < shown.top) list.scrollTop += wanted.top - shown.top;
  else if (below > 0) list.scrollTop += below;
}

function scrollerOf(element: HTMLElement): HTMLElement | null {
  return element.parentElement?.closest<HTMLElement>("[data-scrolls]") ?? null;
}
