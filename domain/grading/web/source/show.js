// Values and errors as short text. Whatever is shown may belong to the page: nothing here is trusted.
const LONGEST = 900;
const DEEPEST = 3;

export function show(value) {
  try {
    return cut(words(value, 0, new Set()));
  } catch {
    return "[cannot be shown]";
  }
}

function cut(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function words(value, depth, seen) {
  if (typeof value === "string") return depth ? JSON.stringify(value) : value;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return value.toString();
  if (typeof value === "function") return `function ${String(value.name)}`;
  if (Object.is(value, -0)) return "-0";
  if (value === null || typeof value !== "object") return String(value);
  if (typeof value.nodeType === "number" && typeof value.nodeName === "string") return node(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Date) return value.toISOString();
  if (seen.has(value)) return "[the same again]";
  if (depth >= DEEPEST) return Array.isArray(value) ? "[…]" : "{…}";
  seen.add(value);
  const inner = (item) => words(item, depth + 1, seen);
  let text;
  if (Array.isArray(value)) text = `[${value.slice(0, 50).map(inner).join(", ")}]`;
  else if (value instanceof Map) {
    text = `Map {${[...value].map(([key, item]) => `${inner(key)} => ${inner(item)}`).join(", ")}}`;
  } else if (value instanceof Set) text = `Set {${[...value].map(inner).join(", ")}}`;
  else {
    const pairs = Object.keys(value).slice(0, 50).map((key) => `${key}: ${inner(value[key])}`);
    text = `{${pairs.join(", ")}}`;
  }
  seen.delete(value);
  return text;
}

function node(value) {
  if (value.nodeType === 3) return JSON.stringify(value.data);
  if (value.nodeType !== 1) return value.nodeName;
  return cut(value.outerHTML).replace(/\s+/g, " ");
}

export function quoted(value) {
  return typeof value === "string" ? cut(JSON.stringify(value)) : show(value);
}

export function describeError(wrong) {
  try {
    if (wrong instanceof Error) {
      return {
        type: cut(String(wrong.name)),
        message: cut(String(wrong.message)),
        stack: cut(String(wrong.stack ?? "")),
      };
    }
    return { type: "Error", message: show(wrong), stack: "" };
  } catch {
    return { type: "Error", message: "[cannot be shown]", stack: "" };
  }
}
