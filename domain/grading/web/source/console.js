// The page's console: lines that the grader reads and that tests can ask for.
import { show } from "./show.js";

const MOST = 1 << 20; // characters kept before the grader reads them

export function installConsole() {
  let text = "";
  let lines = [];
  const line = (words) => {
    if (text.length < MOST) text += `${words}\n`;
    if (lines.length < 10_000) lines.push(words);
  };
  const print = (...values) =>
    line(values.map((value) => (typeof value === "string" ? value : show(value))).join(" "));
  const counts = new Map();
  const console = {
    log: print, info: print, warn: print, error: print, debug: print, dir: print, table: print,
    trace: print, group: print, groupCollapsed: print, groupEnd() {}, clear() {}, time() {},
    timeEnd() {}, timeLog() {},
    assert(holds, ...values) {
      if (!holds) print("Assertion failed:", ...values);
    },
    count(label = "default") {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      print(`${label}: ${counts.get(label)}`);
    },
    countReset: (label = "default") => void counts.delete(label),
  };
  const drain = () => {
    const words = text;
    text = "";
    return words;
  };
  const printed = () => lines.slice();
  return { console, line, drain, printed };
}
