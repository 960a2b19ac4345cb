import type { Space } from "./space.ts";

/** Labels of a shorter time axis would overlap, CSS px. */
const SHORTEST_AXIS_PX = 200;

/** A volume that a camera orbits: the picture's plane, and time from back to front. */
export const spaceTimeSpace: Space = {
  id: "space-time",
  orbits: true,
  timeAxis: true,
  look: { faintest: 0.12, casing: 0.15, dim: 0.6 },
  clipFromTrack(projection, rect, _marginPx, target) {
    projection.orbit.setAspect(rect.width / rect.height);
    return projection.orbit.viewProjection(target).multiply(projection.volumeFromTrack);
  },
  prepare({ ribbons, lines, labels }, { projection, rect, clip }) {
    const { uniforms } = ribbons;
    // Dashes run along time here, so that points at rest have them too.
    uniforms.uDashScale.value.set(0.8, 3);
    uniforms.uDepthSpan.value.set(projection.fadeFrom, projection.fadeTo);
    const eye = projection.eye(uniforms.uEye.value);
    const { width } = projection.extent.frameSize;
    lines.axisX.value = eye.x < width / 2 ? -0.5 : width - 0.5;
    labels.mesh.visible = projection.timeAxisPx(clip, lines.axisX.value, rect) > SHORTEST_AXIS_PX;
  },
};
