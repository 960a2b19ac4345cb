import { TRACK_GLSL } from "./shader-tracks.ts";

/**
 * One strip a chunk of track: nine samples, two vertices each, widened on the screen. Vertices
 * outside the drawn span of time fold onto its ends, so the geometry never changes with the
 * playhead. Not instanced: software renderers pay for each instance as for a draw call.
 */
export const RIBBON_VERTEX = /* glsl */ `${TRACK_GLSL}
uniform vec2 uDashScale;
uniform vec2 uDepthSpan;
uniform float uDashPeriods[9];
out vec3 vColour;
out float vAlpha;
out float vSidePx;
out float vHalfPx;
out float vDashPx;
out float vVisibility;
out vec3 vPlace;
flat out int vDashRow;
flat out float vDashPeriod;
flat out float vRim;
flat out int vTrails;

vec2 screenPx(vec4 clip) {
  return clip.xy / max(clip.w, 1e-3) * uHalfCanvasPx;
}

void main() {
  Track track = readChunk(gl_VertexID / 18);
  LayerStyle style = STYLES[track.layer];
  int corner = gl_VertexID % 18;
  float side = float((corner & 1) * 2 - 1);
  float last = float(track.count - 1);
  float low = 0.0;
  float high = last;
  if (uVolume < 0.5 && style.trails) {
    low = clamp(uPlayhead - uTail - track.first, 0.0, last);
    high = clamp(uPlayhead - track.first, 0.0, last);
  }
  float at = clamp(float(track.start + (corner >> 1) * track.stepFrames), low, high);
  int i = int(floor(at));
  vec4 here = readTexel(track, i);
  vec4 after = readTexel(track, i + 1);
  vec4 before = readTexel(track, i - 1);
  float part = at - float(i);
  vec2 px = mix(here.xy, after.xy, part);
  float frame = track.first + at;
  vec2 velocity = 0.5 * (after.xy - before.xy);
  if (i == 0) velocity = after.xy - here.xy;
  if (i == track.count - 1) velocity = here.xy - before.xy;

  vec4 clip = uClipFromPx * vec4(px, frame, 1.0);
  vec4 ahead = uClipFromPx * vec4(after.xy, frame + 1.0 - part, 1.0);
  vec4 behind = uClipFromPx * vec4(before.xy, frame - 1.0 - part, 1.0);
  vec2 tangent = screenPx(ahead) - screenPx(behind);
  float size = length(tangent);
  vec2 normal = size > 1e-4 ? vec2(-tangent.y, tangent.x) / size : vec2(0.0, 1.0);

  vVisibility = mix(here.z, after.z, part);
  float halfPx = style.halfPx;
  halfPx *= uLineScale * mix(0.65, 1.0, vVisibility);
  if (track.selected) halfPx *= 1.7;
  if (track.hovered) halfPx = max(halfPx, 0.8) * 1.9;

  // In perspective w is the distance to the eye: far ribbons sink into the ground.
  float far = uVolume > 0.5 ? smoothstep(uDepthSpan.x, uDepthSpan.y, clip.w) : 0.0;
  vAlpha = layerAlpha(track) * (1.0 - 0.6 * far);
  vPlace = vec3(px, frame);
  halfPx *= 1.0 - 0.3 * far;
  vColour = colourOf(track, velocity, vVisibility);
  if (track.hovered) vColour = mix(vColour, vec3(1.0), 0.45);
  vHalfPx = halfPx;
  vSidePx = side * (halfPx + 1.5);
  vDashPx = mix(here.w, after.w, part) * uDashScale.x + at * uDashScale.y;
  vDashRow = style.bySlot && !track.hovered ? 1 + (track.slot + track.slot / 8) % 8 : 0;
  vDashPeriod = uDashPeriods[vDashRow];
  vRim = style.rim;
  vTrails = style.trails ? 1 : 0;
  gl_Position = clip;
  gl_Position.xy += normal * vSidePx / uHalfCanvasPx * clip.w;
}
`;

export const RIBBON_FRAGMENT = /* glsl */ `
precision highp float;
precision highp int;
uniform sampler2D uDashes;
uniform float uCasing;
uniform float uPlayhead;
uniform float uTail;
uniform float uHorizon;
uniform float uVolume;
uniform vec3 uEye;
uniform vec4 uPictureRect;
in vec3 vColour;
in float vAlpha;
in float vSidePx;
in float vHalfPx;
in float vDashPx;
in float vVisibility;
in vec3 vPlace;
flat in int vDashRow;
flat in float vDashPeriod;
flat in float vRim;
flat in int vTrails;
out vec4 fragment;

/** Fading in time, in the overlay: a tail behind the playhead, futures ahead of it. */
float timeAlpha(float frame) {
  float tail = clamp((frame - uPlayhead + uTail) / uTail, 0.0, 1.0);
  if (vTrails == 1) return tail;
  if (frame <= uPlayhead) return 0.3 + 0.7 * tail;
  return 0.9 - 0.4 * clamp(frame / max(uHorizon, 1.0), 0.0, 1.0);
}

/** In the volume, what lies behind the picture as the camera sees it shines through faintly. */
float throughPicture(vec3 place) {
  if ((place.z - uPlayhead) * (uEye.z - uPlayhead) >= 0.0) return 1.0;
  float share = (uPlayhead - uEye.z) / (place.z - uEye.z);
  vec2 hit = uEye.xy + share * (place.xy - uEye.xy);
  bool inside = all(greaterThan(hit, uPictureRect.xy)) && all(lessThan(hit, uPictureRect.zw));
  return inside ? 0.16 : 1.0;
}

void main() {
  float away = abs(vSidePx);
  float core = clamp(vHalfPx + 0.5 - away, 0.0, 1.0);
  float casing = clamp(vHalfPx + 1.5 - away, 0.0, 1.0);
  float hidden = 1.0 - smoothstep(0.3, 0.7, vVisibility);
  float row = hidden > 0.5 ? 9.5 : float(vDashRow) + 0.5;
  float period = hidden > 0.5 ? 6.0 : vDashPeriod;
  float stroke = texture(uDashes, vec2(vDashPx / period, row / 10.0)).r;
  float rim = vRim < 0.0 ? uCasing : vRim;
  float seen = uVolume > 0.5 ? throughPicture(vPlace) : timeAlpha(vPlace.z);
  float alpha = vAlpha * seen * (1.0 - 0.5 * hidden);
  float ink = core * stroke * alpha;
  float shade = casing * stroke * rim * alpha * (1.0 - ink);
  if (ink + shade < 0.004) discard;
  fragment = vec4(vColour * ink, ink + shade);
}
`;
