/** A graphics device for inference, or why there is none, in words for the user. */
export type DeviceChoice =
  | { readonly device: GPUDevice; readonly name: string; readonly isSoftware: boolean }
  | { readonly device: null; readonly reason: string };

const SOFTWARE = /swiftshader|llvmpipe|softpipe|lavapipe|software|basic render/i;

const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupsPerDimension",
] as const;

/**
 * Our own device: made without `subgroups`, with which fused attention is wrong on some drivers
 * (measured on SwiftShader), and with the adapter's largest buffers.
 */
export async function requestInferenceDevice(): Promise<DeviceChoice> {
  const gpu = globalThis.navigator?.gpu;
  if (!gpu) return { device: null, reason: "this browser has no WebGPU" };
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) return { device: null, reason: "WebGPU finds no graphics adapter" };
    const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
    const requiredFeatures: GPUFeatureName[] = adapter.features.has("shader-f16")
      ? ["shader-f16"]
      : [];
    const device = await adapter.requestDevice({ requiredFeatures, requiredLimits });
    const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
    const name = description || [vendor, architecture].filter(Boolean).join(" ") || "the adapter";
    const isSoftware = isFallbackAdapter || SOFTWARE.test(`${vendor} ${architecture} ${name}`);
    return { device, name, isSoftware };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { device: null, reason: `the graphics device cannot be used (${reason})` };
  }
}
