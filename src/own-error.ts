/**
 * An error of this library's, which says itself where something happened and why: nothing that it passes on its way says
 * it again.
 */
export class OwnError extends Error {}
