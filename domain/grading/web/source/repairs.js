// Where happy-dom differs from browsers in what beginners write every day: a number that is set as
// a text becomes a text, also when it is 0.
const NULL_IS_EMPTY = new Set(["textContent", "innerText", "innerHTML"]);
const TEXTS = { "*": ["textContent", "innerText"], Document: ["title"], HTMLTextAreaElement: ["value"] };

export function repair(window) {
  const seen = new Set();
  for (const name of Object.getOwnPropertyNames(window)) {
    const kind = Object.getOwnPropertyDescriptor(window, name).value;
    for (let above = kind; typeof above === "function" && !seen.has(above); ) {
      seen.add(above);
      for (const key of [...TEXTS["*"], ...(TEXTS[above.name] ?? [])]) settable(above.prototype, key);
      above = Object.getPrototypeOf(above);
    }
  }
}

function settable(holder, key) {
  const found = holder && Object.getOwnPropertyDescriptor(holder, key);
  if (!found?.set || !found.configurable) return;
  const { set } = found;
  Object.defineProperty(holder, key, {
    ...found,
    set(value) {
      const none = value === null || (value === undefined && NULL_IS_EMPTY.has(key));
      Reflect.apply(set, this, [none ? "" : String(value)]);
    },
  });
}
