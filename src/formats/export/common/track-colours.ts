/** Turn of the colour wheel from one point to the next: neighbours never look alike. */
const GOLDEN_TURN = 0.618_033_988_75;

/** The colour of a point in control pictures, [r,g,b] 0–255: the same in every frame and file. */
export function drawnColour(pointId: number): readonly [number, number, number] {
  const hue = 6 * ((pointId * GOLDEN_TURN) % 1);
  const channel = (shift: number) => {
    const at = (hue + shift) % 6;
    return Math.round(255 * Math.min(1, Math.max(0, Math.abs(at - 3) - 1)));
  };
  return [channel(0), channel(4), channel(2)];
}
