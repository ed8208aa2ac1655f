// A page and its tests in one engine: `open` is called once, before any page is known, and gives the
// grader its only handle. Everything that decides about a test lives in this closure.
import { GlobalWindow, PropertySymbol } from "happy-dom";
import { elapse, elapsed, nextTimer, VirtualDate } from "./host.js";
import * as host from "./host.js";
import { installConsole } from "./console.js";
import { lock } from "./lock.js";
import { connectFiles } from "./files.js";
import { membrane } from "./membrane.js";
import { assertions } from "./expect.js";
import { repair } from "./repairs.js";
import { describeError } from "./show.js";
import { helpers } from "./helpers.js";

const SETTLE_MS = 50; // virtual time that a page gets after it has loaded
const LONGEST_MS = 120_000; // virtual time that one test may wait for

const AsyncFunction = (async () => {}).constructor;
const NOT_FOR_PAGES = [
  "happyDOM", "Buffer", "global", "process", "fetch", "XMLHttpRequest", "XMLHttpRequestUpload",
  "XMLHttpRequestEventTarget", "WebSocket", "Request", "Response", "Headers", "FileReader",
  "setImmediate", "clearImmediate", "require", "module", "exports", "close", "open", "stop",
];

export function open(real) {
  const run = real.stoaRun; // the engine's own way to run a script, given by the grader
  delete real.stoaRun;
  for (const name of ["Atomics", "SharedArrayBuffer", "DisposableStack", "AsyncDisposableStack"]) {
    delete real[name];
  }
  const out = installConsole();
  const window = new GlobalWindow({
    console: out.console,
    url: "http://localhost/index.html",
    settings: {
      enableJavaScriptEvaluation: true,
      suppressInsecureJavaScriptEnvironmentWarning: true,
      handleDisabledFileLoadingAsSuccess: true,
      navigation: {
        disableMainFrameNavigation: true,
        disableChildFrameNavigation: true,
        disableChildPageNavigation: true,
      },
    },
  });
  const { document } = window;
  const files = connectFiles(window, run, out);
  let state = null;

  repair(window);
  publish(real, window, out);
  const locks = lock(real, window);
  const glass = membrane(locks, window, real);
  const check = assertions(glass);
  const api = helpers(glass, real, window, out, files, check);
  const names = Object.keys(api);
  const values = Object.values(api);

  function load(texts) {
    files.begin(texts);
    forget(document);
    document[PropertySymbol.readyState] = "loading";
    document.write(texts["index.html"]);
    files.runDeferred();
    document[PropertySymbol.readyState] = "interactive";
    document.dispatchEvent(new window.Event("readystatechange"));
    document.dispatchEvent(new window.Event("DOMContentLoaded", { bubbles: true }));
    document[PropertySymbol.readyState] = "complete";
    document.dispatchEvent(new window.Event("readystatechange"));
    window.dispatchEvent(new window.Event("load"));
  }

  function start(source) {
    state = { done: false, until: elapsed() + LONGEST_MS };
    const mine = state;
    const foul = locks.shadowed(document);
    if (foul) {
      finish(mine, { verdict: "tampered", message: foul });
      return;
    }
    let test;
    try {
      test = new AsyncFunction(...names, `"use strict";\n${source}\n`);
    } catch (wrong) {
      finish(mine, { verdict: "broken", message: describeError(wrong).message });
      return;
    }
    check.begin();
    test(...values).then(check.settle).then(
      () => {
        const late = locks.shadowed(document);
        finish(mine, late ? { verdict: "tampered", message: late } : { verdict: "passed" });
      },
      (wrong) => finish(mine, check.judge(wrong)),
    );
  }

  function finish(mine, result) {
    if (!mine.done) Object.assign(mine, { done: true, result });
  }

  // Runs the next timer that is due; false when there is none.
  function advance(until) {
    const timer = nextTimer(until);
    if (timer === null) return false;
    try {
      if (typeof timer.callback === "function") timer.callback.apply(real, timer.args);
      else (0, real.eval)(String(timer.callback));
    } catch (wrong) {
      files.failed(wrong);
    }
    return true;
  }

  const orders = {
    load: (texts) => load(JSON.parse(texts)),
    start,
    settle: () => advance(SETTLE_MS),
    step: () => {
      if (advance(state.until)) return true;
      elapse(state.until);
      return false;
    },
    state: () => (state.done ? JSON.stringify(state.result) : ""),
    printed: () => out.drain(),
    failure: () => files.firstFailure ?? "",
  };
  return (order, value) => orders[order](value);
}

// Whatever was shown before goes away, and all that the document remembers of it.
function forget(document) {
  document.body?.remove();
  for (const kept of Object.values(document[PropertySymbol.cache])) kept?.clear?.();
  for (const list of [PropertySymbol.affectsCache, PropertySymbol.affectsComputedStyleCache]) {
    for (const item of document[list] ?? []) item.result = null;
  }
  document[PropertySymbol.elementIdMap]?.clear();
  document[PropertySymbol.activeElement] = null;
  document[PropertySymbol.isFirstWrite] = true;
}

// The window's names become the global object's, as in a browser.
function publish(real, window, out) {
  const skip = new Set([...NOT_FOR_PAGES, ...Object.getOwnPropertyNames(real)]);
  const document = window.document;
  for (const name of Object.getOwnPropertyNames(window)) {
    if (skip.has(name)) continue;
    const found = Object.getOwnPropertyDescriptor(window, name);
    Object.defineProperty(real, name, { ...found, configurable: true });
  }
  for (const name of NOT_FOR_PAGES) delete window[name];
  const plain = {
    console: out.console,
    Date: VirtualDate,
    performance: host.performance,
    setTimeout: host.setTimeout,
    setInterval: host.setInterval,
    clearTimeout: host.clearTimeout,
    clearInterval: host.clearInterval,
    requestAnimationFrame: (callback) => host.setTimeout(() => callback(elapsed()), 16),
    cancelAnimationFrame: host.clearTimeout,
    structuredClone: (value) => JSON.parse(JSON.stringify(value)),
    alert: (text) => out.line(`alert: ${text}`),
    confirm: (text) => (out.line(`confirm: ${text}`), true),
    prompt: (text) => (out.line(`prompt: ${text}`), null),
    fetch: () => Promise.reject(new TypeError("There is no network here.")),
    TextEncoder: host.TextEncoder,
    TextDecoder: host.TextDecoder,
  };
  for (const [name, value] of Object.entries(plain)) {
    Object.defineProperty(real, name, {
      value, writable: true, configurable: true, enumerable: false,
    });
  }
  for (const name of ["window", "self", "frames", "parent", "top"]) {
    Object.defineProperty(real, name, { value: real, writable: true, configurable: true });
  }
  Object.defineProperty(Object.getPrototypeOf(Object.getPrototypeOf(document)), "defaultView", {
    get: () => real, configurable: true, enumerable: true,
  });
}
