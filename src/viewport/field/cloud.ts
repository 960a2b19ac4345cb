import {
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  GLSL3,
  Group,
  HalfFloatType,
  Matrix4,
  Points,
  RawShaderMaterial,
  RGBAFormat,
} from "three";
import type { FileWorld, SpaceCloud } from "../../domain/imported-space.ts";

const TEXTURE_WIDTH = 4096;
/** Still points that are drawn while the view turns; they lie in mixed order, so these are from all over. */
const WHILE_TURNING = 250_000;

const STILL_VERTEX = /* glsl */ `
precision highp float;
uniform mat4 projectionMatrix;
uniform mat4 modelViewMatrix;
uniform float uSize;
in vec3 position;
in vec3 aColour;
out vec3 vColour;
void main() {
  vColour = aColour;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  gl_PointSize = clamp(uSize / gl_Position.w, 1.0, 12.0);
}
`;

/** Bézier pieces that share their ends: the published curves, of (K − 1) / 3 pieces. */
const MOVING_VERTEX = /* glsl */ `
precision highp float;
precision highp int;
precision highp sampler2D;
uniform mat4 projectionMatrix;
uniform mat4 modelViewMatrix;
uniform sampler2D uControl;
uniform int uControlCount;
uniform float uTime;
uniform float uSize;
in vec3 aColour;
out vec3 vColour;
vec3 controlAt(int texel) {
  return texelFetch(uControl, ivec2(texel & 4095, texel >> 12), 0).xyz;
}
void main() {
  int pieces = (uControlCount - 1) / 3;
  float at = clamp(uTime, 0.0, 1.0) * float(pieces);
  int piece = min(int(at), pieces - 1);
  float u = at - float(piece);
  float v = 1.0 - u;
  int first = gl_VertexID * uControlCount + 3 * piece;
  vec3 place = v * v * v * controlAt(first) + 3.0 * u * v * v * controlAt(first + 1)
    + 3.0 * u * u * v * controlAt(first + 2) + u * u * u * controlAt(first + 3);
  vColour = aColour;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(place, 1.0);
  gl_PointSize = clamp(uSize / gl_Position.w, 1.0, 12.0);
}
`;

const FRAGMENT = /* glsl */ `
precision highp float;
in vec3 vColour;
out vec4 fragment;
void main() {
  fragment = vec4(vColour, 1.0);
}
`;

/**
 * A dense field out of a file: what stands, of all frames at once, and what moves, of the frame next to
 * the moment. Everything is uploaded once; the moment is a number and a range of points.
 */
export class FieldCloud {
  readonly object = new Group();
  private readonly still: Points<BufferGeometry, RawShaderMaterial>;
  private readonly moving: Points<BufferGeometry, RawShaderMaterial>;
  private readonly uniforms = {
    uControl: { value: new DataTexture() },
    uControlCount: { value: 4 },
    uTime: { value: 0 },
    uSize: { value: 4 },
  };

  constructor(
    private readonly cloud: SpaceCloud,
    { rotation9: r, shift: s, scale }: FileWorld,
  ) {
    const { stillN3, stillRgbN3, controlMK4, movingRgbM3, controlCount } = cloud;
    this.uniforms.uControl.value = halfTexture(controlMK4);
    this.uniforms.uControlCount.value = controlCount;
    this.still = this.points(STILL_VERTEX, stillRgbN3);
    this.still.geometry.setAttribute("position", new BufferAttribute(stillN3, 3));
    this.moving = this.points(MOVING_VERTEX, movingRgbM3);
    this.object.add(this.still, this.moving);
    this.object.matrixAutoUpdate = false;
    const m = [...r].map((value) => value * scale);
    this.object.matrix = new Matrix4().set(
      ...([m[0], m[1], m[2], s[0], m[3], m[4], m[5], s[1]] as const),
      ...([m[6], m[7], m[8], s[2], 0, 0, 0, 1] as const),
    );
    this.setTurning(false);
  }

  /** `fileFrame`: frame of the file, whole or between two. */
  setFrame(fileFrame: number): void {
    const { firstT, timeT } = this.cloud;
    const last = timeT.length - 1;
    const at = Math.min(last, Math.max(0, fileFrame));
    const from = Math.floor(at);
    const next = Math.min(last, from + 1);
    this.uniforms.uTime.value = timeT[from] + (at - from) * (timeT[next] - timeT[from]);
    const frame = Math.round(at);
    this.moving.geometry.setDrawRange(firstT[frame], firstT[frame + 1] - firstT[frame]);
  }

  setShown(still: boolean, moving: boolean): void {
    this.still.visible = still;
    this.moving.visible = moving;
  }

  /** Fewer points, so that a turn of the view stays fluid. */
  setTurning(isTurning: boolean): void {
    const count = this.cloud.stillN3.length / 3;
    this.still.geometry.setDrawRange(0, isTurning ? Math.min(count, WHILE_TURNING) : count);
  }

  /** Size of a point at distance 1, px. */
  setPointSize(px: number): void {
    this.uniforms.uSize.value = px;
  }

  dispose(): void {
    for (const part of [this.still, this.moving]) {
      part.geometry.dispose();
      part.material.dispose();
    }
    this.uniforms.uControl.value.dispose();
  }

  private points(vertexShader: string, rgbN3: Uint8Array) {
    const { uniforms } = this;
    const material = new RawShaderMaterial({
      ...{ glslVersion: GLSL3, vertexShader, fragmentShader: FRAGMENT, uniforms },
    });
    const geometry = new BufferGeometry();
    geometry.setAttribute("aColour", new BufferAttribute(rgbN3, 3, true));
    const mesh = new Points(geometry, material);
    mesh.frustumCulled = false;
    return mesh;
  }
}

function halfTexture(controlMK4: Uint16Array): DataTexture {
  const height = Math.max(1, Math.ceil(controlMK4.length / 4 / TEXTURE_WIDTH));
  const texels = new Uint16Array(height * TEXTURE_WIDTH * 4);
  texels.set(controlMK4);
  const texture = new DataTexture(texels, TEXTURE_WIDTH, height, RGBAFormat, HalfFloatType);
  texture.needsUpdate = true;
  return texture;
}
