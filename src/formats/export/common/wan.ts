import type { ExportJob } from "./format.ts";

/** Wan's models make 4k + 1 frames, and pictures whose sides are multiples of 16: told where not so. */
export function wanNotices({ prepared }: Pick<ExportJob, "prepared">): string[] {
  const { size, tracks } = prepared;
  return [
    ...frameStepNotices("Wan", tracks.frameCount, 4),
    ...(size.width % 16 === 0 && size.height % 16 === 0
      ? []
      : [
          `Wan's pictures have sides that are multiples of 16: the nearest size is ${nearest(size.width, 16)}×${nearest(size.height, 16)}.`,
        ]),
  ];
}

/** What to ask for instead where a model that makes `step`·k + 1 frames is given another number. */
export function frameStepNotices(model: string, frames: number, step: number): string[] {
  if (frames % step === 1) return [];
  const below = Math.max(0, Math.floor((frames - 1) / step)) * step + 1;
  return [
    `${model} makes ${step}k + 1 frames, and these are ${frames}: the nearest are ${below} and ${below + step}.`,
  ];
}

function nearest(side: number, step: number): number {
  return Math.max(step, Math.round(side / step) * step);
}
