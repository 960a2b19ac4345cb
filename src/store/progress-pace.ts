/** Each change on screen draws the page anew, which takes a processor where there is no graphics card. */
const PACE_MILLIS = 250;

/** Tells of each progress whether it is due to be shown: the last one, and of the others four a second. */
export function progressPace(): (done: number, total: number) => boolean {
  let shownMillis = Number.NEGATIVE_INFINITY;
  return (done, total) => {
    const nowMillis = performance.now();
    if (done !== total && nowMillis - shownMillis < PACE_MILLIS) return false;
    shownMillis = nowMillis;
    return true;
  };
}
