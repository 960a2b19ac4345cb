/** Futures by how well each is a still scene that one camera sees, px; those that are not rated last, as they were. */
export function mostRigidFirst<T extends { readonly futureId: string | null }>(
  futures: readonly T[],
  rigidityPx: Readonly<Record<string, number>>,
): T[] {
  const of = ({ futureId }: T) => rigidityPx[futureId ?? ""] ?? Number.MAX_VALUE;
  return [...futures].sort((a, b) => of(a) - of(b));
}
