/**
 * Names of files that differ by one number alone, in its order: the frames of a clip. Null where they are
 * not all so, or fewer than two.
 */
export function numberedNames(names: readonly string[]): string[] | null {
  if (names.length < 2) return null;
  const parts = names.map((name) => ({ name, match: /^(.*?)(\d+)(\.[^.]+)$/.exec(name) }));
  const [first] = parts;
  const isSeries = parts.every(
    ({ match }) => match && match[1] === first.match?.[1] && match[3] === first.match?.[3],
  );
  if (!isSeries) return null;
  const numberOf = ({ match }: (typeof parts)[number]) => Number(match?.[2]);
  if (new Set(parts.map(numberOf)).size !== parts.length) return null;
  return parts.sort((a, b) => numberOf(a) - numberOf(b)).map(({ name }) => name);
}
