import {
  CanvasTexture,
  CustomBlending,
  GLSL3,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  LinearFilter,
  Mesh,
  OneFactor,
  OneMinusSrcAlphaFactor,
  RawShaderMaterial,
  Vector2,
} from "three";
import type { PicturePlane } from "../picture.ts";
import type { TimeTick } from "./time-ticks.ts";
import type { VolumeLines } from "./volume-lines.ts";

const VERTEX = /* glsl */ `
precision highp float;
uniform mat4 uClipFromPx;
uniform vec2 uHalfCanvasPx;
uniform float uAxisX;
uniform vec2 uCellPx;
uniform float uCount;
in vec2 aPlace;
out vec2 vUv;
void main() {
  float outward = sign(uAxisX - 1.0);
  vec4 clip = uClipFromPx * vec4(uAxisX + outward * 14.0, aPlace.x, aPlace.y, 1.0);
  vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
  // Whole canvas pixels keep the letters sharp.
  vec2 centre = floor((clip.xy / max(clip.w, 1e-3) + 1.0) * uHalfCanvasPx);
  vec2 px = centre + (corner - vec2(0.5, 1.0)) * uCellPx;
  gl_Position = vec4(px / uHalfCanvasPx - 1.0, 0.0, 1.0);
  vUv = vec2(corner.x, (float(gl_InstanceID) + 1.0 - corner.y) / uCount);
}
`;

const FRAGMENT = /* glsl */ `
precision highp float;
uniform sampler2D uText;
in vec2 vUv;
out vec4 fragment;
void main() {
  fragment = texture(uText, vUv);
}
`;

/** Height and width of one label in CSS px. */
const CELL_HEIGHT = 18;
const CELL_WIDTH = 56;
const FONT = "11px ui-sans-serif, system-ui, 'Segoe UI', 'Noto Sans', Arial, sans-serif";

/** The seconds along the time axis: one texture and one draw call for all of them. */
export class VolumeLabels {
  private readonly uniforms;
  readonly mesh: Mesh<InstancedBufferGeometry, RawShaderMaterial>;
  private ticks: readonly TimeTick[] = [];
  private pixelRatio = 1;

  constructor(picture: PicturePlane, lines: VolumeLines) {
    this.uniforms = {
      uClipFromPx: picture.uniforms.uClipFromPx,
      uHalfCanvasPx: lines.halfCanvasPx,
      uAxisX: lines.axisX,
      uCellPx: { value: new Vector2(CELL_WIDTH, CELL_HEIGHT) },
      uCount: { value: 1 },
      uText: { value: new CanvasTexture(document.createElement("canvas")) },
    };
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: this.uniforms,
      transparent: true,
      depthTest: false,
      depthWrite: false,
      side: 2,
      blending: CustomBlending,
      blendSrc: OneFactor,
      blendDst: OneMinusSrcAlphaFactor,
    });
    this.mesh = new Mesh(new InstancedBufferGeometry(), material);
    this.mesh.geometry.setIndex([0, 1, 2, 2, 1, 3]);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 20;
  }

  setTicks(ticks: readonly TimeTick[], bottomPx: number): void {
    this.ticks = ticks;
    const { geometry } = this.mesh;
    geometry.dispose();
    const places = Float32Array.from(ticks.flatMap((tick) => [bottomPx, tick.frame]));
    geometry.setAttribute("aPlace", new InstancedBufferAttribute(places, 2));
    geometry.instanceCount = ticks.length;
    this.draw();
  }

  setPixelRatio(pixelRatio: number): void {
    if (pixelRatio === this.pixelRatio) return;
    this.pixelRatio = pixelRatio;
    this.draw();
  }

  private draw(): void {
    const canvas = document.createElement("canvas");
    const width = Math.round(CELL_WIDTH * this.pixelRatio);
    const height = Math.round(CELL_HEIGHT * this.pixelRatio);
    canvas.width = width;
    canvas.height = height * Math.max(1, this.ticks.length);
    const context = canvas.getContext("2d");
    if (!context) return;
    context.scale(this.pixelRatio, this.pixelRatio);
    context.font = FONT;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3;
    this.ticks.forEach((tick, i) => {
      const y = (i + 0.5) * CELL_HEIGHT;
      context.strokeStyle = "rgb(8 9 11 / 85%)";
      context.strokeText(tick.label, CELL_WIDTH / 2, y);
      context.fillStyle = tick.frame === 0 ? "#f0b35c" : "#b9c0c9";
      context.fillText(tick.label, CELL_WIDTH / 2, y);
    });
    this.uniforms.uText.value.dispose();
    const texture = new CanvasTexture(canvas);
    texture.flipY = false;
    texture.premultiplyAlpha = true;
    texture.generateMipmaps = false;
    texture.minFilter = LinearFilter;
    this.uniforms.uText.value = texture;
    this.uniforms.uCellPx.value.set(width, height);
    this.uniforms.uCount.value = Math.max(1, this.ticks.length);
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.uniforms.uText.value.dispose();
  }
}
