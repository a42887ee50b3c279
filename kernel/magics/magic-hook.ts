/** A debugger that stops at magics. */
export interface MagicHook {
  readonly on: boolean;
  /** Called around each magic. @param line from 0, in the cell. */
  magic<T>(name: string, line: number, run: () => Promise<T>): Promise<T>;
}

/** None, until the process sets one. */
export const magicHook: { current: MagicHook | null } = { current: null };
