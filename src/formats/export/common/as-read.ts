import type { Tracks } from "../../../domain/tracks.ts";
import { coordinatePoints } from "./coordinates.ts";
import { EDGE_SHIFT } from "./pixel-edge.ts";
import type { PreparedTracks } from "./prepared.ts";

/** What a reader sees that is told exact positions, and hidden where they leave the picture. */
export function readShown({ tracks, shownTN }: PreparedTracks): Tracks {
  return { ...tracks, visibilityTN: shownTN };
}

/** What a reader of whole pixels sees: the centre of the pixel that holds the point. */
export function readWholePixels(prepared: PreparedTracks): Tracks {
  return readMoved(prepared, (i) => {
    const { tracksTN2 } = prepared.tracks;
    return [Math.floor(tracksTN2[2 * i] + 0.5), Math.floor(tracksTN2[2 * i + 1] + 0.5)];
  });
}

/** What a reader of coordinates with two decimals sees (coordinates.ts). */
export function readHundredths(prepared: PreparedTracks): Tracks {
  const points = coordinatePoints(prepared);
  const { pointCount } = prepared.tracks;
  return readMoved(prepared, (i) => {
    const { x, y } = points[i % pointCount][Math.floor(i / pointCount)];
    return [x - EDGE_SHIFT, y - EDGE_SHIFT];
  });
}

/** Shown samples moved to `place(sample)`; hidden ones stay. */
function readMoved(
  prepared: PreparedTracks,
  place: (sample: number) => readonly [number, number],
): Tracks {
  const tracksTN2 = prepared.tracks.tracksTN2.slice();
  prepared.shownTN.forEach((shown, i) => {
    if (shown) tracksTN2.set(place(i), 2 * i);
  });
  return { ...readShown(prepared), tracksTN2 };
}
