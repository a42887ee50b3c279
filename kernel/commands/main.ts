#!/usr/bin/env node
import { parseArgs } from "node:util";
import { backend } from "./backend.js";
import { type Command, help, parseOptions, table, usage, UsageError } from "./command.js";
import { check } from "./check.js";
import { doctor } from "./doctor.js";
import { environment } from "./environment.js";
import { install } from "./install.js";
import { list } from "./list.js";
import { repair } from "./repair.js";
import { summary } from "./summary.js";
import { uninstall } from "./uninstall.js";
import { commandLine } from "../../src/command-line.js";

const COMMANDS: readonly Command[] = [
  ...[check, list, summary, repair, environment],
  ...[install, uninstall, doctor, backend],
];

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    console.log(overview());
    return 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    console.error(`loadlab has no command ${JSON.stringify(name)}.\n\n${overview()}`);
    return 2;
  }
  return runCommand(command, args);
}

async function runCommand(command: Command, args: string[]): Promise<number> {
  try {
    const { values, positionals } = parse(command, args);
    if (values["help"] === true) {
      console.log(help(command));
      return 0;
    }
    checkPositionals(command, positionals);
    return await command.run({ positionals, options: values });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(
      `${error.message}\n\n  ${usage(command)}\n\n${commandLine(`${command.name} --help`)} says more.`,
    );
    return 2;
  }
}

function parse(
  command: Command,
  args: string[],
): { values: Record<string, string | boolean | undefined>; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: parseOptions(command),
      allowPositionals: true,
    });
    return { values: values as Record<string, string | boolean | undefined>, positionals };
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function checkPositionals(command: Command, given: readonly string[]): void {
  const expected = command.positionals ?? [];
  const missing = expected.find((argument, i) => argument.required && given[i] === undefined);
  if (missing !== undefined) throw new UsageError(`${missing.name} is missing.`);
  if (given.length > expected.length) {
    throw new UsageError(`Unexpected argument ${JSON.stringify(given[expected.length])}.`);
  }
}

function overview(): string {
  const commands = table(COMMANDS.map((command) => [command.name, command.summary]));
  return ["loadlab: TypeScript in Jupyter, and Keras models that load.", "", ...commands].join("\n");
}
