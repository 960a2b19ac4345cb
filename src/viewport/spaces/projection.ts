import { Matrix4, Vector3 } from "three";
import type { Rect } from "../../domain/fitting.ts";
import { WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import { type FlatPlace, WHOLE_PICTURE } from "./flat-view.ts";
import { OrbitCamera } from "./orbit.ts";
import { type VolumeExtent, volumeFromTrack, volumeHalfSize } from "./time-volume.ts";

/** What spaces share: the extent of what is drawn, the camera that orbits its volume, the flat zoom. */
export class Projection {
  readonly orbit: OrbitCamera;
  flat: FlatPlace = WHOLE_PICTURE;
  private extentNow: VolumeExtent = {
    frameSize: { width: WORKING_WIDTH, height: WORKING_HEIGHT },
    firstFrame: 0,
    lastFrame: 1,
  };
  /** Replaced with the extent. */
  volumeFromTrack = new Matrix4();
  private readonly trackFromVolume = new Matrix4();
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
    this.volumeFromTrack = volumeFromTrack(extent);
    this.trackFromVolume.copy(this.volumeFromTrack).invert();
  }

  /** The volume's camera in track space. */
  eye(target: Vector3): Vector3 {
    return target.copy(this.orbit.camera.position).applyMatrix4(this.trackFromVolume);
  }

  /** Distances from the eye, in the volume, between which ribbons fade. */
  get fadeFrom(): number {
    return this.orbit.camera.position.length() - 0.6 * this.radius;
  }
  get fadeTo(): number {
    return this.orbit.camera.position.length() + 1.1 * this.radius;
  }
  private get radius(): number {
    return Math.hypot(...volumeHalfSize(this.extent));
  }

  /** Length on the screen, CSS px, of the time axis at the given x: seen end on it is short. */
  timeAxisPx(clip: Matrix4, axisX: number, rect: Rect): number {
    const { firstFrame, lastFrame, frameSize } = this.extent;
    const { x, y } = this.point.set(axisX, frameSize.height, firstFrame).applyMatrix4(clip);
    const end = this.point.set(axisX, frameSize.height, lastFrame).applyMatrix4(clip);
    return Math.hypot((end.x - x) * rect.width, (end.y - y) * rect.height) / 2;
  }
}
