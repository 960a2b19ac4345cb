/**
 * Where a perspective camera sees a whole box around the origin, and no farther: its distance from
 * the point that it looks at, which lies `shiftUp` along its own up axis so that the near side,
 * seen larger, leaves as much room below as above. `axes`: the camera's right, up and back.
 */
export function fitBox(
  half: readonly [number, number, number],
  axes: readonly [readonly number[], readonly number[], readonly number[]],
  fovYRadians: number,
  aspect: number,
): { readonly distance: number; readonly shiftUp: number } {
  const tangentY = Math.tan(fovYRadians / 2);
  const tangentX = tangentY * aspect;
  const corners = Array.from({ length: 8 }, (_, corner) => {
    const p = half.map((h, i) => (corner & (1 << i) ? h : -h));
    return axes.map((axis) => axis[0] * p[0] + axis[1] * p[1] + axis[2] * p[2]);
  });
  // Each side of the view asks for a distance; those above and below are evened out by the shift.
  const across = Math.max(...corners.map(([x, , z]) => z + Math.abs(x) / tangentX));
  const above = Math.max(...corners.map(([, y, z]) => z + y / tangentY));
  const below = Math.max(...corners.map(([, y, z]) => z - y / tangentY));
  return {
    distance: Math.max(across, (above + below) / 2),
    shiftUp: ((above - below) * tangentY) / 2,
  };
}
