import type { Slot } from "../../store/document.ts";

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
