import { layerStylesGlsl } from "./layer-styles.ts";

/**
 * GLSL shared by ribbons and heads: one entry of the draw list, positions of its track, and its
 * colour. Positions are videoPx; `relative` frames count from "now".
 */
export const TRACK_GLSL = /* glsl */ `
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp usampler2D;

uniform sampler2D uPositions;
uniform usampler2D uTracks;
uniform usampler2D uChunks;
uniform sampler2D uColours;
uniform float uFaintest;
uniform mat4 uClipFromPx;
uniform vec2 uHalfCanvasPx;
uniform float uPlayhead;
uniform float uTail;
uniform float uVolume;
uniform int uColourBy;
uniform float uFastPx;
uniform float uDimUnselected;
uniform float uFutureAlpha;
uniform float uLineScale;
uniform uint uHovered;
uniform int uHoveredLayer;

${layerStylesGlsl()}

struct Track {
  int base;
  int count;
  float first;
  int layer;
  int slot;
  bool selected;
  bool hovered;
  float emphasis;
  int start;
  int stepFrames;
};

Track readEntry(uvec4 e) {
  Track track;
  track.base = int(e.x);
  track.count = int(e.y & 4095u);
  track.start = int((e.y >> 12) & 4095u);
  track.stepFrames = 1 << int((e.y >> 24) & 15u);
  track.first = float(int(e.z << 16) >> 16);
  track.layer = int(e.z >> 16);
  track.selected = (e.w & 1u) != 0u;
  track.slot = int((e.w >> 1) & 1023u);
  track.hovered = (e.w & 0x00fffffeu) == uHovered && track.layer == uHoveredLayer;
  track.emphasis = float(e.w >> 24) / 255.0;
  return track;
}

Track readTrack(int i) {
  return readEntry(texelFetch(uTracks, ivec2(i & 1023, i >> 10), 0));
}

Track readChunk(int i) {
  return readEntry(texelFetch(uChunks, ivec2(i & 1023, i >> 10), 0));
}

vec4 readTexel(Track track, int i) {
  int texel = track.base + clamp(i, 0, track.count - 1);
  return texelFetch(uPositions, ivec2(texel & 2047, texel >> 11), 0);
}

/** Rows of the colour texture: 0 direction, 1 speed, 2 visibility, 3 slots, 4 still, then layers. */
vec3 colourOf(Track track, vec2 velocity, float visibility) {
  LayerStyle style = STYLES[track.layer];
  if (style.fixedColour) return texelFetch(uColours, ivec2(1 + track.layer, 4), 0).rgb;
  float speed = length(velocity);
  if (uColourBy == 1) {
    float turn = atan(velocity.y, velocity.x) / 6.28318530718;
    vec3 wheel = texelFetch(uColours, ivec2(int(fract(turn + 1.0) * 255.99), 0), 0).rgb;
    vec3 still = texelFetch(uColours, ivec2(0, 4), 0).rgb;
    return mix(still, wheel, smoothstep(0.05, 0.5, speed));
  }
  if (uColourBy == 2) {
    float share = clamp(sqrt(speed / uFastPx), 0.0, 1.0);
    return texelFetch(uColours, ivec2(int(share * 255.0), 1), 0).rgb;
  }
  if (uColourBy == 3) {
    return texelFetch(uColours, ivec2(int(clamp(visibility, 0.0, 1.0) * 255.0), 2), 0).rgb;
  }
  if (!style.bySlot) return texelFetch(uColours, ivec2(1 + track.layer, 4), 0).rgb;
  return texelFetch(uColours, ivec2(track.slot & 7, 3), 0).rgb;
}

/** Opacity of a layer before fading; later layers lie on top. */
float layerAlpha(Track track) {
  LayerStyle style = STYLES[track.layer];
  float alpha = style.alpha < 0.0 ? uFutureAlpha : style.alpha;
  if (track.selected || track.hovered) return 1.0;
  if (style.fadesStill) alpha *= mix(uFaintest, 1.0, track.emphasis);
  return alpha * uDimUnselected;
}
`;
