import {
  CustomBlending,
  Data3DTexture,
  DataTexture,
  GLSL3,
  LinearFilter,
  Mesh,
  OneFactor,
  OneMinusSrcAlphaFactor,
  PlaneGeometry,
  RawShaderMaterial,
  RedFormat,
  Vector2,
} from "three";
import { bakeColours, heatColour } from "../../domain/data-colours.ts";
import { CELL, isOnGrid } from "../../domain/grid.ts";
import type { Tracks } from "../../domain/tracks.ts";
import type { ViewportData } from "../options.ts";
import type { PicturePlane } from "../picture.ts";
import {
  differenceField,
  HEAT_SIZE,
  type HeatField,
  heatBytes,
  spreadField,
} from "./heat-field.ts";
import type { Overlay, SceneFacts, Sheet } from "./overlay.ts";
import type { OverlaySetting } from "./settings.ts";

/** Distances between futures, or to what really happened, as colours over the picture. */
export const heatOverlay: Overlay = {
  id: "heat",
  label: "Heat map",
  initial: "off",
  choices: { spread: "Spread of futures", difference: "Distance to truth" },
  legend: { kind: "ramp", colourOf: heatColour, low: "together", high: "apart" },
  gap,
  sheet: (picture) => new HeatSheet(picture),
};

function gap(facts: SceneFacts | null, setting: OverlaySetting): string | null {
  if (setting === "off" || !facts) return null;
  if (!facts.isOnGrid) {
    return facts.beganOnGrid
      ? "No heat map: this model’s points start on the grid in the first past frame and have left it by “now”."
      : "No heat map: these points do not lie on the grid at “now”.";
  }
  if (setting === "spread" && facts.futures < 2) return "No heat map: a spread takes two futures.";
  if (setting === "difference" && !facts.hasTruth) {
    return "No heat map: what really happened is not known.";
  }
  return null;
}

const VERTEX = /* glsl */ `
precision highp float;
uniform mat4 uClipFromPx;
uniform vec2 uFrameSize;
uniform float uFrame;
in vec2 uv;
out vec2 vPx;
void main() {
  vPx = uv * uFrameSize - 0.5;
  gl_Position = uClipFromPx * vec4(vPx, uFrame, 1.0);
}
`;

const FRAGMENT = /* glsl */ `
precision highp float;
precision highp sampler3D;
uniform sampler3D uHeat;
uniform sampler2D uHeatColours;
uniform vec3 uHeatSize;
uniform vec2 uFirstPoint;
uniform float uCell;
uniform float uFrame;
in vec2 vPx;
out vec4 fragment;
void main() {
  vec2 cell = (vPx - uFirstPoint) / uCell + 0.5;
  float share = texture(uHeat, vec3(cell, max(uFrame, 0.0) + 0.5) / uHeatSize).r;
  float alpha = 0.72 * smoothstep(0.04, 0.5, share);
  fragment = vec4(texture(uHeatColours, vec2(share, 0.5)).rgb * alpha, alpha);
}
`;

/** A translucent sheet over the picture. */
class HeatSheet implements Sheet {
  private readonly own = {
    uHeat: { value: volume(new Uint8Array(1), 1, 1, 1) },
    uHeatColours: { value: colours() },
    uHeatSize: { value: { x: 1, y: 1, z: 1 } },
    uFirstPoint: { value: new Vector2() },
    uCell: { value: CELL },
  };
  readonly mesh: Mesh<PlaneGeometry, RawShaderMaterial>;

  constructor(picture: PicturePlane) {
    const { uClipFromPx, uFrameSize, uFrame } = picture.uniforms;
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: { ...this.own, uClipFromPx, uFrameSize, uFrame },
      transparent: true,
      depthTest: false,
      depthWrite: false,
      side: 2,
      blending: CustomBlending,
      blendSrc: OneFactor,
      blendDst: OneMinusSrcAlphaFactor,
    });
    this.mesh = new Mesh(new PlaneGeometry(), material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 2;
    this.mesh.visible = false;
  }

  set(data: ViewportData | null, setting: OverlaySetting, shown: readonly Tracks[]): void {
    const field = data && fieldOf(data, setting, shown);
    const bytes = field && isOnGrid(data.queryXyN2) ? heatBytes(field) : null;
    this.mesh.visible = bytes !== null;
    if (!field || !bytes) return;
    const { queryXyN2 } = data;
    const { width, height } = HEAT_SIZE;
    this.own.uHeat.value.dispose();
    this.own.uHeat.value = volume(bytes, width, height, field.frameCount);
    this.own.uHeatSize.value = { x: width, y: height, z: field.frameCount };
    this.own.uFirstPoint.value.set(queryXyN2[0], queryXyN2[1]);
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.own.uHeat.value.dispose();
    this.own.uHeatColours.value.dispose();
  }
}

function fieldOf(
  data: ViewportData,
  setting: OverlaySetting,
  shown: readonly Tracks[],
): HeatField | null {
  if (setting === "spread") return spreadField(shown);
  if (setting === "difference" && data.truth) return differenceField(shown, data.truth);
  return null;
}

function volume(bytes: Uint8Array, width: number, height: number, depth: number): Data3DTexture {
  const texture = new Data3DTexture(bytes, width, height, depth);
  texture.format = RedFormat;
  texture.minFilter = LinearFilter;
  texture.magFilter = LinearFilter;
  texture.unpackAlignment = 1;
  texture.needsUpdate = true;
  return texture;
}

function colours(): DataTexture {
  const texture = new DataTexture(bakeColours(heatColour, 64, 1, false), 64, 1);
  texture.minFilter = LinearFilter;
  texture.magFilter = LinearFilter;
  texture.needsUpdate = true;
  return texture;
}
