import type { Job } from "../../domain/job.ts";
import type { OpenClip } from "../../domain/ports.ts";
import { CutFinder } from "../../engine/picture/cuts.ts";

/** Cuts show at this size too, and it is read faster than the working frame. */
const SMALL = { width: 208, height: 120 };

/** Working frames [start, end) of a clip that show one shot. */
export interface Shot {
  readonly start: number;
  readonly end: number;
}

/** The shots of a clip, in order: it is read once, small. */
export async function findShots(clip: OpenClip, job: Job): Promise<Shot[]> {
  const finder = new CutFinder();
  const { frameCount } = clip.info;
  await clip.read(0, frameCount, SMALL, { onLuma: (luma, at) => finder.add(luma, at) }, job);
  const starts = [0, ...finder.cuts()];
  return starts.map((start, k) => ({ start, end: starts[k + 1] ?? frameCount }));
}

/**
 * The shot as a clip: its frame 0 is the shot's first, its times stay those of the whole clip. What is
 * read of it is looked through for cuts.
 */
export function shotClip(clip: OpenClip, { start, end }: Shot, finder: CutFinder): OpenClip {
  const { info } = clip;
  return {
    info: {
      ...info,
      frameCount: end - start,
      frameTimesSecs: info.frameTimesSecs.slice(start, end),
      durationSecs: end < info.frameCount ? info.frameTimesSecs[end] : info.durationSecs,
    },
    read(from, to, size, taps, job) {
      return clip.read(
        from + start,
        to + start,
        size,
        {
          ...(taps.onFrame && {
            onFrame: (frame) => taps.onFrame?.({ ...frame, index: frame.index - start }),
          }),
          ...(taps.wantsFrame && {
            wantsFrame: (index) => taps.wantsFrame?.(index - start) ?? true,
          }),
          ...(taps.onPlanar && {
            onPlanar: (picture, index) => taps.onPlanar?.(picture, index - start),
          }),
          ...(taps.wantsPlanar && {
            wantsPlanar: (index) => taps.wantsPlanar?.(index - start) ?? true,
          }),
          onLuma: (luma, index) => {
            finder.add(luma, index - start);
            taps.onLuma?.(luma, index - start);
          },
        },
        job,
      );
    },
    close: async () => undefined,
  };
}
