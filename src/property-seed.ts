import fc from "fast-check";

/**
 * Properties are tried on the same cases in every run, so that a change that breaks one is the change
 * at fault; `PROPERTY_SEED=$RANDOM npm run unit` tries others.
 */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });
