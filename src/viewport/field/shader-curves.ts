/**
 * GLSL: `curveAt(point, time)`, a C² cubic B-spline with uniform clamped knots over control points in a
 * texture, [N,K] texels row-major in rows of 2048; time 0 to 1. As `basisAt("smooth")` of the domain.
 */
export const CURVES_GLSL = /* glsl */ `
precision highp float;
precision highp int;
precision highp sampler2D;
uniform sampler2D uControl;
uniform int uControlCount;

float knotAt(int i) {
  return clamp(float(i - 3), 0.0, float(uControlCount - 3));
}

vec3 controlAt(int point, int k) {
  int texel = point * uControlCount + k;
  return texelFetch(uControl, ivec2(texel & 2047, texel >> 11), 0).xyz;
}

vec3 curveAt(int point, float time) {
  int spans = uControlCount - 3;
  float at = clamp(time, 0.0, 1.0) * float(spans);
  int span = min(int(at), spans - 1);
  float v[4] = float[4](1.0, 0.0, 0.0, 0.0);
  for (int degree = 1; degree <= 3; degree++) {
    float carry = 0.0;
    for (int r = 0; r < degree; r++) {
      float right = knotAt(span + 4 + r);
      float left = knotAt(span + 4 - degree + r);
      float share = v[r] / (right - left);
      v[r] = carry + (right - at) * share;
      carry = (at - left) * share;
    }
    v[degree] = carry;
  }
  vec3 sum = vec3(0.0);
  for (int i = 0; i < 4; i++) sum += v[i] * controlAt(point, span + i);
  return sum;
}
`;
