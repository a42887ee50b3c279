/** Lines for whoever started the kernel; a Jupyter server shows them in its own log. */
export function logToStandardError(text: string): void {
  process.stderr.write(`[loadlab] ${text}\n`);
}
