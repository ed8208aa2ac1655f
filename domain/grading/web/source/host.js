// What the libraries expect of a browser or of Node, without either: virtual time, a console that
// keeps lines, no network, no files. Runs before everything else in the bundle.
const real = globalThis; // the bundle's own object, filled with the true built-ins; no page sees it

const { defineProperty, defineProperties, setPrototypeOf } = Object;
const { ownKeys } = Reflect;
export {
  defineProperty as nativeDefineProperty, defineProperties as nativeDefineProperties,
  setPrototypeOf as nativeSetPrototypeOf, ownKeys as nativeOwnKeys,
};

// The DOM's caches hold their entries weakly. This engine frees such an entry at once, so the caches
// would never be hit; a page lives for one evaluation, so they may hold on.
export class KeptRef {
  constructor(value) {
    this.value = value;
  }
  deref() {
    return this.value;
  }
}

// Time is virtual: it stands still while code runs and jumps to the next timer when nothing is left
// to do, so that a page that waits ten seconds is tested at once.
const RealDate = Date;
const clock = { now: 0, offset: 0, next: 1, timers: new Map() };

function add(callback, delay, args, every) {
  const due = clock.now + Math.max(0, Number(delay) || 0);
  const id = clock.next++;
  clock.timers.set(id, { id, callback, args, due, every });
  return id;
}

export const setTimeout = (callback, delay = 0, ...args) => add(callback, delay, args, null);
export const setInterval = (callback, delay = 0, ...args) =>
  add(callback, delay, args, Math.max(1, Number(delay) || 0));
export const clearTimeout = (id) => void clock.timers.delete(id);
export const clearInterval = clearTimeout;
export const setImmediate = (callback, ...args) => add(callback, 0, args, null);
export const clearImmediate = clearTimeout;
export const queueMicrotask = real.queueMicrotask;

// The next timer that is due by `until` (in virtual milliseconds), taken off the list; or null.
export function nextTimer(until) {
  let found = null;
  for (const timer of clock.timers.values()) {
    if (timer.due <= until && (found === null || timer.due < found.due)) found = timer;
  }
  if (found === null) return null;
  clock.now = Math.max(clock.now, found.due);
  if (found.every === null) clock.timers.delete(found.id);
  else found.due = clock.now + found.every;
  return found;
}

export const elapsed = () => clock.now;
export const elapse = (until) => {
  clock.now = Math.max(clock.now, until);
};

const began = RealDate.now();
const now = () => RealDate.now() + clock.now;
function VirtualDate(...parts) {
  if (new.target === undefined) return new RealDate(now()).toString();
  const given = parts.length === 0 ? [now()] : parts;
  return Reflect.construct(RealDate, given, new.target === VirtualDate ? RealDate : new.target);
}
VirtualDate.prototype = RealDate.prototype;
defineProperty(VirtualDate, "name", { value: "Date" });
VirtualDate.parse = RealDate.parse;
VirtualDate.UTC = RealDate.UTC;
VirtualDate.now = now;
defineProperty(RealDate.prototype, "constructor", { value: VirtualDate });
export { VirtualDate };
export const performance = { now: () => now() - began, timeOrigin: began, mark() {}, measure() {} };

export const process = {
  platform: "linux",
  arch: "x64",
  env: {},
  argv: [],
  version: "",
  versions: {},
  cwd: () => "/",
  on() {},
  off() {},
  nextTick: (callback, ...args) => queueMicrotask(() => callback(...args)),
  listenerCount: () => 0,
};

export class TextEncoder {
  encoding = "utf-8";
  encode(text = "") {
    const binary = unescape(encodeURIComponent(String(text).toWellFormed()));
    return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  }
}

export class TextDecoder {
  encoding = "utf-8";
  decode(bytes = new Uint8Array()) {
    const all = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
    let escaped = "";
    for (const byte of all) escaped += `%${byte.toString(16).padStart(2, "0")}`;
    try {
      return decodeURIComponent(escaped);
    } catch {
      return unescape(escaped);
    }
  }
}

const silent = () => {};

// The assertion library announces its plugins by these; nobody listens.
export class Event {
  constructor(type) {
    this.type = type;
  }
}
export class EventTarget {
  addEventListener() {}
  removeEventListener() {}
  dispatchEvent() {
    return true;
  }
}

export const console = new Proxy({}, { get: () => silent });

Object.assign(real, {
  setTimeout,
  setInterval,
  clearTimeout,
  clearInterval,
  setImmediate,
  clearImmediate,
  performance,
  process,
  console,
  TextEncoder,
  TextDecoder,
});
