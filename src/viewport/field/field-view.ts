import {
  Color,
  Group,
  LinearSRGBColorSpace,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { rgbFromHex } from "../../domain/colour.ts";
import { curvePoint } from "../../domain/curve-basis.ts";
import { PAST_COLOUR } from "../../domain/data-colours.ts";
import { MOVING, STATIC, shownStates } from "../../domain/space-field.ts";
import { openWebgl2 } from "../webgl.ts";
import { CameraCourse, CameraNow } from "./cameras.ts";
import { FieldCloud } from "./cloud.ts";
import { coloursAt } from "./colours.ts";
import { PickedCourse } from "./picked-course.ts";
import { FieldPoints, moversOf } from "./points.ts";
import type { FieldOptions, FieldPick, FieldScene } from "./scene.ts";
import { ReliefSurface } from "./surface.ts";
import { FieldTracks } from "./tracks.ts";

/** A moment that stays this long is looked at. */
const REST_MILLIS = 250;
const GROUND = new Color().setRGB(8 / 255, 9 / 255, 11 / 255, LinearSRGBColorSpace);
const CAMERA_COLOUR = rgbFromHex("#f0b35c");
const FOV_DEGREES = 45;
/** How far beside and above the clip's camera the view begins, median depths. */
const BEGIN = new Vector3(-0.55, -0.3, -0.75);

interface Disposable {
  dispose(): void;
}

/**
 * A clip in space, seen from anywhere: relief, points, courses of what moves, the camera's path, and
 * futures. Axes are those of the camera at "now" (y down), turned for the screen. The moment is one
 * number in the shaders: scrubbing rewrites no buffer.
 */
export class FieldView {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly world = new Group();
  private readonly camera = new PerspectiveCamera(FOV_DEGREES, 1, 0.01, 200);
  private readonly controls: OrbitControls;
  private content: FieldScene | null = null;
  private options: FieldOptions = {
    colour: "clip",
    shown: { still: true, moving: true, unknown: false },
    frozenAt: null,
  };
  private parts: Disposable[] = [];
  private clouds: FieldPoints[] = [];
  private surface: ReliefSurface | null = null;
  private dense: FieldCloud | null = null;
  private cameraNow: CameraNow | null = null;
  private picked: PickedCourse | null = null;
  /** From "now". */
  private frame = 0;
  private height = 1;
  private scheduled = 0;
  private resting: ReturnType<typeof setTimeout> | undefined;

  /** Throws RuntimeLostError where there is no WebGL2. */
  constructor(readonly canvas: HTMLCanvasElement) {
    this.renderer = new WebGLRenderer({ canvas, context: openWebgl2(canvas) });
    this.renderer.outputColorSpace = LinearSRGBColorSpace;
    this.renderer.setClearColor(GROUND, 1);
    // World is y down and z away from the viewer.
    this.world.scale.set(1, -1, -1);
    this.scene.add(this.world);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enableDamping = false;
    this.controls.addEventListener("change", this.invalidate);
    this.controls.addEventListener("start", () => this.dense?.setTurning(true));
    this.controls.addEventListener("end", () => {
      this.dense?.setTurning(false);
      this.invalidate();
    });
    this.lookFromAside();
  }

  setScene(content: FieldScene | null): void {
    // The same points under other futures: what was picked of them stays.
    const point = this.content?.field === content?.field ? this.picked?.point : undefined;
    this.clear();
    this.content = content;
    if (content) this.build(content);
    this.setPicked(point ?? null);
    this.setOptions({});
    this.setFrame(this.frame);
  }

  setOptions(part: Partial<FieldOptions>): void {
    this.options = { ...this.options, ...part };
    this.clouds.forEach((cloud, i) => {
      cloud.setOptions(this.options, i > 0);
    });
    const { colour, shown } = this.options;
    const isClip = colour === "clip";
    if (this.surface) this.surface.mesh.visible = isClip && shown.still && !this.dense;
    this.dense?.setShown(isClip && shown.still, isClip && shown.moving);
    this.setFrame(this.frame);
  }

  /** Frames from "now", whole or between two. */
  setFrame(frame: number): void {
    this.frame = frame;
    const { content } = this;
    if (content) {
      const moment = this.options.frozenAt ?? frame;
      const past = (content.field.cameras?.frameCount ?? 1) - 1;
      this.clouds[0].uniforms.uTime.value = past > 0 ? 1 + Math.min(0, moment) / past : 1;
      content.futures.forEach(({ cameras }, i) => {
        const cloud = this.clouds[i + 1];
        cloud.mesh.visible = moment > 0;
        cloud.uniforms.uTime.value = moment / Math.max(1, cameras.frameCount - 1);
      });
      const { cloud } = content;
      if (cloud) this.dense?.setFrame(cloud.nowFrame + cloud.step * moment);
      this.drawFewer();
      const after = frame > 0 ? content.futures[0]?.cameras : undefined;
      const path = after ?? content.field.cameras;
      if (path) this.cameraNow?.setFrame(path, after ? frame : past + Math.min(0, frame));
      this.picked?.setMoment(moment);
    }
    this.invalidate();
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.height = Math.max(1, height);
    this.camera.aspect = Math.max(1, width) / this.height;
    this.camera.updateProjectionMatrix();
    this.renderer.setPixelRatio(pixelRatio);
    this.renderer.setSize(Math.max(1, width), this.height, false);
    this.scalePoints();
    this.invalidate();
  }

  /** From where the clip's own camera stood at "now". */
  lookFromCamera(): void {
    this.camera.position.set(0, 0, 0.001);
    this.controls.target.set(0, 0, -1);
    this.controls.update();
  }

  lookFromAside(): void {
    this.controls.target.set(0, 0, -1);
    this.camera.position.set(BEGIN.x, -BEGIN.y, -BEGIN.z);
    this.controls.update();
  }

  lookFromAbove(): void {
    this.controls.target.set(0, 0, -1.2);
    this.camera.position.set(0, 1.9, -1.1);
    this.controls.update();
  }

  /** For keyboards: turns by degrees and scales the distance. */
  nudge(azimuthDegrees: number, polarDegrees: number, factor: number): void {
    const away = this.camera.position.clone().sub(this.controls.target);
    away.applyAxisAngle(new Vector3(0, 1, 0), (azimuthDegrees * Math.PI) / 180);
    const side = new Vector3(0, 1, 0).cross(away).normalize();
    if (side.lengthSq() > 0) away.applyAxisAngle(side, (polarDegrees * Math.PI) / 180);
    this.camera.position.copy(this.controls.target).addScaledVector(away, factor);
    this.controls.update();
  }

  /** The point nearest to a place of the canvas, CSS px, within `tolerancePx`. */
  pick(x: number, y: number, tolerancePx = 14): FieldPick | null {
    const { content } = this;
    if (!content) return null;
    const { field, curves } = content;
    const { shown } = this.options;
    const size = { x: this.canvas.clientWidth, y: this.canvas.clientHeight };
    let best: FieldPick | null = null;
    let nearest = tolerancePx;
    const time = this.clouds[0].uniforms.uTime.value;
    const past = Math.max(1, (field.cameras?.frameCount ?? 2) - 1);
    // A frame of the course around the moment, which the ends of the course cut.
    const [before, after] = [Math.max(0, time - 0.5 / past), Math.min(1, time + 0.5 / past)];
    const at = new Vector3();
    for (const [n, state] of shownStates(field).entries()) {
      const isShown =
        state === STATIC ? shown.still : state === MOVING ? shown.moving : shown.unknown;
      if (!isShown) continue;
      const own = curves.controlNK3.subarray(
        3 * n * curves.controlCount,
        3 * (n + 1) * curves.controlCount,
      );
      const place = curvePoint("smooth", own, 3, time);
      at.set(place[0], place[1], place[2])
        .applyMatrix4(this.world.matrixWorld)
        .project(this.camera);
      if (at.z > 1) continue;
      const distance = Math.hypot(((at.x + 1) / 2) * size.x - x, ((1 - at.y) / 2) * size.y - y);
      if (distance >= nearest) continue;
      nearest = distance;
      const [a, b] = [before, after].map((share) => curvePoint("smooth", own, 3, share));
      best = {
        point: n,
        state,
        isGround: field.groundN?.[n] === 1,
        depth: 1 / field.inverseDepthN[n],
        sigmaLog: field.sigmaLogN[n],
        speed: Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]) / ((after - before) * past),
      };
    }
    return best;
  }

  /** Draws a point's whole course before everything else, past and futures; null: of none. */
  setPicked(point: number | null): void {
    if (this.picked) this.world.remove(this.picked.object);
    this.picked?.dispose();
    const { content } = this;
    const isThere = content && point !== null && point < content.field.stateN.length;
    this.picked = isThere ? new PickedCourse(content, point) : null;
    if (this.picked) this.world.add(this.picked.object);
    this.setFrame(this.frame);
  }

  /** Draws now. */
  render(): void {
    if (this.scheduled) cancelAnimationFrame(this.scheduled);
    this.scheduled = 0;
    this.renderer.render(this.scene, this.camera);
  }

  dispose(): void {
    if (this.scheduled) cancelAnimationFrame(this.scheduled);
    clearTimeout(this.resting);
    this.clear();
    this.controls.dispose();
    this.renderer.dispose();
  }

  /** Of a dense field, until the moment rests. */
  private drawFewer(): void {
    if (!this.dense) return;
    this.dense.setTurning(true);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.dense?.setTurning(false);
      this.invalidate();
    }, REST_MILLIS);
  }

  private readonly invalidate = (): void => {
    this.scheduled ||= requestAnimationFrame(() => this.render());
  };

  private build(content: FieldScene): void {
    const { field, size, curves, futures, picture, queryXyN2 } = content;
    const movers = moversOf(content);
    this.surface = new ReliefSurface(content);
    this.add(this.surface, this.surface.mesh);
    if (content.cloud) {
      this.dense = new FieldCloud(content.cloud.cloud, content.cloud.world);
      this.add(this.dense, this.dense.object);
    }
    this.addCloud(content, curves, coloursAt(picture, queryXyN2, size), false);
    this.addTracks(new FieldTracks(curves, movers, rgbFromHex(PAST_COLOUR), 0.6));
    if (field.cameras) {
      const course = new CameraCourse(field.cameras, size, CAMERA_COLOUR);
      this.add(course, course.object);
      this.cameraNow = new CameraNow(field.cameras, size, CAMERA_COLOUR);
      this.add(this.cameraNow, this.cameraNow.mesh);
    }
    for (const future of futures) {
      const colours = new Uint8Array(field.stateN.length * 3);
      for (let i = 0; i < colours.length; i++) colours[i] = Math.round(255 * future.rgb[i % 3]);
      this.addCloud(content, future.curves, colours, true);
      this.addTracks(new FieldTracks(future.curves, movers, future.rgb, 0.8));
      const course = new CameraCourse(future.cameras, size, future.rgb, false);
      this.add(course, course.object);
    }
    this.scalePoints();
  }

  private addCloud(
    content: FieldScene,
    curves: FieldScene["curves"],
    colours: Uint8Array,
    isFuture: boolean,
  ): void {
    const cloud = new FieldPoints();
    cloud.set(content, curves, colours, isFuture);
    cloud.uniforms.uStep.value = 1 / Math.max(1, (content.field.cameras?.frameCount ?? 2) - 1);
    this.clouds.push(cloud);
    this.add(cloud, cloud.mesh);
  }

  private addTracks(tracks: FieldTracks): void {
    this.add(tracks, tracks.mesh);
  }

  private add(part: Disposable, object: Parameters<Group["add"]>[0]): void {
    this.parts.push(part);
    this.world.add(object);
  }

  /** A patch is as large as a third of its cell would be there. */
  private scalePoints(): void {
    const { content } = this;
    if (!content) return;
    const { size, field } = content;
    const cellPx = Math.sqrt((size.width * size.height) / field.stateN.length);
    const perRadian = this.height / (2 * Math.tan((FOV_DEGREES * Math.PI) / 360));
    const scale = (0.33 * cellPx * perRadian * this.renderer.getPixelRatio()) / field.focal.px;
    for (const cloud of this.clouds) cloud.uniforms.uPointScale.value = scale;
    if (content.cloud) {
      // As large as the step between two places of a frame of the file.
      const { stillN3, movingRgbM3, timeT } = content.cloud.cloud;
      const places = (stillN3.length + movingRgbM3.length) / 3 / timeT.length;
      const stepPx = Math.sqrt((size.width * size.height) / Math.max(1, places));
      const ratio = this.renderer.getPixelRatio();
      this.dense?.setPointSize((stepPx * perRadian * ratio) / field.focal.px);
    }
  }

  private clear(): void {
    for (const part of this.parts) part.dispose();
    this.parts = [];
    this.clouds = [];
    this.surface = null;
    this.dense = null;
    this.cameraNow = null;
    this.picked?.dispose();
    this.picked = null;
    this.world.clear();
  }
}
