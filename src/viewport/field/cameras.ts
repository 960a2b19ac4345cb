import {
  BufferAttribute,
  BufferGeometry,
  Color,
  Line,
  LineBasicMaterial,
  LineSegments,
  Matrix4,
  Object3D,
} from "three";
import type { Size } from "../../domain/clip.ts";
import type { Rgb } from "../../domain/colour.ts";
import { eyeOf, type PinholePath } from "../../domain/pinhole.ts";

/** Depth of the drawn frusta, world units. */
const FRUSTUM = 0.09;
/** Frames between two frusta. */
const STRIDE = 10;

/** A camera's course with frusta on it. */
export class CameraCourse {
  readonly object = new Object3D();

  constructor(path: PinholePath, size: Size, rgb: Rgb, everyFrustum = true) {
    const eyes = Float32Array.from({ length: path.frameCount * 3 }, (_, i) => {
      return eyeOf(path, Math.floor(i / 3))[i % 3];
    });
    this.object.add(new Line(geometryOf(eyes), material(rgb, 0.9)));
    if (!everyFrustum) return;
    for (let t = path.frameCount - 1; t >= 0; t -= STRIDE) {
      const frustum = new LineSegments(frustumGeometry(path, size), material(rgb, 0.45));
      placeAt(frustum, path, t);
      this.object.add(frustum);
    }
  }

  dispose(): void {
    this.object.traverse((part) => {
      if (!(part instanceof Line)) return;
      part.geometry.dispose();
      part.material.dispose();
    });
  }
}

/** The camera of the moment: a frustum that is moved, never rewritten. */
export class CameraNow {
  readonly mesh: LineSegments<BufferGeometry, LineBasicMaterial>;

  constructor(path: PinholePath, size: Size, rgb: Rgb) {
    this.mesh = new LineSegments(frustumGeometry(path, size), material(rgb, 1));
    this.mesh.scale.setScalar(1.6);
  }

  setFrame(path: PinholePath, frame: number): void {
    placeAt(this.mesh, path, frame);
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}

function material([r, g, b]: Rgb, opacity: number): LineBasicMaterial {
  const colour = new Color().setRGB(r, g, b);
  return new LineBasicMaterial({ color: colour, transparent: true, opacity });
}

function geometryOf(positions: Float32Array): BufferGeometry {
  return new BufferGeometry().setAttribute("position", new BufferAttribute(positions, 3));
}

function frustumGeometry(
  { focalPxT, centre }: PinholePath,
  { width, height }: Size,
): BufferGeometry {
  const scale = FRUSTUM / focalPxT[focalPxT.length - 1];
  const corners = [
    [-0.5, -0.5],
    [width - 0.5, -0.5],
    [width - 0.5, height - 0.5],
    [-0.5, height - 0.5],
  ].map(([x, y]) => [(x - centre[0]) * scale, (y - centre[1]) * scale, FRUSTUM]);
  const edges = corners.flatMap((corner, i) => [
    ...[0, 0, 0, ...corner],
    ...corner,
    ...corners[(i + 1) % 4],
  ]);
  return geometryOf(Float32Array.from(edges));
}

/** Frame may lie between two: the place is mixed, the turn is the earlier one's. */
function placeAt(object: Object3D, path: PinholePath, frame: number): void {
  const last = path.frameCount - 1;
  const at = Math.min(last, Math.max(0, frame));
  const t = Math.floor(at);
  const from = eyeOf(path, t);
  const to = eyeOf(path, Math.min(last, t + 1));
  const r = path.rotationT9.subarray(9 * t, 9 * t + 9);
  const turn = new Matrix4().set(
    ...([r[0], r[3], r[6], 0, r[1], r[4], r[7], 0, r[2], r[5], r[8], 0, 0, 0, 0, 1] as const),
  );
  object.quaternion.setFromRotationMatrix(turn);
  object.position.set(
    from[0] + (at - t) * (to[0] - from[0]),
    from[1] + (at - t) * (to[1] - from[1]),
    from[2] + (at - t) * (to[2] - from[2]),
  );
}
