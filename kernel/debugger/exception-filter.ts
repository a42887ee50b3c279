/** Which thrown errors stop the program. https://microsoft.github.io/debug-adapter-protocol/specification#Types_ExceptionBreakpointsFilter */
export const EXCEPTION_FILTERS = [
  {
    filter: "uncaught",
    label: "Uncaught exceptions",
    description: "Stops where an error is thrown that no code of the notebook catches.",
    default: false,
  },
  {
    filter: "all",
    label: "All exceptions",
    description: "Stops where any error is thrown, caught or not.",
    default: false,
  },
] as const;
