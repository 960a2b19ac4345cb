import { withoutCamera } from "../../domain/camera-view.ts";
import type { TakeEdit } from "../../domain/edits/take.ts";
import type { Future } from "../../domain/forecast.ts";

/**
 * What points do in a future, as a take holds it: [N][2T] in hundredths of a pixel. Where the future
 * knows its camera, that is taken out and the paths lie in the scene.
 */
export function takenPaths(
  future: Pick<Future, "tracks" | "cameraPathT6">,
  points: readonly number[],
): Pick<TakeEdit, "space"> & { readonly pathsNM: readonly (readonly number[])[] } {
  const { frameCount, pointCount, tracksTN2 } = withoutCamera(future);
  const pathsNM = points.map((point) =>
    Array.from({ length: 2 * frameCount }, (_, i) => {
      const value = tracksTN2[2 * ((i >> 1) * pointCount + point) + (i % 2)];
      return Math.round(value * 100) / 100;
    }),
  );
  return { space: future.cameraPathT6 ? "scene" : "screen", pathsNM };
}
