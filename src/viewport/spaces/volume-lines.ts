import {
  CustomBlending,
  GLSL3,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  OneFactor,
  OneMinusSrcAlphaFactor,
  RawShaderMaterial,
  Vector2,
} from "three";
import { type Rgb, rgbFromHex } from "../../domain/colour.ts";
import type { PicturePlane } from "../picture.ts";
import type { VolumeExtent } from "./time-volume.ts";

const VERTEX = /* glsl */ `
precision highp float;
uniform mat4 uClipFromPx;
uniform float uFrame;
uniform vec2 uHalfCanvasPx;
uniform float uAxisX;
in vec4 aStart;
in vec4 aEnd;
in vec4 aColour;
in float aHalfPx;
out vec4 vColour;
out float vSidePx;
out float vHalfPx;

/** w: 1 = frame counts from the playhead, 2 = x counts from the axis nearest to the viewer. */
vec4 place(vec4 p) {
  float z = p.w == 1.0 ? uFrame + p.z : p.z;
  float x = p.w == 2.0 ? uAxisX + p.x * sign(uAxisX - 1.0) : p.x;
  return uClipFromPx * vec4(x, p.y, z, 1.0);
}

void main() {
  vec4 a = place(aStart);
  vec4 b = place(aEnd);
  vec2 along = (b.xy / max(b.w, 1e-3) - a.xy / max(a.w, 1e-3)) * uHalfCanvasPx;
  float size = length(along);
  vec2 normal = size > 1e-4 ? vec2(-along.y, along.x) / size : vec2(0.0, 1.0);
  float side = float((gl_VertexID & 1) * 2 - 1);
  gl_Position = gl_VertexID < 2 ? a : b;
  vSidePx = side * (aHalfPx + 1.0);
  gl_Position.xy += normal * vSidePx / uHalfCanvasPx * gl_Position.w;
  vColour = aColour;
  vHalfPx = aHalfPx;
}
`;

const FRAGMENT = /* glsl */ `
precision highp float;
in vec4 vColour;
in float vSidePx;
in float vHalfPx;
out vec4 fragment;
void main() {
  float ink = clamp(vHalfPx + 0.5 - abs(vSidePx), 0.0, 1.0) * vColour.a;
  fragment = vec4(vColour.rgb * ink, ink);
}
`;

type Corner = readonly [x: number, y: number, z: number, kind: number];

const EDGE = rgbFromHex("#7d8794");
const NOW = rgbFromHex("#f0b35c");
const PLAYHEAD = rgbFromHex("#e7e9ec");

/** The box of the volume, its ticks, the outlines of "now" and of the picture. */
export class VolumeLines {
  readonly axisX = { value: -0.5 };
  readonly halfCanvasPx = { value: new Vector2(1, 1) };
  readonly mesh: Mesh<InstancedBufferGeometry, RawShaderMaterial>;

  constructor(picture: PicturePlane) {
    const { uClipFromPx, uFrame } = picture.uniforms;
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: { uClipFromPx, uFrame, uAxisX: this.axisX, uHalfCanvasPx: this.halfCanvasPx },
      transparent: true,
      depthWrite: false,
      side: 2,
      blending: CustomBlending,
      blendSrc: OneFactor,
      blendDst: OneMinusSrcAlphaFactor,
    });
    this.mesh = new Mesh(new InstancedBufferGeometry(), material);
    this.mesh.geometry.setIndex([0, 1, 2, 2, 1, 3]);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 1;
  }

  setExtent(extent: VolumeExtent, tickFrames: readonly number[]): void {
    const lines = new LineList();
    const { width, height } = extent.frameSize;
    const rectangle = (z: number, kind: number): Corner[] => [
      [-0.5, -0.5, z, kind],
      [width - 0.5, -0.5, z, kind],
      [width - 0.5, height - 0.5, z, kind],
      [-0.5, height - 0.5, z, kind],
    ];
    const first = rectangle(extent.firstFrame, 0);
    const last = rectangle(extent.lastFrame, 0);
    lines.loop(first, EDGE, 0.3, 0.5);
    lines.loop(last, EDGE, 0.3, 0.5);
    first.forEach((corner, i) => {
      lines.add(corner, last[i], EDGE, 0.3, 0.5);
    });
    const bottom = height - 0.5;
    lines.add([0, bottom, extent.firstFrame, 2], [0, bottom, extent.lastFrame, 2], EDGE, 0.8, 0.6);
    for (const frame of tickFrames) {
      lines.add([0, bottom, frame, 2], [12, bottom, frame, 2], EDGE, 0.9, 0.6);
    }
    lines.loop(rectangle(0, 0), NOW, 0.8, 0.8);
    lines.loop(rectangle(0, 1), PLAYHEAD, 0.75, 0.6);
    lines.writeTo(this.mesh.geometry);
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}

class LineList {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly colours: number[] = [];
  private readonly halfPx: number[] = [];

  add(a: Corner, b: Corner, colour: Rgb, alpha: number, halfPx: number): void {
    this.starts.push(...a);
    this.ends.push(...b);
    this.colours.push(...colour, alpha);
    this.halfPx.push(halfPx);
  }

  loop(corners: readonly Corner[], colour: Rgb, alpha: number, halfPx: number): void {
    corners.forEach((corner, i) => {
      this.add(corner, corners[(i + 1) % corners.length], colour, alpha, halfPx);
    });
  }

  writeTo(geometry: InstancedBufferGeometry): void {
    geometry.dispose();
    const attribute = (values: readonly number[], size: number) =>
      new InstancedBufferAttribute(Float32Array.from(values), size);
    geometry.setAttribute("aStart", attribute(this.starts, 4));
    geometry.setAttribute("aEnd", attribute(this.ends, 4));
    geometry.setAttribute("aColour", attribute(this.colours, 4));
    geometry.setAttribute("aHalfPx", attribute(this.halfPx, 1));
    geometry.instanceCount = this.halfPx.length;
  }
}
