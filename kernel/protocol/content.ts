import type { Content } from "../wire/message.js";

/** The client asked for what there is not, or left out a field; it reads this in the error reply. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

/** @throws BadRequest */
export function stringField(content: Content, name: string, fallback?: string): string {
  const value = content[name] ?? fallback;
  if (typeof value !== "string") throw invalid(name, "a string", value);
  return value;
}

/** @throws BadRequest */
export function booleanField(content: Content, name: string, fallback: boolean): boolean {
  const value = content[name] ?? fallback;
  if (typeof value !== "boolean") throw invalid(name, "true or false", value);
  return value;
}

/** @throws BadRequest */
export function numberField(content: Content, name: string, fallback?: number): number {
  const value = content[name] ?? fallback;
  if (typeof value !== "number") throw invalid(name, "a number", value);
  return value;
}

/** @throws BadRequest */
export function objectField(content: Content, name: string): Content {
  const value = content[name] ?? {};
  if (typeof value !== "object" || Array.isArray(value)) throw invalid(name, "an object", value);
  return value as Content;
}

function invalid(name: string, expected: string, value: unknown): BadRequest {
  return new BadRequest(`"${name}" must be ${expected}, not ${JSON.stringify(value)?.slice(0, 80)}`);
}
