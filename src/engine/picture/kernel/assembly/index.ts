export { luma, rgba } from "./colour";
export { resampleColumns, resampleRows } from "./resample";

/** Where the host may begin to lay things out. */
export const FREE: usize = __heap_base;
