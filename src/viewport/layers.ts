import { Scene } from "three";
import type { Rect } from "../domain/fitting.ts";
import type { CameraPathT6 } from "../domain/forecast.ts";
import { HeatLayer } from "./heat-layer.ts";
import type { ColourBy, ViewportOptions } from "./options.ts";
import { PicturePlane } from "./picture.ts";
import type { Projection } from "./projection.ts";
import { Ribbons } from "./ribbons.ts";
import { overlayScale, type VolumeExtent } from "./spaces.ts";
import { timeTicks } from "./time-ticks.ts";
import { VolumeLabels } from "./volume-labels.ts";
import { VolumeLines } from "./volume-lines.ts";

const COLOUR_BY: Readonly<Record<ColourBy, number>> = {
  future: 0,
  direction: 1,
  speed: 2,
  visibility: 3,
};
/** Labels of a shorter time axis would overlap, CSS px. */
const SHORTEST_AXIS_PX = 200;

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
export class Layers {
  readonly scene = new Scene();
  readonly picture = new PicturePlane();
  readonly heat = new HeatLayer(this.picture);
  readonly ribbons = new Ribbons();
  private readonly lines = new VolumeLines(this.picture);
  private readonly labels = new VolumeLabels(this.picture, this.lines);

  constructor() {
    this.scene.matrixWorldAutoUpdate = false;
    this.scene.add(this.picture.mesh, this.lines.mesh, this.heat.mesh);
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

  setPixelRatio(pixelRatio: number): void {
    this.labels.setPixelRatio(pixelRatio);
  }

  /** Before a frame is drawn. */
  setMoment(options: ViewportOptions, moment: Moment): void {
    const volume = options.mode === "volume";
    const { uniforms } = this.ribbons;
    const { relative, tileCount, futureCount, pixelRatio } = moment;
    uniforms.uPlayhead.value = relative;
    uniforms.uVolume.value = volume ? 1 : 0;
    uniforms.uColourBy.value = COLOUR_BY[options.colourBy];
    uniforms.uTail.value = Math.max(1, options.tailFrames);
    uniforms.uDimUnselected.value = options.selectedPoints.length ? 0.3 : 1;
    // Many futures lie on top of one another: each gets a little lighter.
    uniforms.uFutureAlpha.value = Math.max(1, futureCount) ** -0.1;
    uniforms.uFaintest.value = volume ? 0.12 : 0.4;
    uniforms.uCasing.value = volume ? 0.15 : 0.3;
    uniforms.uLineScale.value = options.lineScale * pixelRatio * (tileCount > 1 ? 0.8 : 1);
    uniforms.uHeadPx.value = 2.3 * pixelRatio * (tileCount > 4 ? 0.7 : 1);
    this.picture.uniforms.uFrame.value = relative;
    this.picture.uniforms.uDim.value = options.dim * (volume ? 0.6 : 1);
    this.lines.mesh.visible = volume;
    this.labels.mesh.visible = volume;
    this.setPictureMap(relative, moment.pictureAffineT6);
  }

  private setPictureMap(relative: number, path: CameraPathT6 | null): void {
    const map = this.picture.uniforms.uPictureMap.value.identity();
    if (!path || relative < 1) return;
    const o = 6 * (Math.min(path.length / 6, Math.floor(relative)) - 1);
    map.set(path[o], path[o + 1], path[o + 2], path[o + 3], path[o + 4], path[o + 5], 0, 0, 1);
  }

  /** Before a tile is drawn. */
  setView(
    options: ViewportOptions,
    projection: Projection,
    rect: Rect,
    marginPx: number,
    pixelRatio: number,
  ): void {
    const { uniforms } = this.ribbons;
    const { mode } = options;
    const clip = projection.clipFromTrack(mode, rect, marginPx, uniforms.uClipFromPx.value);
    this.picture.uniforms.uClipFromPx.value.copy(clip);
    const halfX = (rect.width * pixelRatio) / 2;
    const halfY = (rect.height * pixelRatio) / 2;
    uniforms.uHalfCanvasPx.value.set(halfX, halfY);
    this.lines.halfCanvasPx.value.set(halfX, halfY);
    if (mode === "overlay") {
      const scale = overlayScale(projection.extent.frameSize, rect, marginPx);
      uniforms.uDashScale.value.set(scale, 0);
      return;
    }
    // Dashes run along time here, so that points at rest have them too.
    uniforms.uDashScale.value.set(0.8, 3);
    uniforms.uDepthSpan.value.set(projection.fadeFrom, projection.fadeTo);
    const eye = projection.eye(uniforms.uEye.value);
    const { width } = projection.extent.frameSize;
    this.lines.axisX.value = eye.x < width / 2 ? -0.5 : width - 0.5;
    this.labels.mesh.visible =
      projection.timeAxisPx(clip, this.lines.axisX.value, rect) > SHORTEST_AXIS_PX;
  }

  dispose(): void {
    for (const part of [this.labels, this.lines, this.heat, this.ribbons, this.picture]) {
      part.dispose();
    }
  }
}
