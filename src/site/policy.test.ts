import { expect, test } from "vitest";
import { headersFor, PAGE_POLICY } from "./policy.ts";

const csp = (path: string) => headersFor(path)["Content-Security-Policy"];

test("the page runs its own scripts and compiles nothing", () => {
  expect(csp("/studio/")).toBe(PAGE_POLICY);
  expect(PAGE_POLICY).toContain("script-src 'self'");
  expect(PAGE_POLICY).not.toMatch(/unsafe|\*/);
});

test("workers may compile WebAssembly and no script", () => {
  for (const name of ["decode", "inference", "tracking"]) {
    expect(csp(`/assets/${name}.worker-a1B2.js`)).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(csp(`/assets/${name}.worker-a1B2.js`)).not.toContain("'unsafe-");
  }
});

test("every answer isolates the page", () => {
  expect(headersFor("/")).toMatchObject({
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  });
});
