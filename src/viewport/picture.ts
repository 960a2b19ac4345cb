import {
  DataTexture,
  GLSL3,
  LinearFilter,
  Matrix3,
  Matrix4,
  Mesh,
  PlaneGeometry,
  RawShaderMaterial,
  Texture,
  Vector2,
} from "three";

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
uniform float uHasPicture;
uniform float uDim;
in vec2 vUv;
out vec4 fragment;
void main() {
  vec3 colour = mix(vec3(0.075, 0.085, 0.1), texture(uPicture, vUv).rgb, uHasPicture);
  // A little of the colour goes with the light, so that ribbons keep the strongest hues.
  float grey = dot(colour, vec3(0.2126, 0.7152, 0.0722));
  fragment = vec4(mix(colour, vec3(grey), 0.35 * uDim) * (1.0 - uDim), 1.0);
}
`;

export type Picture = ImageBitmap | HTMLCanvasElement | OffscreenCanvas;

/** The frame at the playhead: the background of the overlay, a plane inside the volume. */
export class PicturePlane {
  readonly uniforms = {
    uClipFromPx: { value: new Matrix4() },
    uPictureMap: { value: new Matrix3() },
    uFrameSize: { value: new Vector2(832, 480) },
    uFrame: { value: 0 },
    uPicture: { value: blank() as Texture },
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
    const { uPicture, uHasPicture } = this.uniforms;
    uHasPicture.value = picture ? 1 : 0;
    if (!picture) return;
    const held = uPicture.value.image as { width: number; height: number };
    if (held.width !== picture.width || held.height !== picture.height) {
      uPicture.value.dispose();
      uPicture.value = new Texture();
      uPicture.value.flipY = false;
      uPicture.value.generateMipmaps = false;
      uPicture.value.minFilter = LinearFilter;
    }
    uPicture.value.image = picture;
    uPicture.value.needsUpdate = true;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.uniforms.uPicture.value.dispose();
  }
}

function blank(): DataTexture {
  const texture = new DataTexture(new Uint8Array(4), 1, 1);
  texture.needsUpdate = true;
  return texture;
}
