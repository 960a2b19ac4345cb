import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { kernels } from "./src/engine/kernels/build.ts";
import { site } from "./src/site/plugin.ts";

export default defineConfig({
  base: "./",
  plugins: [react(), site(), kernels()],
  worker: { format: "es", plugins: () => [kernels()] },
  server: {
    // Files that tests, training and scratch work write are no reason to look again.
    watch: { ignored: ["**/.cache/**", "**/models/**", "**/test-results/**"] },
  },
  build: { target: "es2023", chunkSizeWarningLimit: 1500 },
  optimizeDeps: {
    // A dependency that is found late, say in a worker, would reload the page and the user's work.
    include: [
      "react",
      "react-dom/client",
      "react/jsx-dev-runtime",
      "zustand",
      "zod",
      "three",
      "three/addons/controls/OrbitControls.js",
      "mediabunny",
      "fflate",
      "@noble/hashes/sha2.js",
      "@noble/hashes/utils.js",
    ],
    exclude: ["@ffmpeg/core", "@ffmpeg/ffmpeg", "onnxruntime-web"],
  },
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx", "e2e/**/*.unit.test.ts"],
    environment: "node",
    setupFiles: ["src/property-seed.ts"],
    testTimeout: 60_000,
    // What is waited for takes what a busy machine takes; no test asserts how fast anything is.
    expect: { poll: { timeout: 30_000 } },
  },
});
