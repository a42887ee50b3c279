import { PYTHON_2_7 } from "./python-2.7.js";
import { PYTHON_3_6 } from "./python-3.6.js";
import { PYTHON_3_7 } from "./python-3.7.js";
import { PYTHON_3_8 } from "./python-3.8.js";
import { PYTHON_3_9 } from "./python-3.9.js";
import { PYTHON_3_10 } from "./python-3.10.js";
import { PYTHON_3_11 } from "./python-3.11.js";
import { PYTHON_3_12 } from "./python-3.12.js";
import { PYTHON_3_13 } from "./python-3.13.js";
import { PYTHON_3_14 } from "./python-3.14.js";

/** Instruction numbers, by Python version: the instructions that functions of Lambdas have. */
export const OPCODES = {
  "2.7": PYTHON_2_7,
  "3.6": PYTHON_3_6,
  "3.7": PYTHON_3_7,
  "3.8": PYTHON_3_8,
  "3.9": PYTHON_3_9,
  "3.10": PYTHON_3_10,
  "3.11": PYTHON_3_11,
  "3.12": PYTHON_3_12,
  "3.13": PYTHON_3_13,
  "3.14": PYTHON_3_14,
} as const;
