// Locks what every program shares, before a page is known: the language's built-ins and the DOM's
// classes cannot be changed, and the DOM's internals cannot be reached.
import { PropertySymbol } from "happy-dom";

const internal = new Set(Object.values(PropertySymbol));
const { getPrototypeOf, getOwnPropertyDescriptor, defineProperty } = Object;
const ownKeys = Reflect.ownKeys;

export function lock(real, window) {
  const genuine = new WeakSet(); // prototypes of the DOM's classes
  const classes = [];
  for (const name of Object.getOwnPropertyNames(window)) {
    const value = getOwnPropertyDescriptor(window, name).value;
    if (typeof value === "function" && typeof value.prototype === "object" && /^[A-Z]/.test(name)) {
      if (!Object.hasOwn(real, name) || real[name] === value) classes.push(value);
    }
  }
  for (const object of samples(window)) {
    for (let above = getPrototypeOf(object); above !== null; above = getPrototypeOf(above)) {
      if (above !== Object.prototype) classes.push(above.constructor);
    }
  }
  // Some of the DOM's classes extend the language's, which are no part of a page.
  const builtins = new Set([Function.prototype, ...[...NAMES].map((name) => real[name])]);
  const seen = new Set();
  for (let kind of classes) {
    while (typeof kind === "function" && !builtins.has(kind) && !seen.has(kind)) {
      seen.add(kind);
      if (kind.prototype) genuine.add(kind.prototype);
      kind = getPrototypeOf(kind);
    }
  }

  const isDom = (value) => {
    if (value === real) return true;
    if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
    for (let above = value; above !== null; above = getPrototypeOf(above)) {
      if (genuine.has(above)) return true;
    }
    return false;
  };

  guardReflection(real, isDom);
  lockBuiltins(real);
  for (const kind of seen) {
    lockFunctions(kind.prototype);
    allowOwn(kind.prototype, (key, value) => internal.has(key) && typeof value !== "function");
    Object.freeze(kind);
    Object.freeze(kind.prototype);
  }
  for (const key of ownKeys(window)) {
    const found = getOwnPropertyDescriptor(window, key);
    if (typeof key === "string" && found.configurable) {
      if ("value" in found && typeof found.value !== "function") continue;
      defineProperty(window, key, { ...found, configurable: false, ...("value" in found && { writable: false }) });
    }
  }

  // The name of a DOM property that somebody has put over the true one, or "".
  const shadowed = (document) => {
    const waiting = [document];
    while (waiting.length) {
      const node = waiting.pop();
      for (const key of keysOf(node)) {
        if (hidden(node, key)) return key;
      }
      const inner = node[PropertySymbol.nodeArray];
      if (inner) waiting.push(...inner);
    }
    return "";
  };
  const hidden = (node, key) => {
    for (let above = getPrototypeOf(node); above !== null; above = getPrototypeOf(above)) {
      if (genuine.has(above) && Object.hasOwn(above, key)) return true;
    }
    return false;
  };
  return { genuine, isDom, shadowed };
}

// One object of each kind that a page can get hold of; not all of their classes have a name there.
function samples(window) {
  const { document } = window;
  const all = [document, window.localStorage, window.navigator, window.location, window.history];
  const sheet = new window.CSSStyleSheet();
  sheet.replaceSync("p { color: red } @media (min-width: 1px) { p { color: red } }");
  all.push(sheet, sheet.cssRules[0], sheet.cssRules[0].style, sheet.cssRules[1], sheet.cssRules[1].media);
  all.push(document.createRange(), document.getSelection(), document.implementation, document.styleSheets);
  for (const tag of [
    "div", "form", "select", "input", "table", "a", "img", "link", "label", "fieldset", "template",
    "button", "textarea", "canvas", "video", "svg", "option", "output", "datalist", "area", "iframe",
  ]) {
    const element = document.createElement(tag);
    all.push(element);
    for (const key of [
      "classList", "style", "dataset", "attributes", "children", "childNodes", "elements", "options",
      "selectedOptions", "labels", "validity", "files", "rows", "tBodies", "cells", "relList", "sizes",
      "content", "sandbox", "htmlFor", "list",
    ]) {
      if (element[key] !== null && typeof element[key] === "object") all.push(element[key]);
    }
  }
  const form = document.createElement("form");
  form.innerHTML = '<input type="radio" name="a"><input type="radio" name="a">';
  all.push(form.elements, form.elements.a, document.getElementsByTagName("p"), document.querySelectorAll("p"));
  const owner = document.createElement("p");
  owner.setAttribute("id", "x");
  all.push(owner.attributes[0], document.createTextNode("x"), document.createComment("x"));
  all.push(document.createDocumentFragment(), document.createTreeWalker(document), document.doctype);
  return all.filter((object) => object !== null && typeof object === "object");
}

// A proxy of the DOM's may refuse to tell; tests do not look at what is put onto those.
function keysOf(node) {
  try {
    return Object.getOwnPropertyNames(node);
  } catch {
    return [];
  }
}

// What could reach the DOM's internals, or put something over a DOM property, no longer can.
function guardReflection(real, isDom) {
  const visible = (keys) => keys.filter((key) => !internal.has(key));
  const put = (holder, name, make) => {
    const found = getOwnPropertyDescriptor(holder, name);
    const value = make(found.value);
    defineProperty(value, "name", { value: name });
    defineProperty(holder, name, { ...found, value });
  };
  const refuse = (target, key) => {
    if (isDom(target) && typeof key !== "symbol" && key in target) {
      throw new TypeError(`${String(key)} of the page cannot be replaced here`);
    }
  };
  put(Object, "getOwnPropertySymbols", (old) => (value) => visible(old(value)));
  put(Reflect, "ownKeys", (old) => (value) => visible(old(value)));
  put(Object, "defineProperty", (old) => (target, key, descriptor) => {
    const name = typeof key === "symbol" ? key : `${key}`;
    if (target !== real) refuse(target, name);
    return old(target, name, descriptor);
  });
  put(Object, "defineProperties", (old) => (target, all) => {
    if (isDom(target)) throw new TypeError("the page's properties cannot be replaced here");
    return old(target, all);
  });
  put(Reflect, "defineProperty", (old) => (target, key, descriptor) => {
    const name = typeof key === "symbol" ? key : `${key}`;
    if (target !== real) refuse(target, name);
    return old(target, name, descriptor);
  });
  put(Reflect, "set", (old) => (target, key, value, ...receiver) => {
    if (receiver.length && receiver[0] !== target && isDom(receiver[0])) {
      throw new TypeError("the page's properties cannot be replaced here");
    }
    return old(target, key, value, ...receiver);
  });
  const inherit = (old) => (target, above) => {
    if (isDom(target)) throw new TypeError("the page's objects keep what they inherit");
    return old(target, above);
  };
  put(Object, "setPrototypeOf", inherit);
  put(Reflect, "setPrototypeOf", inherit);
  for (const name of ["__defineGetter__", "__defineSetter__"]) {
    put(Object.prototype, name, (old) => function (key, value) {
      refuse(this, `${key}`);
      return Reflect.apply(old, this, [key, value]);
    });
  }
  const proto = getOwnPropertyDescriptor(Object.prototype, "__proto__");
  const setProto = proto.set;
  defineProperty(Object.prototype, "__proto__", {
    ...proto,
    set(above) {
      if (isDom(this)) throw new TypeError("the page's objects keep what they inherit");
      Reflect.apply(setProto, this, [above]);
    },
  });
  guardProxy(real);
}

// A proxy that the DOM touches would learn its internal symbols: those go past the handler.
function guardProxy(real) {
  const Native = Proxy;
  const guarded = (handler) => {
    if (handler === null || typeof handler !== "object") return handler;
    const traps = ["get", "set", "has", "deleteProperty", "defineProperty", "getOwnPropertyDescriptor"];
    return new Native(handler, {
      get(inner, trap) {
        const found = inner[trap];
        if (typeof found !== "function" || !traps.includes(trap)) return found;
        return (target, key, ...rest) =>
          internal.has(key)
            ? Reflect[trap](target, key, ...rest)
            : Reflect.apply(found, inner, [target, key, ...rest]);
      },
    });
  };
  function GuardedProxy(target, handler) {
    if (new.target === undefined) throw new TypeError("Proxy must be called with new");
    return new Native(target, guarded(handler));
  }
  defineProperty(GuardedProxy, "name", { value: "Proxy" });
  GuardedProxy.prototype = undefined;
  GuardedProxy.revocable = (target, handler) => Native.revocable(target, guarded(handler));
  defineProperty(real, "Proxy", { value: GuardedProxy, writable: true, configurable: true });
}

// Freezes the language. Where programs rightly set a property that a built-in has too, such as
// `error.name` or `Dog.prototype.toString`, the built-in's becomes a setter that sets theirs.
function lockBuiltins(real) {
  defineProperty(Error, "prepareStackTrace", { value: undefined, configurable: false });
  const roots = [
    async function () {}, function* () {}, async function* () {}, (function* () {})(),
    [][Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](),
    ""[Symbol.iterator](), "".matchAll(/a/g), [].values(), Iterator.from({ next() {} }),
    [].values().map((value) => value), async function* () {}.prototype,
  ].map((value) => getPrototypeOf(value));
  for (const name of Object.getOwnPropertyNames(real)) {
    const value = getOwnPropertyDescriptor(real, name).value;
    if (value !== real && isBuiltin(name, value)) roots.push(value);
  }
  const all = new Set();
  while (roots.length) {
    const value = roots.pop();
    if (value === null || (typeof value !== "object" && typeof value !== "function")) continue;
    if (value === real || all.has(value)) continue;
    all.add(value);
    roots.push(getPrototypeOf(value));
    for (const key of ownKeys(value)) {
      const found = getOwnPropertyDescriptor(value, key);
      roots.push(found.value, found.get, found.set);
    }
  }
  const settable = new Set([Object.prototype, Function.prototype, Array.prototype, Error.prototype]);
  for (const value of all) {
    if (Error.prototype.isPrototypeOf(value)) settable.add(value);
  }
  for (const value of settable) allowOwn(value);
  for (const value of all) Object.freeze(value);
}

const NAMES = new Set(
  (
    "Object Function Error EvalError RangeError ReferenceError SyntaxError TypeError URIError " +
    "InternalError AggregateError Iterator Array parseInt parseFloat isNaN isFinite " +
    "queueMicrotask decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape " +
    "Number Boolean String Math Reflect Symbol BigInt Date RegExp JSON Proxy Map Set WeakMap " +
    "WeakSet ArrayBuffer Uint8ClampedArray Int8Array Uint8Array Int16Array Uint16Array Int32Array " +
    "Uint32Array BigInt64Array BigUint64Array Float16Array Float32Array Float64Array DataView " +
    "Promise WeakRef FinalizationRegistry SuppressedError eval btoa atob"
  ).split(" "),
);
const isBuiltin = (name, value) => NAMES.has(name) && value !== undefined;

function allowOwn(holder, which = () => true) {
  for (const key of ownKeys(holder)) {
    const found = getOwnPropertyDescriptor(holder, key);
    if (!("value" in found) || !found.configurable || key === "length") continue;
    const { value } = found;
    if (!which(key, value)) continue;
    defineProperty(holder, key, {
      get: () => value,
      set(given) {
        if (this === holder || this === undefined || this === null) {
          throw new TypeError(`${String(key)} is built in and cannot be replaced`);
        }
        defineProperty(this, key, {
          value: given, writable: true, enumerable: true, configurable: true,
        });
      },
      enumerable: found.enumerable,
      configurable: false,
    });
  }
}

function lockFunctions(holder) {
  for (const key of ownKeys(holder)) {
    const found = getOwnPropertyDescriptor(holder, key);
    for (const part of [found.value, found.get, found.set]) {
      if (typeof part === "function") Object.freeze(part);
    }
  }
}
