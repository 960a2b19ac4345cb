export { alignPatch, comparePatch } from "./align";
export { FREE } from "./layout";
export { cutPatch } from "./patch";
export { halve, halveBytes, widen } from "./pyramid";
