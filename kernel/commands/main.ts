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
import { nearestNames } from "../../src/names/nearest-names.js";
import { VERSION } from "../version.js";

const MORE = "  loadlab COMMAND --help says more of one, loadlab --version which loadlab this is.";

const COMMANDS: readonly Command[] = [
  ...[check, list, summary, repair, environment],
  ...[install, uninstall, doctor, backend],
];

const NAMES = COMMANDS.map(({ name }) => name);

for (const stream of [process.stdout, process.stderr]) stream.on("error", endWithoutReader);
process.exitCode = await main(process.argv.slice(2));

async function main([name, ...args]: string[]): Promise<number> {
  const asksForHelp = name === undefined || name === "--help" || name === "-h" || name === "help";
  if (asksForHelp && args[0] === undefined) {
    console.log(overview());
    return 0;
  }
  if (name === "--version" || name === "-v" || name === "version") {
    console.log(VERSION);
    return 0;
  }
  const wanted = asksForHelp ? args[0]! : name;
  const command = COMMANDS.find((candidate) => candidate.name === wanted);
  if (command === undefined) {
    const near = nearestNames(wanted, NAMES, 1).map((known) => ` Did you mean ${known}?`);
    console.error(`loadlab has no command ${JSON.stringify(wanted)}.${near.join("")}\n\n${overview()}`);
    return 2;
  }
  return runCommand(command, asksForHelp ? ["--help"] : args);
}

/** What reads the output may end first (`| head`), as a program behind a pipe may; a disk may be full. */
function endWithoutReader(error: NodeJS.ErrnoException): never {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
  process.stderr.write(`The output cannot be written: ${error.message}\n`);
  process.exit(2);
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
  return ["loadlab: TypeScript in Jupyter, and Keras models that load.", "", ...commands, "", MORE].join(
    "\n",
  );
}
