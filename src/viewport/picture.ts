import {
  DataTexture,
  GLSL3,
  LinearFilter,
  Matrix3,
  Matrix4,
  Mesh,
  type PixelFormat,
  PlaneGeometry,
  RawShaderMaterial,
  RedFormat,
  RGBAFormat,
  RGFormat,
  Texture,
  Vector2,
} from "three";
import type { Size } from "../domain/clip.ts";
import { chromaSize, type PlanarPicture } from "../domain/planar-picture.ts";

const VERTEX = /* glsl */ `
precision highp float;
uniform mat4 uClipFromPx;
uniform mat3 uPictureMap;
uniform vec2 uFrameSize;
uniform float uFrame;
in vec2 uv;
out vec2 vUv;
void main() {
  vUv = uv;
  // Pixel centres are whole numbers, so the picture's edges lie half a pixel outside.
  vec2 px = (uPictureMap * vec3(uv * uFrameSize - 0.5, 1.0)).xy;
  gl_Position = uClipFromPx * vec4(px, uFrame, 1.0);
}
`;

const FRAGMENT = /* glsl */ `
precision highp float;
uniform sampler2D uPicture;
uniform sampler2D uChroma;
uniform float uIsPlanar;
uniform float uHasPicture;
uniform float uDim;
in vec2 vUv;
out vec4 fragment;
// ITU-T T.871: domain/planar-picture.ts.
vec3 planar(float luma, vec2 chroma) {
  vec2 c = chroma - 128.0 / 255.0;
  return vec3(luma + 1.402 * c.y, luma - 0.344136 * c.x - 0.714136 * c.y, luma + 1.772 * c.x);
}
void main() {
  vec4 texel = texture(uPicture, vUv);
  vec3 picture = uIsPlanar > 0.5 ? clamp(planar(texel.r, texture(uChroma, vUv).rg), 0.0, 1.0) : texel.rgb;
  vec3 colour = mix(vec3(0.075, 0.085, 0.1), picture, uHasPicture);
  // A little of the colour goes with the light, so that ribbons keep the strongest hues.
  float grey = dot(colour, vec3(0.2126, 0.7152, 0.0722));
  fragment = vec4(mix(colour, vec3(grey), 0.35 * uDim) * (1.0 - uDim), 1.0);
}
`;

export type Picture = PlanarPicture | HTMLCanvasElement | OffscreenCanvas;

/** The frame at the playhead: the background of the overlay, a plane inside the volume. */
export class PicturePlane {
  readonly uniforms = {
    uClipFromPx: { value: new Matrix4() },
    uPictureMap: { value: new Matrix3() },
    uFrameSize: { value: new Vector2(832, 480) },
    uFrame: { value: 0 },
    uPicture: { value: blank() as Texture },
    uChroma: { value: blank() as Texture },
    uIsPlanar: { value: 0 },
    uHasPicture: { value: 0 },
    uDim: { value: 0 },
  };
  readonly mesh: Mesh<PlaneGeometry, RawShaderMaterial>;

  constructor() {
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: this.uniforms,
      side: 2,
    });
    this.mesh = new Mesh(new PlaneGeometry(), material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 0;
  }

  /** The picture stays the caller's; it must live until another one is set. */
  setPicture(picture: Picture | null): void {
    const { uPicture, uChroma, uIsPlanar, uHasPicture } = this.uniforms;
    uHasPicture.value = picture ? 1 : 0;
    if (!picture) return;
    uIsPlanar.value = "luma" in picture ? 1 : 0;
    if ("luma" in picture) {
      const { size, luma, chroma } = picture;
      show(uPicture, { ...size, data: luma }, RedFormat);
      show(uChroma, { ...chromaSize(size), data: chroma }, RGFormat);
    } else {
      show(uPicture, picture, RGBAFormat);
    }
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.uniforms.uPicture.value.dispose();
    this.uniforms.uChroma.value.dispose();
  }
}

type Plane = { readonly data: Uint8Array } & Size;

/** A texture is made anew only for another size or kind. */
function show(
  uniform: { value: Texture },
  image: Plane | HTMLCanvasElement | OffscreenCanvas,
  format: PixelFormat,
): void {
  const held = uniform.value.image as Size;
  const isSame = held.width === image.width && held.height === image.height;
  if (!isSame || uniform.value.format !== format) {
    uniform.value.dispose();
    uniform.value = "data" in image ? new DataTexture() : new Texture();
    uniform.value.format = format;
    uniform.value.flipY = false;
    uniform.value.generateMipmaps = false;
    uniform.value.unpackAlignment = 1;
    uniform.value.magFilter = LinearFilter;
    uniform.value.minFilter = LinearFilter;
  }
  uniform.value.image = image;
  uniform.value.needsUpdate = true;
}

function blank(): DataTexture {
  const texture = new DataTexture(new Uint8Array(4), 1, 1);
  texture.needsUpdate = true;
  return texture;
}
