import { MathUtils, type Matrix4, PerspectiveCamera, Spherical, Vector3 } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import type { CameraPreset } from "../options.ts";
import { fitBox } from "./fit-box.ts";
import { type VolumeExtent, volumeHalfSize } from "./time-volume.ts";

interface Pose {
  readonly azimuthDegrees: number;
  readonly polarDegrees: number;
  readonly fovDegrees: number;
}

/**
 * Time runs from left to right in every preset but the front. A narrow field of view makes front,
 * side and top read as plain charts.
 */
const POSES: Readonly<Record<CameraPreset, Pose>> = {
  isometric: { azimuthDegrees: -42, polarDegrees: 66, fovDegrees: 26 },
  front: { azimuthDegrees: 0, polarDegrees: 90, fovDegrees: 10 },
  side: { azimuthDegrees: -90, polarDegrees: 90, fovDegrees: 1.5 },
  top: { azimuthDegrees: -90, polarDegrees: 0.05, fovDegrees: 1.5 },
};

const MOVE_MILLIS = 320;
/** Room around the box for labels. */
const FIT_MARGIN = 1.06;

/** The camera of the space-time volume: orbit, zoom, pan and presets. Never moves by itself. */
export class OrbitCamera {
  readonly camera = new PerspectiveCamera(26, 1, 0.1, 100);
  private readonly controls: OrbitControls;
  private extent: VolumeExtent | null = null;
  private preset: CameraPreset | null = "isometric";
  private radius = 1;
  private moving = 0;

  constructor(
    element: HTMLElement,
    private readonly onChange: () => void,
  ) {
    this.controls = new OrbitControls(this.camera, element);
    this.controls.enableDamping = false;
    this.controls.rotateSpeed = 0.7;
    this.controls.zoomSpeed = 0.8;
    this.controls.enabled = false;
    this.controls.addEventListener("change", this.onChange);
    this.controls.addEventListener("start", this.onStart);
  }

  private readonly onStart = () => {
    this.preset = null;
    this.stopMoving();
  };

  set enabled(enabled: boolean) {
    this.controls.enabled = enabled;
  }

  setExtent(extent: VolumeExtent): void {
    this.extent = extent;
    this.radius = Math.hypot(...volumeHalfSize(extent));
    this.controls.minDistance = this.radius * 0.25;
    this.controls.maxDistance = this.radius * 200;
    if (this.preset) this.place(POSES[this.preset]);
  }

  setAspect(aspect: number): void {
    if (aspect === this.camera.aspect) return;
    this.camera.aspect = aspect;
    this.camera.updateProjectionMatrix();
    if (this.preset) this.place(POSES[this.preset]);
  }

  /** Moves there in a short eased step, or at once where the user asked for reduced motion. */
  show(preset: CameraPreset, reducedMotion: boolean): void {
    this.stopMoving();
    this.preset = preset;
    const to = POSES[preset];
    if (reducedMotion) {
      this.place(to);
      this.onChange();
      return;
    }
    const from: Pose = {
      azimuthDegrees: MathUtils.radToDeg(this.controls.getAzimuthalAngle()),
      polarDegrees: MathUtils.radToDeg(this.controls.getPolarAngle()),
      fovDegrees: this.camera.fov,
    };
    const start = performance.now();
    const step = (now: number) => {
      const share = Math.min(1, (now - start) / MOVE_MILLIS);
      const eased = share * share * (3 - 2 * share);
      const mix = (key: keyof Pose) => from[key] + eased * (to[key] - from[key]);
      this.place({
        azimuthDegrees: mix("azimuthDegrees"),
        polarDegrees: mix("polarDegrees"),
        fovDegrees: mix("fovDegrees"),
      });
      this.onChange();
      this.moving = share < 1 ? requestAnimationFrame(step) : 0;
    };
    this.moving = requestAnimationFrame(step);
  }

  /** For keyboards: turns by degrees and scales the distance. */
  nudge(azimuthDegrees: number, polarDegrees: number, distanceFactor: number): void {
    this.onStart();
    const { target } = this.controls;
    const away = new Spherical().setFromVector3(this.camera.position.clone().sub(target));
    away.theta += MathUtils.degToRad(azimuthDegrees);
    away.phi = MathUtils.clamp(away.phi + MathUtils.degToRad(polarDegrees), 0.001, Math.PI - 0.001);
    away.radius = MathUtils.clamp(
      away.radius * distanceFactor,
      this.controls.minDistance,
      this.controls.maxDistance,
    );
    this.camera.position.copy(target).add(new Vector3().setFromSpherical(away));
    this.camera.lookAt(target);
    this.controls.update();
    this.onChange();
  }

  private place(pose: Pose): void {
    if (!this.extent) return;
    const { camera, controls } = this;
    camera.fov = pose.fovDegrees;
    camera.updateProjectionMatrix();
    const theta = MathUtils.degToRad(pose.azimuthDegrees);
    const phi = MathUtils.degToRad(Math.max(pose.polarDegrees, 0.05));
    const back = new Vector3().setFromSphericalCoords(1, phi, theta);
    const right = new Vector3(Math.cos(theta), 0, -Math.sin(theta));
    const up = new Vector3().crossVectors(back, right);
    const { distance, shiftUp } = fitBox(
      volumeHalfSize(this.extent),
      [right.toArray(), up.toArray(), back.toArray()],
      MathUtils.degToRad(camera.fov),
      camera.aspect,
    );
    controls.target.copy(up).multiplyScalar(shiftUp);
    camera.position
      .copy(back)
      .multiplyScalar(distance * FIT_MARGIN)
      .add(controls.target);
    camera.lookAt(controls.target);
    controls.update();
  }

  /** Clip from volume. */
  viewProjection(target: Matrix4): Matrix4 {
    // The narrow presets stand far away: depth is spent on the volume alone.
    const distance = this.camera.position.length();
    this.camera.near = Math.max(0.02, distance - 3 * this.radius);
    this.camera.far = distance + 3 * this.radius;
    this.camera.updateProjectionMatrix();
    this.camera.updateMatrixWorld();
    return target.multiplyMatrices(this.camera.projectionMatrix, this.camera.matrixWorldInverse);
  }

  private stopMoving(): void {
    if (this.moving) cancelAnimationFrame(this.moving);
    this.moving = 0;
  }

  dispose(): void {
    this.stopMoving();
    this.controls.removeEventListener("change", this.onChange);
    this.controls.removeEventListener("start", this.onStart);
    this.controls.dispose();
  }
}
