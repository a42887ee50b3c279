/** How near a remedy comes to what Keras computes. */
export type Fidelity = "exact" | "equivalent" | "approximate" | "stub";
