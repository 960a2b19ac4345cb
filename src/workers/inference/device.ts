import type { MachineFacts } from "../../domain/pack/needs.ts";
import { errorText } from "./sessions.ts";

/** A graphics device for inference, or why there is none, in words for the user. */
export type DeviceChoice =
  | { readonly device: GPUDevice; readonly name: string; readonly isSoftware: boolean }
  | { readonly device: null; readonly reason: string };

const SOFTWARE = /swiftshader|llvmpipe|softpipe|lavapipe|software|basic render/i;

const NO_WEBGPU = "this browser has no WebGPU";
const NO_ADAPTER = "WebGPU finds no graphics adapter";

const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupsPerDimension",
] as const;

/** What the adapter offers, without making a device of it. */
export async function gpuFacts(): Promise<MachineFacts["gpu"]> {
  const gpu = globalThis.navigator?.gpu;
  if (!gpu) return { reason: NO_WEBGPU };
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) return { reason: NO_ADAPTER };
    const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
    return {
      ...identify(adapter),
      maxBufferBytes: maxBufferSize,
      maxBindingBytes: maxStorageBufferBindingSize,
      shaderF16: adapter.features.has("shader-f16"),
    };
  } catch (error) {
    return { reason: refusal(error) };
  }
}

/**
 * Our own device: made without `subgroups`, with which fused attention is wrong on some drivers
 * (measured on SwiftShader), and with the adapter's largest buffers.
 */
export async function requestInferenceDevice(): Promise<DeviceChoice> {
  const gpu = globalThis.navigator?.gpu;
  if (!gpu) return { device: null, reason: NO_WEBGPU };
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) return { device: null, reason: NO_ADAPTER };
    const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
    const requiredFeatures: GPUFeatureName[] = adapter.features.has("shader-f16")
      ? ["shader-f16"]
      : [];
    const device = await adapter.requestDevice({ requiredFeatures, requiredLimits });
    return { device, ...identify(adapter) };
  } catch (error) {
    return { device: null, reason: refusal(error) };
  }
}

function identify({ info }: GPUAdapter): { name: string; isSoftware: boolean } {
  const { vendor, architecture, description, isFallbackAdapter } = info;
  const name = description || [vendor, architecture].filter(Boolean).join(" ") || "the adapter";
  return {
    name,
    isSoftware: isFallbackAdapter || SOFTWARE.test(`${vendor} ${architecture} ${name}`),
  };
}

function refusal(error: unknown): string {
  return `the graphics device cannot be used (${errorText(error)})`;
}
