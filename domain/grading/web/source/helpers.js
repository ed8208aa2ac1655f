// The names that a test can use. The built-ins are among them, so that a page's own `JSON` or
// `Math` is not the test's.
import * as host from "./host.js";

export function helpers(glass, real, window, out, files, { expect }) {
  const { wrap, unwrap } = glass;
  const document = wrap(window.document);
  const fire = (element, kind, name, more) =>
    element.dispatchEvent(new window[kind](name, { bubbles: true, cancelable: true, ...more }));
  const element = (target) => {
    const found = typeof target === "string" ? document.querySelector(target) : wrap(target);
    if (found === null || found === undefined) {
      throw new TypeError(`there is no element ${String(target)} on the page`);
    }
    return found;
  };
  const api = {
    expect,
    doc: document,
    document,
    window: wrap(real),
    getComputedStyle: (target, pseudo) =>
      wrap(window.getComputedStyle(unwrap(target), pseudo ?? undefined)),
    style: (target) => wrap(window.getComputedStyle(unwrap(element(target)))),
    click: (target) => element(target).click(),
    type(target, text) {
      const field = element(target);
      field.focus();
      field.value = text;
      fire(field, "InputEvent", "input", { data: text });
      fire(field, "Event", "change");
    },
    press(target, key) {
      const field = element(target);
      fire(field, "KeyboardEvent", "keydown", { key });
      fire(field, "KeyboardEvent", "keyup", { key });
    },
    submit: (target) => element(target).requestSubmit(),
    wait: (milliseconds = 0) => new Promise((done) => host.setTimeout(done, milliseconds)),
    printed: () => out.printed(),
    source: (name) => files.texts[name] ?? "",
    Object, Array, String, Number, Boolean, Math, JSON, Promise, RegExp, Map, Set, Symbol, Reflect,
    Error, TypeError, RangeError, parseInt, parseFloat, isNaN, isFinite, Date: host.VirtualDate,
  };
  for (const name of ["Event", "CustomEvent", "MouseEvent", "KeyboardEvent", "InputEvent",
    "FocusEvent", "SubmitEvent", "PointerEvent"]) {
    api[name] = window[name];
  }
  return api;
}
