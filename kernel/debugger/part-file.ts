/** The name under which V8 knows the code that stops in a magic or a load. */
export const PART_FILE = "loadlab:part";
