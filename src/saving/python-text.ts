/** A text of the file as a Python string. */
export function pythonString(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}

/** A name that Python can have, made of one that it may not. */
export function identifier(name: string): string {
  const plain = name.slice(0, 60).replace(/[^A-Za-z0-9_]/g, "_");
  return /^[A-Za-z]/.test(plain) ? plain : `_${plain}`;
}
