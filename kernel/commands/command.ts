import type { ParseArgsConfig } from "node:util";

/** A subcommand of `loadlab`, described so that help and argument errors come from the description. */
export interface Command {
  readonly name: string;
  /** One sentence for `loadlab --help`. */
  readonly summary: string;
  /** What stands after the name: `PATH`; at most as many positionals are accepted. */
  readonly positionals?: readonly CommandArgument[];
  readonly options?: readonly CommandOption[];
  /** @returns the exit status. */
  run(call: CommandCall): Promise<number>;
}

export interface CommandArgument {
  /** `PATH` */
  readonly name: string;
  readonly summary: string;
  readonly required?: boolean;
}

export interface CommandOption {
  /** Without dashes: `json`. */
  readonly name: string;
  readonly summary: string;
  /** Name of the value that follows; absent for a flag. */
  readonly value?: string;
}

export interface CommandCall {
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

/** A wrong call: shown with the command's usage, exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** `loadlab install [--user] [--prefix PATH]` */
export function usage(command: Command): string {
  const positionals = (command.positionals ?? []).map((p) => (p.required ? p.name : `[${p.name}]`));
  const options = (command.options ?? []).map((option) => `[${optionForm(option)}]`);
  return ["loadlab", command.name, ...positionals, ...options].join(" ");
}

/** Usage, then each argument with its sentence. */
export function help(command: Command): string {
  const rows = [
    ...(command.positionals ?? []).map((p) => [p.name, p.summary] as const),
    ...(command.options ?? []).map((option) => [optionForm(option), option.summary] as const),
  ];
  return [command.summary, "", `  ${usage(command)}`, "", ...table(rows)].join("\n").trimEnd();
}

/** Two columns. */
export function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

/** For node:util `parseArgs`. */
export function parseOptions(command: Command): NonNullable<ParseArgsConfig["options"]> {
  const own = (command.options ?? []).map(
    (option) => [option.name, { type: option.value === undefined ? "boolean" : "string" }] as const,
  );
  return Object.fromEntries([...own, ["help", { type: "boolean", short: "h" }] as const]);
}

function optionForm(option: CommandOption): string {
  return option.value === undefined ? `--${option.name}` : `--${option.name} ${option.value}`;
}
