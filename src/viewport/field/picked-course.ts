import {
  BufferAttribute,
  BufferGeometry,
  Color,
  Group,
  LineBasicMaterial,
  LineSegments,
} from "three";
import { curvePoint } from "../../domain/curve-basis.ts";
import type { SpaceCurves } from "../../domain/space-field.ts";
import type { FieldScene } from "./scene.ts";
import { FieldTracks } from "./tracks.ts";

const WHITE = [1, 1, 1] as const;
/** Half a mark's width at a median depth. */
const MARK = 0.025;

/** One point's whole course through space, past and futures, and a mark where it is at the moment. */
export class PickedCourse {
  readonly object = new Group();
  private readonly courses: FieldTracks[];
  private readonly mark: LineSegments<BufferGeometry, LineBasicMaterial>;

  constructor(
    private readonly scene: FieldScene,
    readonly point: number,
  ) {
    const { curves, futures, field } = scene;
    this.courses = [{ curves, rgb: WHITE }, ...futures].map((course) => {
      const tracks = new FieldTracks(course.curves, [point], course.rgb, 1);
      tracks.mesh.material.depthTest = false;
      return tracks;
    });
    const geometry = new BufferGeometry();
    const arms = [...[-1, 0, 0, 1, 0, 0], ...[0, -1, 0, 0, 1, 0], ...[0, 0, -1, 0, 0, 1]];
    geometry.setAttribute("position", new BufferAttribute(Float32Array.from(arms), 3));
    const material = new LineBasicMaterial({ color: new Color(1, 1, 1), depthTest: false });
    this.mark = new LineSegments(geometry, material);
    this.mark.scale.setScalar(MARK / Math.max(0.2, field.inverseDepthN[point]));
    this.object.add(...this.courses.map(({ mesh }) => mesh), this.mark);
    for (const part of this.object.children) part.renderOrder = 1;
  }

  /** Frames from "now", whole or between two; after it the mark goes along the first future. */
  setMoment(moment: number): void {
    const { curves, futures, field } = this.scene;
    const past = (field.cameras?.frameCount ?? 1) - 1;
    const future = moment > 0 ? futures[0] : undefined;
    const share = future
      ? moment / Math.max(1, future.cameras.frameCount - 1)
      : 1 + Math.min(0, moment) / Math.max(1, past);
    const [x, y, z] = placeOf(future?.curves ?? curves, this.point, share);
    this.mark.position.set(x, y, z);
  }

  dispose(): void {
    for (const course of this.courses) course.dispose();
    this.mark.geometry.dispose();
    this.mark.material.dispose();
  }
}

function placeOf({ controlNK3, controlCount }: SpaceCurves, point: number, share: number) {
  const own = controlNK3.subarray(3 * point * controlCount, 3 * (point + 1) * controlCount);
  return curvePoint("smooth", own, 3, Math.min(1, Math.max(0, share)));
}
