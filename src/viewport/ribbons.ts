import {
  BufferAttribute,
  BufferGeometry,
  CustomBlending,
  DataTexture,
  FloatType,
  GLSL3,
  Matrix4,
  Mesh,
  OneFactor,
  OneMinusSrcAlphaFactor,
  RawShaderMaterial,
  RGBAFormat,
  RGBAIntegerFormat,
  UnsignedIntType,
  Vector2,
  Vector3,
  Vector4,
} from "three";
import { CHUNK_SEGMENTS } from "./chunks.ts";
import { createColourTexture, createDashTexture, DASH_PERIODS } from "./colour-texture.ts";
import { type DrawList, ENTRY_WORDS, type TileRange } from "./draw-list.ts";
import { HEAD_FRAGMENT, HEAD_VERTEX } from "./shader-head.ts";
import { RIBBON_FRAGMENT, RIBBON_VERTEX } from "./shader-ribbon.ts";
import { TEXTURE_WIDTH, type TrackTexture } from "./track-texture.ts";

/** Entries a row of the draw list's texture; the shaders know it as a shift by 10. */
const LIST_WIDTH = 1024;
export const NOTHING_HOVERED = -1;

/**
 * Every ribbon in one draw call and every head marker in another. Both read the same textures; a
 * moved playhead changes one uniform.
 */
export class Ribbons {
  readonly uniforms = {
    uPositions: { value: emptyTexture() },
    uTracks: { value: listTexture(new Uint32Array(0)) },
    uChunks: { value: listTexture(new Uint32Array(0)) },
    uColours: { value: createColourTexture() },
    uDashes: { value: createDashTexture() },
    uDashPeriods: { value: DASH_PERIODS },
    uDashScale: { value: new Vector2(1, 0) },
    uDepthSpan: { value: new Vector2(0, 1) },
    uFaintest: { value: 1 },
    uClipFromPx: { value: new Matrix4() },
    uHalfCanvasPx: { value: new Vector2(1, 1) },
    uPlayhead: { value: 0 },
    uTail: { value: 24 },
    uVolume: { value: 0 },
    uColourBy: { value: 0 },
    uFastPx: { value: 1 },
    uDimUnselected: { value: 1 },
    uFutureAlpha: { value: 1 },
    uLineScale: { value: 1 },
    uHorizon: { value: 81 },
    uHovered: { value: 0 },
    uHoveredLayer: { value: NOTHING_HOVERED },
    uEye: { value: new Vector3() },
    uPictureRect: { value: new Vector4() },
    uCasing: { value: 0.3 },
    uHeadPx: { value: 2.4 },
  };
  readonly ribbons: Mesh<BufferGeometry, RawShaderMaterial>;
  readonly heads: Mesh<BufferGeometry, RawShaderMaterial>;
  constructor() {
    this.ribbons = this.mesh(RIBBON_VERTEX, RIBBON_FRAGMENT, 10);
    this.heads = this.mesh(HEAD_VERTEX, HEAD_FRAGMENT, 11);
  }

  private mesh(vertexShader: string, fragmentShader: string, renderOrder: number) {
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader,
      fragmentShader,
      uniforms: this.uniforms,
      transparent: true,
      depthTest: false,
      depthWrite: false,
      side: 2,
      blending: CustomBlending,
      blendSrc: OneFactor,
      blendDst: OneMinusSrcAlphaFactor,
    });
    const mesh = new Mesh(new BufferGeometry(), material);
    mesh.frustumCulled = false;
    mesh.renderOrder = renderOrder;
    return mesh;
  }

  setTracks(texture: TrackTexture): void {
    const { uPositions } = this.uniforms;
    const held = uPositions.value.image.data;
    if (held instanceof Float32Array && held.length === texture.texels.length) {
      uPositions.value.image.data = texture.texels;
      uPositions.value.needsUpdate = true;
    } else {
      uPositions.value.dispose();
      uPositions.value = positionTexture(texture.texels, texture.height);
    }
    this.uniforms.uFastPx.value = texture.fastPxPerFrame;
  }

  setList(list: DrawList): void {
    const { uTracks, uChunks } = this.uniforms;
    uTracks.value.dispose();
    uChunks.value.dispose();
    uTracks.value = listTexture(list.tracks);
    uChunks.value = listTexture(list.chunks);
    reserveStrips(this.ribbons.geometry, list.chunks.length / ENTRY_WORDS, CHUNK_SEGMENTS);
    reserveStrips(this.heads.geometry, list.tracks.length / ENTRY_WORDS, 1);
  }

  /** Chooses what the next render draws. */
  setTile({ tracks, chunks }: TileRange): void {
    const perChunk = 6 * CHUNK_SEGMENTS;
    this.ribbons.geometry.setDrawRange(perChunk * chunks.first, perChunk * chunks.count);
    this.heads.geometry.setDrawRange(6 * tracks.first, 6 * tracks.count);
    this.ribbons.visible = chunks.count > 0;
    this.heads.visible = tracks.count > 0;
  }

  dispose(): void {
    for (const mesh of [this.ribbons, this.heads]) {
      mesh.geometry.dispose();
      mesh.material.dispose();
    }
    const { uPositions, uTracks, uChunks, uColours, uDashes } = this.uniforms;
    for (const { value } of [uPositions, uTracks, uChunks, uColours, uDashes]) value.dispose();
  }
}

/** Grows the index of a geometry to `count` strips of `segments` quads; never shrinks it. */
function reserveStrips(geometry: BufferGeometry, count: number, segments: number): void {
  const held = (geometry.index?.count ?? 0) / (6 * segments);
  if (held >= count && held > 0) return;
  const room = Math.max(count, 2 * held, 1);
  const indices = new Uint32Array(room * segments * 6);
  let o = 0;
  for (let strip = 0; strip < room; strip++) {
    for (let segment = 0; segment < segments; segment++) {
      const v = 2 * (strip * (segments + 1) + segment);
      indices[o++] = v;
      indices[o++] = v + 1;
      indices[o++] = v + 2;
      indices[o++] = v + 2;
      indices[o++] = v + 1;
      indices[o++] = v + 3;
    }
  }
  geometry.dispose();
  geometry.setIndex(new BufferAttribute(indices, 1));
}

function emptyTexture(): DataTexture {
  return positionTexture(new Float32Array(TEXTURE_WIDTH * 4), 1);
}

function positionTexture(texels: Float32Array, height: number): DataTexture {
  const texture = new DataTexture(texels, TEXTURE_WIDTH, height, RGBAFormat, FloatType);
  texture.internalFormat = "RGBA32F";
  texture.needsUpdate = true;
  return texture;
}

function listTexture(entries: Uint32Array): DataTexture {
  const height = Math.max(1, Math.ceil(entries.length / 4 / LIST_WIDTH));
  const data = new Uint32Array(height * LIST_WIDTH * 4);
  data.set(entries);
  const texture = new DataTexture(data, LIST_WIDTH, height, RGBAIntegerFormat, UnsignedIntType);
  texture.internalFormat = "RGBA32UI";
  texture.needsUpdate = true;
  return texture;
}
