// `expect` with the matchers people know from Jest and Vitest. Comparison is strict, and values of
// the page are copied first where a matcher would otherwise ask them: an array with an `indexOf` of
// its own, or an object that calls itself equal to everything, is no more than what it holds.
import * as chai from "chai";
import {
  ASYMMETRIC_MATCHERS_OBJECT, customMatchers, GLOBAL_EXPECT, JestAsymmetricMatchers, JestChaiExpect,
  JestExtend, setState,
} from "@vitest/expect";
import { describeError, quoted, show } from "./show.js";

const BY_VALUE = new Set([
  "toEqual", "toStrictEqual", "toContain", "toContainEqual", "toMatchObject", "toBeOneOf",
  "toHaveProperty", "toHaveLength",
]);
const ONLY = { toMatch: "string", toBeCloseTo: "number" };
const MATCHER = /^to[A-Z]/;
const ABSENT = /Called|Return|Resolved|Snapshot|Satisfy/; // there are no spies and no snapshots
const DEEPEST = 50;

export function assertions(glass) {
  chai.use(JestExtend);
  chai.use(JestChaiExpect);
  chai.use(JestAsymmetricMatchers);
  globalThis[GLOBAL_EXPECT] = chai.expect;
  setState({ assertionCalls: 0 }, chai.expect);
  chai.expect.extend(chai.expect, customMatchers);
  const { AssertionError } = chai;
  let waiting = [];

  const fail = (message) => {
    throw new AssertionError(message, { showDiff: false });
  };

  function apply(value, negate, name, given) {
    const kind = ONLY[name];
    if (kind && typeof value !== kind) fail(`expected a ${kind}, got ${show(value)}`);
    let subject = glass.wrap(value);
    if (BY_VALUE.has(name)) subject = plain(subject, glass);
    if (name.startsWith("toThrow") && typeof value === "function") subject = thrower(value);
    const assertion = chai.expect(subject);
    const matcher = (negate ? assertion.not : assertion)[name];
    Reflect.apply(matcher, negate ? assertion.not : assertion, given.map((one) => glass.wrap(one)));
  }

  function later(value, negate, mode, name, given) {
    const promise = (async () => {
      let settled;
      let threw = false;
      try {
        settled = await (typeof value === "function" && mode === "rejects" ? value() : value);
      } catch (wrong) {
        threw = true;
        settled = wrong;
      }
      if (threw && mode === "resolves") fail(`the promise was rejected: ${show(settled)}`);
      if (!threw && mode === "rejects") fail(`the promise should be rejected, got ${show(settled)}`);
      const thrown = name.startsWith("toThrow");
      apply(thrown ? () => { throw settled; } : settled, negate, name, given);
    })();
    waiting.push(promise);
    promise.catch(() => {});
    return promise;
  }

  const facade = (value, negate, mode) =>
    new Proxy(Object.freeze({}), {
      get(_, name) {
        if (name === "not") return facade(value, !negate, mode);
        if (name === "resolves" || name === "rejects") return facade(value, negate, name);
        const known = typeof name === "string" && MATCHER.test(name) && !ABSENT.test(name);
        if (!known || !(name in chai.Assertion.prototype)) {
          throw new TypeError(`expect has no ${String(name)}`);
        }
        return (...given) => (mode ? later(value, negate, mode, name, given) : apply(value, negate, name, given));
      },
    });

  const expect = (value) => facade(value, false, "");
  const matchers = { ...globalThis[ASYMMETRIC_MATCHERS_OBJECT] };
  for (const name of [
    "any", "anything", "arrayContaining", "closeTo", "objectContaining", "stringContaining",
    "stringMatching",
  ]) {
    const make = matchers[name] ?? chai.expect[name];
    expect[name] = (...given) => Reflect.apply(make, chai.expect, given);
    Object.freeze(expect[name]);
  }
  expect.unreachable = (message = "this should not be reached") => fail(message);
  Object.freeze(expect);

  // Waits for what `resolves` and `rejects` have begun, awaited or not.
  async function settle() {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await one;
  }
  const begin = () => {
    waiting = [];
  };

  function judge(wrong) {
    try {
      if (wrong instanceof AssertionError) {
        const told = { verdict: "failed", message: describeError(wrong).message.split("\n")[0] };
        if ("expected" in wrong && wrong.showDiff !== false) {
          told.expected = quoted(wrong.expected);
          told.got = quoted(wrong.actual);
        }
        return told;
      }
    } catch {
      // a thrown proxy can refuse every question
    }
    return { verdict: "raised", ...describeError(wrong) };
  }
  return { expect, judge, settle, begin };
}

// What a thrown error says is asked once, so that `toThrow("text")` compares a text.
function thrower(value) {
  return () => {
    try {
      return value();
    } catch (wrong) {
      if (wrong === null || typeof wrong !== "object") throw wrong;
      const { message } = wrong;
      throw Object.create(Object.getPrototypeOf(wrong), {
        message: { value: typeof message === "string" ? message : show(message) },
      });
    }
  };
}

// The same value without anything that answers for itself.
function plain(value, glass, depth = 0, seen = new Map()) {
  if (value === null || typeof value !== "object") return value;
  if (glass.isSeen(value) || depth > DEEPEST) return value;
  if (seen.has(value)) return seen.get(value);
  const inner = (item) => plain(glass.wrap(item), glass, depth + 1, seen);
  if (Array.isArray(value)) {
    const copy = [];
    seen.set(value, copy);
    const length = Math.min(Number(value.length), 1_000_000);
    for (let index = 0; index < length; index++) {
      if (index in value) copy.push(inner(value[index]));
      else copy.length += 1;
    }
    return copy;
  }
  if (value instanceof Map && tagged(Map, value)) {
    const copy = new Map();
    seen.set(value, copy);
    Map.prototype.forEach.call(value, (item, key) => copy.set(inner(key), inner(item)));
    return copy;
  }
  if (value instanceof Set && tagged(Set, value)) {
    const copy = new Set();
    seen.set(value, copy);
    Set.prototype.forEach.call(value, (item) => copy.add(inner(item)));
    return copy;
  }
  if (value instanceof Date || value instanceof RegExp || value instanceof Error) return value;
  if (value instanceof Promise || ArrayBuffer.isView(value)) return value;
  const copy = Object.create(Object.getPrototypeOf(value));
  seen.set(value, copy);
  for (const key of Reflect.ownKeys(value)) {
    const found = Object.getOwnPropertyDescriptor(value, key);
    if (!found?.enumerable) continue;
    Object.defineProperty(copy, key, {
      value: inner(value[key]), writable: true, enumerable: true, configurable: true,
    });
  }
  return copy;
}

function tagged(kind, value) {
  try {
    kind.prototype.has.call(value, undefined);
    return true;
  } catch {
    return false;
  }
}
