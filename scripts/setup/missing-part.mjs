import { readFileSync } from "node:fs";

/** Something that this machine lacks and that its user has to install; says what and how. */
export class MissingPart extends Error {
  /**
   * @param {string} message what was looked for and not found
   * @param {readonly string[]} advice what to type or do, one line each
   * @param {string} [detail] the output of the program that failed
   */
  constructor(message, advice, detail = "") {
    super(message);
    this.name = "MissingPart";
    this.advice = advice;
    this.detail = detail.trim();
  }

  toString() {
    const lines = [this.message, ...this.advice.map((line) => `  ${line}`)];
    return this.detail === "" ? lines.join("\n") : [...lines, "", tail(this.detail)].join("\n");
  }
}

/** The command that installs Python with venv and pip on this platform. */
export function pythonInstallCommand() {
  if (process.platform === "darwin")
    return "brew install python   (or the installer from python.org/downloads)";
  if (process.platform === "win32") return "winget install Python.Python.3.13";
  return linuxInstallCommand(linuxFamily());
}

function linuxInstallCommand(family) {
  if (/debian|ubuntu/.test(family)) return "sudo apt install python3 python3-venv python3-pip";
  if (/fedora|rhel|centos/.test(family)) return "sudo dnf install python3 python3-pip";
  if (/suse/.test(family)) return "sudo zypper install python3 python3-pip";
  if (/arch/.test(family)) return "sudo pacman -S python python-pip";
  if (/alpine/.test(family)) return "apk add python3 py3-pip";
  return "install python3 with venv and pip by your system's package manager";
}

function linuxFamily() {
  try {
    const release = readFileSync("/etc/os-release", "utf8");
    return [...release.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)].map((match) => match[1]).join(" ");
  } catch {
    return "";
  }
}

function tail(text) {
  return text.split("\n").slice(-15).join("\n");
}
