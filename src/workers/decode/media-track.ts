/** What a container tells of one of its picture tracks. */
export interface MediaTrackFacts {
  /** Enabled (MP4) or default (Matroska). */
  readonly isDefault: boolean;
  /** The container itself calls it a cover or thumbnails. */
  readonly isCover: boolean;
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly pictureCount: number;
}

const STILL_CODECS = /^(mjpeg|jpeg|png|bmp|gif|webp|tiff)$/;
/** Photo codecs beside a track with so many times more pictures are its thumbnails. */
const THUMBNAIL_SHARE = 8;

/**
 * Index of the track that is the clip, or -1 where all are covers: the enabled ones before the
 * others, of those the largest, of those the first. One rule for every decoder.
 */
export function chooseTrack(tracks: readonly MediaTrackFacts[]): number {
  const most = Math.max(0, ...tracks.map((track) => track.pictureCount));
  const isClip = (track: MediaTrackFacts) => !track.isCover && !isThumbnails(track, most);
  const area = (track: MediaTrackFacts) => track.width * track.height;
  const clips = tracks.filter(isClip);
  const enabled = clips.filter((track) => track.isDefault);
  const eligible = enabled.length > 0 ? enabled : clips;
  const largest = Math.max(0, ...eligible.map(area));
  const chosen = eligible.find((track) => area(track) === largest);
  return chosen ? tracks.indexOf(chosen) : -1;
}

function isThumbnails({ codec, pictureCount }: MediaTrackFacts, most: number): boolean {
  if (pictureCount === most) return false;
  if (pictureCount <= 1) return true;
  return STILL_CODECS.test(codec) && pictureCount * THUMBNAIL_SHARE <= most;
}
