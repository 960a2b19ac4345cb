import {
  BufferAttribute,
  BufferGeometry,
  type DataTexture,
  GLSL3,
  LineSegments,
  RawShaderMaterial,
} from "three";
import type { Rgb } from "../../domain/colour.ts";
import type { SpaceCurves } from "../../domain/space-field.ts";
import { controlTexture } from "./control-texture.ts";
import { CURVES_GLSL } from "./shader-curves.ts";

const SEGMENTS = 24;

const VERTEX = /* glsl */ `${CURVES_GLSL}
uniform mat4 projectionMatrix;
uniform mat4 modelViewMatrix;
in vec3 position;
void main() {
  gl_Position = projectionMatrix * modelViewMatrix * vec4(curveAt(int(position.x + 0.5), position.y), 1.0);
}
`;

const FRAGMENT = /* glsl */ `
precision highp float;
uniform vec4 uColour;
out vec4 fragment;
void main() {
  fragment = vec4(uColour.rgb, 1.0) * uColour.a;
}
`;

/** Whole courses of points through space, as lines that the vertex shader bends. */
export class FieldTracks {
  readonly mesh: LineSegments<BufferGeometry, RawShaderMaterial>;
  private readonly control: DataTexture;

  constructor(curves: SpaceCurves, points: readonly number[], rgb: Rgb, alpha: number) {
    this.control = controlTexture(curves);
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      transparent: true,
      premultipliedAlpha: true,
      depthWrite: false,
      uniforms: {
        uControl: { value: this.control },
        uControlCount: { value: curves.controlCount },
        uColour: { value: [...rgb, alpha] },
      },
    });
    const places = new Float32Array(points.length * SEGMENTS * 2 * 3);
    points.forEach((n, i) => {
      for (let s = 0; s < SEGMENTS; s++) {
        const o = 6 * (i * SEGMENTS + s);
        places.set([n, s / SEGMENTS, 0, n, (s + 1) / SEGMENTS, 0], o);
      }
    });
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(places, 3));
    this.mesh = new LineSegments(geometry, material);
    this.mesh.frustumCulled = false;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.control.dispose();
  }
}
