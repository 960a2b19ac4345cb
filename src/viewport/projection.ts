import { Matrix4, Vector3 } from "three";
import type { Rect } from "../domain/fitting.ts";
import { WORKING_HEIGHT, WORKING_WIDTH } from "../domain/grid.ts";
import type { ViewportMode } from "./options.ts";
import { OrbitCamera } from "./orbit.ts";
import {
  overlayClipFromTrack,
  type VolumeExtent,
  worldFromTrack,
  worldHalfSize,
} from "./spaces.ts";

/** From track space (videoPx and frames relative to "now") to the screen, in either mode. */
export class Projection {
  readonly orbit: OrbitCamera;
  private extentNow: VolumeExtent = {
    frameSize: { width: WORKING_WIDTH, height: WORKING_HEIGHT },
    firstFrame: 0,
    lastFrame: 1,
  };
  private worldFromTrack = new Matrix4();
  private readonly trackFromWorld = new Matrix4();
  private readonly point = new Vector3();

  constructor(canvas: HTMLCanvasElement, onChange: () => void) {
    this.orbit = new OrbitCamera(canvas, onChange);
  }

  get extent(): VolumeExtent {
    return this.extentNow;
  }

  setExtent(extent: VolumeExtent): void {
    this.extentNow = extent;
    this.orbit.setExtent(extent);
    this.worldFromTrack = worldFromTrack(extent);
    this.trackFromWorld.copy(this.worldFromTrack).invert();
  }

  clipFromTrack(mode: ViewportMode, rect: Rect, marginPx: number, target: Matrix4): Matrix4 {
    if (mode === "overlay") {
      return overlayClipFromTrack(this.extent.frameSize, rect, marginPx, target);
    }
    this.orbit.setAspect(rect.width / rect.height);
    return this.orbit.viewProjection(target).multiply(this.worldFromTrack);
  }

  /** The volume's camera in track space. */
  eye(target: Vector3): Vector3 {
    return target.copy(this.orbit.camera.position).applyMatrix4(this.trackFromWorld);
  }

  /** Distances from the eye, world units, between which ribbons fade. */
  get fadeFrom(): number {
    return this.orbit.camera.position.length() - 0.6 * this.radius;
  }
  get fadeTo(): number {
    return this.orbit.camera.position.length() + 1.1 * this.radius;
  }
  private get radius(): number {
    return Math.hypot(...worldHalfSize(this.extent));
  }

  /** Length on the screen, CSS px, of the time axis at the given x: seen end on it is short. */
  timeAxisPx(clip: Matrix4, axisX: number, rect: Rect): number {
    const { firstFrame, lastFrame, frameSize } = this.extent;
    const { x, y } = this.point.set(axisX, frameSize.height, firstFrame).applyMatrix4(clip);
    const end = this.point.set(axisX, frameSize.height, lastFrame).applyMatrix4(clip);
    return Math.hypot((end.x - x) * rect.width, (end.y - y) * rect.height) / 2;
  }
}
