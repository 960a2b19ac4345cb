/** More threads than this gain nothing on graphs of this size. */
const MOST = 4;

/**
 * Threads that the model's runtime gets in a page. Its threads wait for each other by spinning, so one core
 * stays free of them for decoder, tracker, compiler and drawing: on two cores a second thread took 0.7 s of
 * processor from the first forecast and gave nothing back.
 * @param cores as the browser tells them; 0 where it does not
 */
export function modelThreads(cores: number, isIsolated: boolean): number {
  return isIsolated ? Math.max(1, Math.min(MOST, cores - 1)) : 1;
}
