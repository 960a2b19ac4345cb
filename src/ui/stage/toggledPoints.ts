/**
 * The picked points after a click on one: it is picked, or lifted where it was picked. Others stay
 * only where the click `adds`; a click beside everything (null) lifts all. The same list where nothing
 * changes.
 */
export function toggledPoints(
  picked: readonly number[],
  point: number | null,
  adds: boolean,
): readonly number[] {
  const others = adds ? picked : [];
  if (point === null) return others.length === picked.length ? picked : others;
  return picked.includes(point) ? others.filter((other) => other !== point) : [...others, point];
}
