// The submission's files take the network's place: links and scripts find their text here, and
// scripts run as scripts, so that top-level functions and constants are the page's own globals.
import { HTMLElement, HTMLLinkElement, HTMLScriptElement, PropertySymbol } from "happy-dom";
import { describeError } from "./show.js";

const SCRIPT_TYPES = ["", "text/javascript", "application/javascript", "module"];

export function connectFiles(window, run, out) {
  const self = { texts: {}, firstFailure: null, begin, runDeferred, failed };
  let deferred = [];
  let parsing = true;
  const ran = new WeakSet();

  const text = (url) => {
    const name = String(url).replace(/^\.?\//, "").replace(/[?#].*$/, "");
    return Object.hasOwn(self.texts, name) ? { name, text: self.texts[name] } : null;
  };

  function begin(texts) {
    self.texts = texts;
    parsing = true;
  }

  function failed(wrong, name) {
    const told = typeof wrong === "string" ? fromEngine(wrong, name) : describeError(wrong);
    const words = `${told.type}: ${told.message}`;
    out.line(`Uncaught ${words}`);
    self.firstFailure ??= JSON.stringify({ ...told, file: name ?? "" });
    try {
      window.dispatchEvent(new window.ErrorEvent("error", { message: words }));
    } catch {
      // a listener of the page threw in its turn
    }
  }

  function runScript(element) {
    if (ran.has(element) || !SCRIPT_TYPES.includes(element.type)) return;
    const src = element.getAttribute("src");
    const found = src === null ? { name: "index.html", text: element.textContent } : text(src);
    if (found === null) {
      out.line(`There is no file ${src}.`);
      return;
    }
    if (src === null && found.text.trim() === "") return;
    ran.add(element);
    const job = () => {
      window.document[PropertySymbol.currentScript] = element;
      const source =
        element.type === "module" ? `(async () => {"use strict";${found.text}\n})()` : found.text;
      const wrong = run(source);
      window.document[PropertySymbol.currentScript] = null;
      if (wrong) failed(wrong, found.name);
    };
    const later =
      element.type === "module" || (src !== null && (element.defer || element.async));
    if (parsing && later) deferred.push(job);
    else job();
  }

  function runDeferred() {
    parsing = false;
    for (const job of deferred) job();
    deferred = [];
  }

  function loadStyle(link) {
    const rel = (link.getAttribute("rel") ?? "").toLowerCase().split(/\s+/);
    const href = link.getAttribute("href");
    if (!rel.includes("stylesheet") || href === null || !link[PropertySymbol.isConnected]) return;
    const found = text(href);
    if (found === null) {
      if (!/^https?:/.test(href)) out.line(`There is no file ${href}.`);
      return;
    }
    const sheet = new window.CSSStyleSheet();
    sheet.replaceSync(found.text);
    link[PropertySymbol.sheet] = sheet;
    window.document[PropertySymbol.clearComputedStyleCache]();
  }

  const { connectedToDocument, onSetAttribute } = PropertySymbol;
  for (const [kind, act] of [[HTMLScriptElement, runScript], [HTMLLinkElement, loadStyle]]) {
    kind.prototype[connectedToDocument] = function () {
      HTMLElement.prototype[connectedToDocument].call(this);
      act(this);
    };
    kind.prototype[onSetAttribute] = function (attribute, replaced) {
      HTMLElement.prototype[onSetAttribute].call(this, attribute, replaced);
      if (this[PropertySymbol.isConnected]) act(this);
    };
  }
  return self;
}

// "TypeError: x is not a function\n    at <eval> (<input>:3:5)" as its parts.
function fromEngine(text, name) {
  const [first, ...frames] = text.split("\n");
  const ours = frames.findIndex((frame) => frame.includes(" job ("));
  const stack = ours < 0 ? frames : frames.slice(0, ours);
  const [, type, message] = first.match(/^(\w+): ?([\s\S]*)$/) ?? ["", "Error", first];
  return { type, message, stack: stack.join("\n").replaceAll("<input>", name ?? "script") };
}
