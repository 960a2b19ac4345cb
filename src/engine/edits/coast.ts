/** Share of its velocity that what coasts keeps from one frame to the next. */
export const COAST = 0.9;
