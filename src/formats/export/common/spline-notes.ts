/** Colours of editable splines, one after the other. */
export const SPLINE_COLOURS = [
  "#1f77b4",
  "#ff7f0e",
  "#2ca02c",
  "#d62728",
  "#9467bd",
  "#8c564b",
  "#e377c2",
];

/** How far the editable lines of a few nodes are from their tracks, at worst. */
export function splineNotices(
  what: string,
  fits: readonly { shapeErrorPx: number; timingErrorPx: number; endsEarly: boolean }[],
): string[] {
  const worst = (pick: "shapeErrorPx" | "timingErrorPx") =>
    Math.round(100 * Math.max(...fits.map((fit) => fit[pick]))) / 100;
  const early = fits.filter(({ endsEarly }) => endsEarly).length;
  const missed = `The editable ${what} miss the tracks by at most ${worst("shapeErrorPx")} px in shape and ${worst("timingErrorPx")} px in timing.`;
  if (early === 0) return [missed];
  return [
    missed,
    `${early} of ${fits.length} ${what} end early, where their track is first hidden.`,
  ];
}
