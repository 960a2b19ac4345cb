import { Scene } from "three";
import type { Rect } from "../domain/fitting.ts";
import type { CameraPathT6 } from "../domain/forecast.ts";
import type { Tracks } from "../domain/tracks.ts";
import { OVERLAYS, settingOf } from "./layers/list.ts";
import type { ColourBy, ViewportData, ViewportOptions } from "./options.ts";
import { PicturePlane } from "./picture.ts";
import { Ribbons } from "./ribbons.ts";
import type { Projection } from "./spaces/projection.ts";
import type { Space } from "./spaces/space.ts";
import { timeTicks } from "./spaces/time-ticks.ts";
import type { VolumeExtent } from "./spaces/time-volume.ts";
import { VolumeLabels } from "./spaces/volume-labels.ts";
import { VolumeLines } from "./spaces/volume-lines.ts";

const COLOUR_BY: Readonly<Record<ColourBy, number>> = {
  future: 0,
  direction: 1,
  speed: 2,
  visibility: 3,
};

/** What changes from frame to frame beside the options. */
export interface Moment {
  /** Playhead relative to "now", frames. */
  readonly relative: number;
  readonly tileCount: number;
  /** Futures that share one picture. */
  readonly futureCount: number;
  readonly pixelRatio: number;
  readonly pictureAffineT6: CameraPathT6 | null;
}

/** The parts of the picture and the numbers that they share. */
export class SceneParts {
  readonly scene = new Scene();
  readonly picture = new PicturePlane();
  readonly ribbons = new Ribbons();
  private readonly sheets = OVERLAYS.flatMap((overlay) =>
    overlay.sheet ? [{ overlay, sheet: overlay.sheet(this.picture) }] : [],
  );
  private readonly lines = new VolumeLines(this.picture);
  private readonly labels = new VolumeLabels(this.picture, this.lines);

  constructor() {
    this.scene.matrixWorldAutoUpdate = false;
    this.scene.add(this.picture.mesh, this.lines.mesh);
    for (const { sheet } of this.sheets) this.scene.add(sheet.mesh);
    this.scene.add(this.ribbons.ribbons, this.ribbons.heads, this.labels.mesh);
  }

  setExtent(extent: VolumeExtent, fps: number): void {
    const { frameSize, firstFrame, lastFrame } = extent;
    const { width, height } = frameSize;
    const ticks = timeTicks(firstFrame, lastFrame, fps);
    this.lines.setExtent(
      extent,
      ticks.map((tick) => tick.frame),
    );
    this.labels.setTicks(ticks, height - 0.5);
    this.picture.uniforms.uFrameSize.value.set(width, height);
    this.ribbons.uniforms.uPictureRect.value.set(-0.5, -0.5, width - 0.5, height - 0.5);
    this.ribbons.uniforms.uHorizon.value = lastFrame;
  }

  /** `shown`: the futures that are drawn when none is alone. */
  setSheets(data: ViewportData | null, options: ViewportOptions, shown: readonly Tracks[]): void {
    for (const { overlay, sheet } of this.sheets) {
      sheet.set(data, settingOf(options.layers, overlay), shown);
    }
  }

  setPixelRatio(pixelRatio: number): void {
    this.labels.setPixelRatio(pixelRatio);
  }

  /** Before a frame is drawn. */
  setMoment(space: Space, options: ViewportOptions, moment: Moment): void {
    const { look, timeAxis } = space;
    const { uniforms } = this.ribbons;
    const { relative, tileCount, futureCount, pixelRatio } = moment;
    uniforms.uPlayhead.value = relative;
    uniforms.uVolume.value = timeAxis ? 1 : 0;
    uniforms.uColourBy.value = COLOUR_BY[options.colourBy];
    uniforms.uTail.value = Math.max(1, options.tailFrames);
    uniforms.uDimUnselected.value = options.selectedPoints.length ? 0.3 : 1;
    // Many futures lie on top of one another: each gets a little lighter.
    uniforms.uFutureAlpha.value = Math.max(1, futureCount) ** -0.1;
    uniforms.uFaintest.value = look.faintest;
    uniforms.uCasing.value = look.casing;
    uniforms.uLineScale.value = options.lineScale * pixelRatio * (tileCount > 1 ? 0.8 : 1);
    uniforms.uHeadPx.value = 2.3 * pixelRatio * (tileCount > 4 ? 0.7 : 1);
    this.picture.uniforms.uFrame.value = relative;
    this.picture.uniforms.uDim.value = options.dim * look.dim;
    this.lines.mesh.visible = timeAxis;
    this.labels.mesh.visible = timeAxis;
    this.setPictureMap(relative, moment.pictureAffineT6);
  }

  private setPictureMap(relative: number, path: CameraPathT6 | null): void {
    const map = this.picture.uniforms.uPictureMap.value.identity();
    if (!path || relative < 1) return;
    const o = 6 * (Math.min(path.length / 6, Math.floor(relative)) - 1);
    map.set(path[o], path[o + 1], path[o + 2], path[o + 3], path[o + 4], path[o + 5], 0, 0, 1);
  }

  /** Before a tile is drawn. */
  setTile(
    space: Space,
    projection: Projection,
    rect: Rect,
    marginPx: number,
    pixelRatio: number,
  ): void {
    const { uniforms } = this.ribbons;
    const clip = space.clipFromTrack(projection, rect, marginPx, uniforms.uClipFromPx.value);
    this.picture.uniforms.uClipFromPx.value.copy(clip);
    const halfX = (rect.width * pixelRatio) / 2;
    const halfY = (rect.height * pixelRatio) / 2;
    uniforms.uHalfCanvasPx.value.set(halfX, halfY);
    this.lines.halfCanvasPx.value.set(halfX, halfY);
    const { ribbons, lines, labels } = this;
    space.prepare({ ribbons, lines, labels }, { projection, rect, marginPx, clip });
  }

  dispose(): void {
    for (const { sheet } of this.sheets) sheet.dispose();
    for (const part of [this.labels, this.lines, this.ribbons, this.picture]) part.dispose();
  }
}
