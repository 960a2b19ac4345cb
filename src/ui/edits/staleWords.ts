import type { Slot, StudioDocument } from "../../store/document.ts";

/** Says which futures on screen were made with other edits; null where none was. */
export function staleWords(stale: readonly Pick<Slot, "id" | "locked">[]): string | null {
  const open = stale.filter(({ locked }) => !locked);
  const kept = stale.filter(({ locked }) => locked);
  const parts = [
    ...(open.length > 0
      ? [`${listed(open)} made with other edits. Press Forecast to follow these.`]
      : []),
    ...(kept.length > 0 ? [`${listed(kept)} locked and made with other edits.`] : []),
  ];
  return parts.length > 0 ? parts.join(" ") : null;
}

function listed(slots: readonly Pick<Slot, "id">[]): string {
  const ids = slots.map(({ id }) => id);
  if (ids.length === 1) return `Future ${ids[0]} is`;
  return `Futures ${ids.slice(0, -1).join(", ")} and ${ids[ids.length - 1]} are`;
}

/** Says what becomes of edits when "now" has moved since they were laid over a forecast; null where it has not. */
export function movedNowWords({
  edits,
  origin,
  nowIndex,
}: Pick<StudioDocument, "edits" | "origin" | "nowIndex">): string | null {
  if (edits.length === 0 || !origin || origin.nowIndex === nowIndex) return null;
  return "“Now” has moved: edits begin at it and keep their places in the frame, whatever is there. Press Forecast to lay them over the new “now”.";
}
