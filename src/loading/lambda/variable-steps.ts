import { isExpression, NULL } from "./held.js";
import type { Machine } from "./machine.js";
import { NotAnExpression } from "./not-an-expression.js";
import type { Step } from "./step.js";

function loadLocal(machine: Machine, index: number): void {
  const name = machine.code.locals[index] ?? "";
  const cell = machine.cell(name);
  if (machine.shared.has(index)) return machine.push(cell);
  if (cell.value === undefined) throw new NotAnExpression("it reads a local before it is set");
  machine.push(cell.value);
}

function storeLocal(machine: Machine, index: number): void {
  const value = machine.popHeld();
  machine.cell(machine.code.locals[index] ?? "").value = value === NULL ? undefined : value;
}

function cellName(machine: Machine, index: number): string {
  return (machine.code.layout === "3.11" ? machine.code.locals : machine.code.cells)[index] ?? "";
}

/** Python 3.11 and later: one bit more, for the empty slot of a call. */
function loadGlobal(machine: Machine, argument: number): void {
  const modern = !machine.python2 && machine.minor >= 11;
  const empty = modern && (argument & 1) === 1;
  // 3.13 puts the empty slot behind the function; before it, a module that the program imports is on top of it and
  // its function is taken from it there (`K.mean` of a script, where a notebook's is a method).
  if (empty && machine.minor < 13) machine.push(NULL);
  machine.push({ kind: "global", name: machine.name(modern ? argument >> 1 : argument) });
  if (empty && machine.minor >= 13) machine.push(NULL);
}

function loadAttribute(machine: Machine, argument: number): void {
  const modern = !machine.python2 && machine.minor >= 12;
  machine.loadAttribute(machine.name(modern ? argument >> 1 : argument));
  if (modern && argument & 1) machine.push(NULL);
}

/** Names and what they stand for: locals, cells, globals, attributes, constants, imports. */
export const VARIABLE_STEPS: Readonly<Record<string, Step>> = {
  LOAD_FAST: function (argument) {
    loadLocal(this, argument);
  },
  LOAD_FAST_BORROW: function (argument) {
    loadLocal(this, argument);
  },
  LOAD_FAST_BORROW_LOAD_FAST_BORROW: function (argument) {
    loadLocal(this, argument >> 4);
    loadLocal(this, argument & 15);
  },
  LOAD_FAST_CHECK: function (argument) {
    loadLocal(this, argument);
  },
  LOAD_FAST_LOAD_FAST: function (argument) {
    loadLocal(this, argument >> 4);
    loadLocal(this, argument & 15);
  },
  // A comprehension within the function, since 3.12: its variable may be one of the function's.
  LOAD_FAST_AND_CLEAR: function (argument) {
    const cell = this.cell(this.code.locals[argument] ?? "");
    this.push(cell.value ?? NULL);
    cell.value = undefined;
  },
  DELETE_FAST: function (argument) {
    this.cell(this.code.locals[argument] ?? "").value = undefined;
  },
  STORE_FAST: function (argument) {
    storeLocal(this, argument);
  },
  STORE_FAST_LOAD_FAST: function (argument) {
    storeLocal(this, argument >> 4);
    loadLocal(this, argument & 15);
  },
  STORE_FAST_STORE_FAST: function (argument) {
    storeLocal(this, argument >> 4);
    storeLocal(this, argument & 15);
  },
  LOAD_CONST: function (argument) {
    this.push(this.constant(argument));
  },
  LOAD_SMALL_INT: function (argument) {
    this.push({ kind: "constant", value: argument });
  },
  LOAD_DEREF: function (argument) {
    const name = cellName(this, argument);
    this.push(this.cell(name).value ?? { kind: "closure", name });
  },
  STORE_DEREF: function (argument) {
    this.cell(cellName(this, argument)).value = this.popHeld();
  },
  LOAD_GLOBAL: function (argument) {
    loadGlobal(this, argument);
  },
  LOAD_NAME: function (argument) {
    this.push({ kind: "global", name: this.name(argument) });
  },
  LOAD_ATTR: function (argument) {
    loadAttribute(this, argument);
  },
  LOAD_METHOD: function (argument) {
    this.loadAttribute(this.name(argument));
  },
  IMPORT_NAME: function (argument) {
    this.popMany(2); // level and list of names
    this.push({ kind: "global", name: this.name(argument) });
  },
  IMPORT_FROM: function (argument) {
    const module = this.stack.at(-1);
    if (!isExpression(module)) throw new NotAnExpression("its stack does not work out");
    this.push({ kind: "attribute", of: module, name: this.name(argument) });
  },
};
