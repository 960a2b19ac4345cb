/**
 * Named spaces of positions. Functions between them are called `worldFromVideoPx` and the like.
 *
 * | space | meaning |
 * |---|---|
 * | `videoPx` | pixels of the working frame, x right, y down, 0 = centre of the first pixel |
 * | `norm` | the working frame as [-1,1] in x and y |
 * | `world` | the camera's space at "now": x right, y down, z away from the camera along its axis; one unit is the median depth of what is seen at "now", so that an unknown scale of the scene cancels |
 *
 * Cameras: an affine path (`CameraPathT6`) moves the picture of "now" and needs no depth; a pinhole path
 * (`PinholePath`) sees the world.
 */
export type Space = "videoPx" | "norm" | "world";
