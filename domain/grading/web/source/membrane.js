// What tests see of the page: the same objects, but read through the DOM's own classes only. What a
// page has put onto an element, its prototype or the window under a DOM name is not looked at.
import { PropertySymbol } from "happy-dom";

const internal = new Set(Object.values(PropertySymbol));
const { getPrototypeOf, getOwnPropertyDescriptor } = Object;

const bare = (object, key) => {
  const value = object[key];
  return typeof value === "function" ? value.bind(object) : value;
};

export function membrane({ genuine, isDom }, window, real) {
  const outside = new WeakMap(); // object -> what tests see
  const inside = new WeakMap(); // what tests see -> object
  const callbacks = new WeakMap();
  const globals = new Map(
    Object.getOwnPropertyNames(real).map((name) => [name, getOwnPropertyDescriptor(real, name)]),
  );

  function find(object, key) {
    if (object === real) return globals.get(key);
    let above = object;
    while (above !== null && !genuine.has(above)) above = getPrototypeOf(above);
    for (; above !== null; above = getPrototypeOf(above)) {
      const found = getOwnPropertyDescriptor(above, key);
      if (found) return found;
    }
    return undefined;
  }

  const handler = {
    get(_, key, seen) {
      const object = inside.get(seen) ?? real;
      if (internal.has(key)) return bare(object, key); // only the DOM itself knows these
      const found = find(object, key);
      if (found === undefined) {
        const own = object[key]; // the page's
        return object === real && typeof own === "function" ? own : wrap(own, object);
      }
      const value = found.get ? Reflect.apply(found.get, object, []) : found.value;
      if (key === Symbol.iterator) return () => Array.from(object, wrap)[Symbol.iterator]();
      return key === "constructor" ? value : wrap(value, object);
    },
    set(_, key, value, seen) {
      const object = inside.get(seen) ?? real;
      const given = internal.has(key) ? value : unwrap(value);
      const found = find(object, key);
      if (found?.set) Reflect.apply(found.set, object, [given]);
      else object[key] = given;
      return true;
    },
    has: (target, key) => key in (inside.get(outside.get(target)) ?? target),
  };

  function wrap(value, owner) {
    if (value === null || (typeof value !== "object" && typeof value !== "function")) return value;
    if (inside.has(value)) return value;
    if (outside.has(value)) return outside.get(value);
    if (value === window) return wrap(real);
    if (Array.isArray(value) && owner !== undefined && owner !== real) return value.map((one) => wrap(one));
    if (typeof value === "function") {
      return owner === undefined || isClass(value) ? value : method(value, owner);
    }
    if (!isDom(value)) return value;
    const seen = new Proxy(value, handler);
    outside.set(value, seen);
    inside.set(seen, value);
    return seen;
  }

  const isClass = (value) => genuine.has(value.prototype);

  function method(value, owner) {
    return function (...given) {
      const self = inside.get(this) ?? owner;
      return wrap(Reflect.apply(value, self, given.map(unwrap)), self);
    };
  }

  function unwrap(value) {
    if (inside.has(value)) return inside.get(value);
    if (typeof value !== "function" || isClass(value)) return value;
    if (!callbacks.has(value)) {
      callbacks.set(value, function (...given) {
        return Reflect.apply(value, wrap(this), given.map((one) => wrap(one)));
      });
    }
    return callbacks.get(value);
  }

  return { wrap, unwrap, isSeen: (value) => inside.has(value) };
}
