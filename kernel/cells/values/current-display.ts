/** How modules that cells import show something below the cell that runs. */
export type ShowFunction = (value: unknown, options?: { readonly displayId?: string }) => unknown;

interface CurrentDisplay {
  show: ShowFunction;
  update: (displayId: string, value: unknown) => unknown;
}

const absent = (): never => {
  throw new Error("There is no notebook to show anything in.");
};

/** Set by the engine of the runner. */
export const currentDisplay: CurrentDisplay = { show: absent, update: absent };
