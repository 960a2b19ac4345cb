import {
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  GLSL3,
  Points,
  RawShaderMaterial,
} from "three";
import { bakeColours, directionColour, speedColour } from "../../domain/data-colours.ts";
import { MOVING, shownStates } from "../../domain/space-field.ts";
import { controlTexture } from "./control-texture.ts";
import type { FieldColour, FieldOptions, FieldScene } from "./scene.ts";
import { CURVES_GLSL } from "./shader-curves.ts";

const COLOURS: Readonly<Record<FieldColour, number>> = {
  clip: 0,
  depth: 1,
  confidence: 2,
  speed: 3,
  direction: 4,
  state: 5,
};

const VERTEX = /* glsl */ `${CURVES_GLSL}
uniform mat4 projectionMatrix;
uniform mat4 modelViewMatrix;
uniform sampler2D uRamps;
uniform float uTime;
uniform float uStep;
uniform float uPointScale;
uniform int uColourBy;
uniform vec3 uShown;
uniform float uMoversOnly;
in vec3 position;
in vec3 aColour;
in vec3 aFacts;
out vec3 vColour;

vec3 ramp(float share, float row) {
  return texture(uRamps, vec2(clamp(share, 0.002, 0.998), (row + 0.5) / 2.0)).rgb;
}

void main() {
  int state = int(aFacts.z + 0.5);
  vec3 world = curveAt(gl_VertexID, uTime);
  vec3 velocity = (curveAt(gl_VertexID, uTime + uStep) - curveAt(gl_VertexID, uTime - uStep)) * 0.5;
  float speed = length(velocity);
  vColour = aColour;
  if (uColourBy == 1) vColour = ramp(0.5 + 0.35 * aFacts.x, 0.0);
  if (uColourBy == 2) vColour = ramp(1.0 - aFacts.y / 0.5, 0.0);
  if (uColourBy == 3) vColour = ramp(sqrt(speed / 0.02), 0.0);
  if (uColourBy == 4) {
    float turn = atan(velocity.y, velocity.x) / 6.28318530718;
    vColour = mix(vec3(0.45), ramp(fract(turn + 1.0), 1.0), smoothstep(0.0005, 0.003, speed));
  }
  if (uColourBy == 5) vColour = state == 2 ? vec3(0.95, 0.55, 0.3) : state == 1 ? vec3(0.45, 0.7, 0.9) : vec3(0.4);
  float shown = state == 0 ? uShown.z : state == 1 ? uShown.x : uShown.y;
  if (uMoversOnly > 0.5 && state != 2) shown = 0.0;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(world, 1.0);
  gl_PointSize = clamp(uPointScale * exp(-aFacts.x) / gl_Position.w, 2.0, 28.0);
  if (shown < 0.5) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
`;

const FRAGMENT = /* glsl */ `
precision highp float;
in vec3 vColour;
out vec4 fragment;
void main() {
  vec2 p = gl_PointCoord * 2.0 - 1.0;
  if (dot(p, p) > 1.0) discard;
  fragment = vec4(vColour, 1.0);
}
`;

/** The points of a clip, or of the movers of one future, as round patches. */
export class FieldPoints {
  readonly uniforms = {
    uControl: { value: new DataTexture(new Float32Array(4), 1, 1) },
    uControlCount: { value: 16 },
    uRamps: { value: ramps() },
    uTime: { value: 1 },
    uStep: { value: 0.01 },
    uPointScale: { value: 10 },
    uColourBy: { value: 0 },
    uShown: { value: [1, 1, 0] },
    uMoversOnly: { value: 0 },
  };
  readonly mesh: Points<BufferGeometry, RawShaderMaterial>;

  constructor() {
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: this.uniforms,
    });
    this.mesh = new Points(new BufferGeometry(), material);
    this.mesh.frustumCulled = false;
  }

  /** `coloursN3`: 0 to 255. `moversOnly`: the rest of a future stands where it stood. */
  set(
    { field }: FieldScene,
    curves: FieldScene["curves"],
    coloursN3: Uint8Array,
    moversOnly: boolean,
  ): void {
    const { uControl, uControlCount, uMoversOnly } = this.uniforms;
    uControl.value.dispose();
    uControl.value = controlTexture(curves);
    uControlCount.value = curves.controlCount;
    uMoversOnly.value = moversOnly ? 1 : 0;
    const count = field.stateN.length;
    const facts = new Float32Array(count * 3);
    const shownN = shownStates(field);
    for (let n = 0; n < count; n++) {
      facts[3 * n] = Math.log(field.inverseDepthN[n]);
      facts[3 * n + 1] = Math.min(10, field.sigmaLogN[n]);
      facts[3 * n + 2] = shownN[n];
    }
    const { geometry } = this.mesh;
    geometry.dispose();
    geometry.setAttribute("position", new BufferAttribute(new Float32Array(count * 3), 3));
    geometry.setAttribute("aColour", new BufferAttribute(coloursN3, 3, true));
    geometry.setAttribute("aFacts", new BufferAttribute(facts, 3));
  }

  setOptions({ colour, shown }: FieldOptions, isFuture: boolean): void {
    // A future keeps the colour that it has everywhere.
    this.uniforms.uColourBy.value = isFuture ? 0 : COLOURS[colour];
    const flags = [shown.still, shown.moving, shown.unknown];
    this.uniforms.uShown.value = flags.map((on) => (on ? 1 : 0));
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.uniforms.uControl.value.dispose();
    this.uniforms.uRamps.value.dispose();
  }
}

/** Row 0: low to high; row 1: the wheel of directions. */
function ramps(): DataTexture {
  const data = new Uint8Array(2 * 256 * 4);
  data.set(bakeColours(speedColour, 256, 1, false), 0);
  data.set(bakeColours(directionColour, 256, 2 * Math.PI, true), 256 * 4);
  const texture = new DataTexture(data, 256, 2);
  texture.needsUpdate = true;
  return texture;
}

/** Points that move, by number. */
export function moversOf({ field: { stateN } }: FieldScene): number[] {
  return [...stateN.keys()].filter((n) => stateN[n] === MOVING);
}
