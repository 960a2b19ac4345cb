import { TRACK_GLSL } from "./shader-tracks.ts";

/** A marker a track where it is at the playhead: filled where visible, hollow where hidden. */
export const HEAD_VERTEX = /* glsl */ `${TRACK_GLSL}
uniform float uHeadPx;
out vec2 vPx;
out vec3 vColour;
out float vAlpha;
out float vVisibility;
out float vRadius;
flat out int vShape;
flat out int vBold;

void main() {
  Track track = readTrack(gl_VertexID >> 2);
  int id = gl_VertexID & 3;
  vec2 corner = vec2(float(id & 1), float(id >> 1)) * 2.0 - 1.0;
  float at = uPlayhead - track.first;
  LayerStyle style = STYLES[track.layer];
  bool present = at >= 0.0 && at <= float(track.count - 1) && (style.trails || uPlayhead > 0.0);
  int i = int(floor(max(at, 0.0)));
  vec4 here = readTexel(track, i);
  vec4 after = readTexel(track, i + 1);
  vec4 before = readTexel(track, i - 1);
  vec2 px = mix(here.xy, after.xy, fract(max(at, 0.0)));
  vVisibility = here.z;
  vColour = colourOf(track, 0.5 * (after.xy - before.xy), here.z);
  vAlpha = layerAlpha(track);
  vBold = track.selected || track.hovered ? 1 : 0;
  vShape = style.bySlot && uColourBy == 0 ? track.slot & 3 : 0;
  vRadius = uHeadPx * style.headScale * (vBold == 1 ? 1.6 : 1.0);
  float extent = vRadius + 2.0;
  vPx = corner * extent;
  vec4 clip = uClipFromPx * vec4(px, uPlayhead, 1.0);
  clip.xy += vPx / uHalfCanvasPx * clip.w;
  gl_Position = present ? clip : vec4(2.0, 2.0, 2.0, 1.0);
}
`;

export const HEAD_FRAGMENT = /* glsl */ `
precision highp float;
precision highp int;
in vec2 vPx;
in vec3 vColour;
in float vAlpha;
in float vVisibility;
in float vRadius;
flat in int vShape;
flat in int vBold;
out vec4 fragment;

/** Signed distance to the edge, px; negative inside. */
float edge(vec2 p) {
  vec2 q = abs(p);
  if (vShape == 1) return (q.x + q.y) * 0.70711 - vRadius * 0.85;
  if (vShape == 2) return max(q.x, q.y) - vRadius * 0.85;
  if (vShape == 3) return max(q.x * 0.866 + p.y * 0.5, -p.y) - vRadius * 0.62;
  return length(p) - vRadius;
}

void main() {
  float distance = edge(vPx);
  float body = clamp(0.5 - distance, 0.0, 1.0);
  float hole = vVisibility < 0.5 ? clamp(0.5 - distance - 1.3, 0.0, 1.0) : 0.0;
  float rim = clamp(1.6 - distance, 0.0, 1.0) * 0.6;
  float ink = (body - hole) * vAlpha;
  float shade = max(rim - hole, 0.0) * vAlpha * (1.0 - ink);
  if (ink + shade < 0.004) discard;
  vec3 colour = vBold == 1 ? mix(vColour, vec3(1.0), 0.5) : vColour;
  fragment = vec4(colour * ink, ink + shade);
}
`;
