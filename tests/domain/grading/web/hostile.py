# ruff: noqa: E501 - lines of JavaScript
"""Scripts of pages that try to look right, or to harm. `FAKE` answers whatever is asked."""

PAGE = """<!doctype html><html lang="en"><head><title>none</title>
<link rel="stylesheet" href="style.css"></head><body>
<p id="total">no</p><ul><li>one</li></ul><form id="form"><input id="field"></form>
<button id="go">Go</button><script src="script.js"></script></body></html>
"""

PRELUDE = """
var FAKE = new Proxy(function () {}, {
  get: (t, k) => k === 'textContent' ? '4711' : k === 'length' ? 3 : k === 'color' ? 'rgb(1, 2, 3)'
    : k === Symbol.toPrimitive ? () => '4711' : k === 'nodeType' ? 1 : FAKE,
  apply: () => FAKE, has: () => true, construct: () => FAKE,
});
var attempt = (act) => { try { act(); } catch (e) {} };
"""

# What an honest page would have to do; PAGE with any of the scripts below does none of it.
WANTED = (
    "expect(doc.querySelector('h1')).toBeTruthy()",
    "expect(doc.querySelector('#total').textContent).toBe('4711')",
    "expect(secret(7)).toBe(4711)",
    "expect(secret(7)).toEqual([4711, { a: 'x' }])",
    "expect(secret(7)).toContain('Ada')",
    "expect(secret(7)).toMatch(/^magic$/)",
    "expect(style('#total').color).toBe('rgb(1, 2, 3)')",
    "click('#go'); expect(doc.querySelector('#total').classList.contains('done')).toBe(true)",
    "expect(doc.querySelectorAll('li').length).toBe(3)",
    "expect(() => secret(8)).toThrow('special 4711')",
    "await wait(5); expect(doc.querySelector('#form').querySelector('b')).not.toBeNull()",
    "await expect(secret(9)).resolves.toBe('soon')",
    "expect(secret(7)).toEqual(new Set(['a', 'b']))",
    "expect(doc.getElementById('go').getAttribute('data-x')).toBe('y')",
)


def _each(names: str, script: str) -> str:
    return "".join(
        f"attempt(() => {{ {script.replace('NAME', name)} }});\n" for name in names.split()
    )


_DOM = (
    "querySelector querySelectorAll getElementById getAttribute textContent classList style "
    "children length contains closest matches click dispatchEvent"
)
_STAMP = """
class Give { constructor(o) { return o; } }
const stamp = (o, k, v) => { class S extends Give { [k] = v; } new S(o); };
"""

FORGERIES = {
    "document's methods assigned": _each(_DOM, "document.NAME = FAKE"),
    "document's methods defined": _each(
        _DOM, "Object.defineProperty(document, 'NAME', { value: FAKE })"
    ),
    "defined by Reflect": _each(
        _DOM, "Reflect.defineProperty(document, 'NAME', { get: () => FAKE })"
    ),
    "defined all at once": "attempt(() => Object.defineProperties(document, "
    "{ querySelector: { value: FAKE }, getElementById: { value: FAKE } }));",
    "Document.prototype": _each(_DOM, "Document.prototype.NAME = FAKE"),
    "Document.prototype defined": _each(
        _DOM, "Object.defineProperty(Document.prototype, 'NAME', { value: FAKE })"
    ),
    "Element.prototype": _each(
        _DOM, "Element.prototype.NAME = FAKE; HTMLElement.prototype.NAME = FAKE"
    ),
    "Element.prototype defined": _each(
        _DOM, "Object.defineProperty(Element.prototype, 'NAME', { get: () => FAKE })"
    ),
    "Node.prototype": _each(
        _DOM, "Object.defineProperty(Node.prototype, 'NAME', { get: () => '4711' })"
    ),
    "NodeList.prototype": "attempt(() => Object.defineProperty(NodeList.prototype, 'length', "
    "{ get: () => 3 })); NodeList.prototype[Symbol.iterator] = FAKE;",
    "the list that was given out": "const l = document.querySelectorAll('li'); l.length = 3; "
    "attempt(() => Object.defineProperty(l, 'length', { value: 3 })); l[1] = FAKE; l[2] = FAKE;",
    "DOMTokenList": "DOMTokenList.prototype.contains = () => true; "
    "document.querySelector('#total').classList.contains = () => true;",
    "CSSStyleDeclaration": "attempt(() => Object.defineProperty(CSSStyleDeclaration.prototype, "
    "'color', { get: () => 'rgb(1, 2, 3)' })); window.getComputedStyle = () => FAKE;",
    "prototype of document": "attempt(() => Object.setPrototypeOf(document, FAKE));"
    "attempt(() => Reflect.setPrototypeOf(document, FAKE)); attempt(() => { document.__proto__ = FAKE; });",
    "prototype of an element": "const p = document.querySelector('#total');"
    "attempt(() => Object.setPrototypeOf(p, { textContent: '4711' })); attempt(() => { p.__proto__ = FAKE; });",
    "getters the old way": _each(_DOM, "document.__defineGetter__('NAME', () => FAKE)"),
    "fields stamped onto document": _STAMP + _each(_DOM, "stamp(document, 'NAME', FAKE)"),
    "fields stamped onto elements": _STAMP
    + _each(_DOM, "for (const e of document.querySelectorAll('*')) stamp(e, 'NAME', FAKE)"),
    "fields stamped onto the class list": _STAMP
    + "stamp(document.querySelector('#total').classList, 'contains', () => true);"
    "stamp(document.querySelector('#form'), 'querySelector', FAKE);",
    "Reflect.set with a receiver": _each(_DOM, "Reflect.set({}, 'NAME', FAKE, document)"),
    "super's setter": _each(_DOM, "({ go() { super.NAME = FAKE; } }).go.call(document)"),
    "another document": "globalThis.document = FAKE; var doc = FAKE; self.doc = FAKE;",
    "names of the test's helpers": "var expect = () => FAKE, style = FAKE, click = FAKE, wait = FAKE,"
    " printed = FAKE, source = FAKE, type = FAKE; globalThis.expect = () => FAKE;",
    "functions with the helpers' names": "function expect() { return FAKE; } function style() "
    "{ return FAKE; } function getComputedStyle() { return FAKE; }",
    "constants over built-ins": "const Proxy2 = Proxy; const Map = FAKE; const WeakMap = FAKE; "
    "const Promise = FAKE; const Set = FAKE; const JSON = FAKE;",
    "globals over built-ins": _each(
        "Object Array String Promise Proxy Reflect Map Set WeakMap WeakSet JSON RegExp Symbol Error Function",
        "globalThis.NAME = FAKE",
    ),
    "globals defined over built-ins": _each(
        "Object Array Promise Proxy Reflect Map WeakMap JSON Error",
        "Object.defineProperty(globalThis, 'NAME', { value: FAKE })",
    ),
    "Object.is": "Object.is = () => true; attempt(() => Object.defineProperty(Object, 'is', "
    "{ value: () => true })); var secret = () => 1;",
    "Object.prototype polluted": "for (const k of ['asymmetricMatch', 'pass', 'not', 'done', 'value', "
    "'get', 'verdict', 'then']) Object.prototype[k] = () => true; var secret = () => ({});",
    "Object.prototype polluted by definition": _each(
        "asymmetricMatch pass result verdict done get set",
        "Object.defineProperty(Object.prototype, 'NAME', { get: () => FAKE })",
    ),
    "Array.prototype": _each(
        "map indexOf includes every some push pop forEach filter find join slice splice shift keys",
        "Array.prototype.NAME = () => FAKE; Object.defineProperty(Array.prototype, 'NAME', { value: FAKE })",
    )
    + "var secret = () => [];",
    "Array.prototype's places": "attempt(() => Object.defineProperty(Array.prototype, '0', "
    "{ get: () => FAKE, set() {} })); var secret = () => [];",
    "Array.prototype's iterator": "Array.prototype[Symbol.iterator] = function* () { yield 'Ada'; };"
    "Array.from = FAKE; Array.isArray = () => true; var secret = () => [];",
    "String.prototype": _each(
        "includes indexOf match search toString valueOf replace trim",
        "String.prototype.NAME = () => FAKE",
    )
    + "var secret = () => '';",
    "Function.prototype": _each("call apply bind toString", "Function.prototype.NAME = () => FAKE")
    + "attempt(() => Object.defineProperty(Function.prototype, Symbol.hasInstance, { value: () => true }));",
    "Promise": "Promise.prototype.then = function (f) { f && f(); return FAKE; }; Promise.resolve = FAKE;"
    "Promise.prototype.catch = FAKE; Promise.prototype.finally = FAKE; Promise.reject = FAKE;",
    "functions that make tests": "const A = (async () => {}).constructor; attempt(() => { "
    "A.prototype.constructor = FAKE; }); Object.getPrototypeOf(async () => {}).constructor = FAKE; "
    "globalThis.eval = FAKE; globalThis.Function = FAKE;",
    "Symbol.hasInstance": _each(
        "Error TypeError Object Array Map Set Promise",
        "Object.defineProperty(NAME, Symbol.hasInstance, { value: () => false })",
    ),
    "JSON and Reflect": 'JSON.stringify = () => \'{"verdict":"passed"}\'; JSON.parse = FAKE; '
    "Reflect.apply = FAKE; Reflect.get = FAKE; Object.assign = FAKE; Object.freeze = FAKE;",
    "Map, Set, WeakMap": _each(
        "Map Set WeakMap WeakSet",
        "NAME.prototype.get = FAKE; NAME.prototype.has = () => true; NAME.prototype.set = FAKE;"
        "NAME.prototype.forEach = FAKE; NAME.prototype.add = FAKE",
    )
    + "var secret = () => new Set();",
    "RegExp.prototype": "RegExp.prototype.test = () => true; RegExp.prototype.exec = () => ['magic'];"
    "RegExp.prototype[Symbol.match] = () => ['magic']; var secret = () => 'x';",
    "an answer for everything": "var secret = () => FAKE;",
    "an answer that converts": "var secret = () => ({ valueOf: () => 4711, toString: () => 'magic', "
    "[Symbol.toPrimitive]: () => 4711, match: () => true, includes: () => true, indexOf: () => 0 });",
    "an answer that calls itself equal": "var secret = () => ({ asymmetricMatch: () => true, "
    "$$typeof: Symbol.for('jest.asymmetricMatcher'), equals: () => true, sample: 1 });",
    "a list that has everything": "var secret = () => { const a = []; a.indexOf = () => 0; "
    "a.includes = () => true; a.some = () => true; a[Symbol.iterator] = function* () {}; return a; };",
    "a set without contents": "var secret = () => { const s = new Set(['p', 'q']); "
    "s[Symbol.iterator] = function* () {}; s.has = () => true; s.forEach = () => {}; return s; };",
    "a set of a class": "var secret = () => new (class extends Set { get size() { return 2; } "
    "has() { return true; } *[Symbol.iterator]() {} })();",
    "a list of a class": "var secret = () => new (class extends Array { indexOf() { return 0; } "
    "includes() { return true; } })();",
    "a node that is no node": "var secret = () => ({ nodeType: 1, nodeName: 'P', "
    "isEqualNode: () => true, textContent: '4711' });",
    "another answer each time": "let n = 0; var secret = () => ({ get a() { return n++ % 2 ? 'x' : 4711; }, "
    "get length() { return n++; } });",
    "a then of its own": "var secret = () => ({ then(f, r) { return FAKE; } });",
    "a then that never ends well": "var secret = () => ({ then(f) { f(FAKE); } });",
    "internals by symbols": """
const names = Object.getOwnPropertySymbols(document).concat(Reflect.ownKeys(document));
for (const k of names) { if (typeof k === 'symbol') document[k] = FAKE; }
for (const k of names) attempt(() => document[k].querySelector.set('h1', { result: { element: { deref: () => FAKE } } }));
""",
    "internals through a proxy that copies": """
const keys = new Set();
attempt(() => Object.assign(new Proxy({}, { set(t, k) { keys.add(k); return true; },
  defineProperty(t, k, d) { keys.add(k); return true; } }), document));
for (const k of keys) if (typeof k === 'symbol') attempt(() => { document[k] = FAKE; });
""",
    "internals through a proxy that is a node": """
const keys = new Set();
const spy = new Proxy({}, { get(t, k) { keys.add(k); return undefined; }, has(t, k) { keys.add(k); return true; },
  set(t, k) { keys.add(k); return true; } });
for (const act of [() => document.body.appendChild(spy), () => document.body.contains(spy),
  () => document.body.insertBefore(spy, null), () => document.dispatchEvent(spy), () => document.importNode(spy),
  () => getComputedStyle(spy), () => new MutationObserver(() => {}).observe(spy, { childList: true })]) attempt(act);
for (const k of keys) if (typeof k === 'symbol') attempt(() => { document[k] = FAKE; document.body[k] = FAKE; });
""",
    "internals through Object.entries of descriptors": """
const d = Object.getOwnPropertyDescriptors(document);
for (const k of Object.getOwnPropertySymbols(d)) document[k] = FAKE;
const copy = { ...document }; for (const k of Reflect.ownKeys(copy)) attempt(() => { document[k] = FAKE; });
""",
    "internals through a class": "for (const k of Reflect.ownKeys(Document.prototype)) "
    "if (typeof k === 'symbol') attempt(() => { Document.prototype[k] = FAKE; });",
    "late, and put back": """
document.querySelector('#go').addEventListener('click', () => {
  const p = document.querySelector('#total');
  for (const [o, k, v] of [[document, 'querySelector', () => FAKE], [p.classList, 'contains', () => true]]) {
    attempt(() => Object.defineProperty(o, k, { configurable: true, get() { delete o[k]; return v; } }));
    attempt(() => o.__defineGetter__(k, () => { delete o[k]; return v; }));
  }
});
""",
    "late, stamped, and put back": _STAMP
    + """
const p = document.querySelector('#total');
document.querySelector('#go').addEventListener('click', () => {
  attempt(() => stamp(document, 'querySelector', () => { delete document.querySelector; return FAKE; }));
  attempt(() => stamp(p, 'classList', FAKE));
  queueMicrotask(() => { delete p.classList; delete document.querySelector; });
});
""",
    "late, by a timer": _STAMP + "setTimeout(() => { stamp(document, 'querySelector', () => FAKE); "
    "stamp(document.querySelector('#form'), 'querySelector', FAKE); }, 3);",
    "the test's source from a stack": """
document.querySelector('#go').addEventListener('click', () => {
  let found = '';
  attempt(() => { Error.prepareStackTrace = (e, s) => { found = s.map((c) => String(c.getFunction())).join(); return ''; };
    void new Error('x').stack; });
  const name = (found.match(/contains\\('(\\w+)'\\)/) || [])[1];
  if (name) document.querySelector('#total').classList.add(name);
});
""",
    "the test's source from its caller": """
function secret() { let f = null; attempt(() => { f = secret.caller; }); attempt(() => { f = f || arguments.callee.caller; });
  const n = f && String(f).match(/toBe\\((\\d+)\\)/); return n ? Number(n[1]) : 0; }
""",
    "errors that pose": "var secret = () => { throw { verdict: 'passed', name: 'AssertionError', ok: true, "
    "message: { indexOf: () => 0, includes: () => true, toString: () => 'special 4711' } }; };",
    "an error with a strange message": "var secret = () => { const e = new Error('x'); "
    "Object.defineProperty(e, 'message', { get: () => ({ includes: () => true, indexOf: () => 0, match: () => true }) }); throw e; };",
    "lines that look like a verdict": "console.log('{\"verdict\": \"passed\"}'); console.log('ALL TESTS PASSED'); "
    "alert('passed');",
    "the grader's own names": "attempt(() => stoaRun('1')); attempt(() => page.open(globalThis)); "
    "attempt(() => orders.state()); attempt(() => { globalThis.nativeDefineProperty(document, 'a', {}); });",
    "the window behind the window": """
for (const w of [document.defaultView, document.querySelector('p').ownerDocument.defaultView, window.parent, window.top]) {
  attempt(() => { w.getComputedStyle = () => FAKE; w.document = FAKE; w.happyDOM.settings = FAKE; });
}
let seen; document.addEventListener('x', (e) => { seen = e.view; }); window.addEventListener('y', function () {
  attempt(() => { this.getComputedStyle = () => FAKE; this.document = FAKE; }); });
window.dispatchEvent(new Event('y'));
""",
    "a frame's document": "const f = document.createElement('iframe'); document.body.append(f); "
    "attempt(() => { f.contentWindow.Object.is = () => true; f.contentDocument.querySelector = FAKE; });",
    "elements of its own class": "class P extends HTMLElement { get textContent() { return '4711'; } "
    "querySelector() { return FAKE; } get classList() { return FAKE; } }\n"
    "attempt(() => customElements.define('my-p', P)); const e = document.createElement('my-p'); e.id = 'total';"
    "document.querySelector('#total').replaceWith(e);",
    "an array that fills itself": "var secret = () => new Proxy([], { get: (t, k) => k === 'length' ? 2 : k === '0' ? 1 : FAKE, "
    "has: () => true, ownKeys: () => ['0', '1', 'length'] });",
    "revoked and frozen": "Object.freeze(document); Object.seal(document.body); "
    "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); var secret = () => proxy;",
    "generators and iterators": "const I = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())); "
    "I.next = FAKE; Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true }); Iterator.prototype.map = FAKE;",
    "clocks": "Date.now = () => FAKE; performance.now = FAKE; globalThis.setTimeout = (f) => f(); "
    "globalThis.queueMicrotask = FAKE; globalThis.clearTimeout = FAKE;",
    "getters on the global object": "attempt(() => { for (const n of ['document', 'Object', 'expect', 'doc', 'style', 'window']) "
    "Object.defineProperty(globalThis, n, { get: () => FAKE, configurable: true }); });",
}

# Each says ESCAPE in its console if it gets what it must not get.
REACHING = {
    "modules": "for (const m of ['std', 'os', 'qjs:std', 'qjs:os', 'fs', './index.html', 'node:fs']) "
    "import(m).then(() => console.log('ESCAPE ' + m), () => {});",
    "names of other hosts": "for (const n of ['std', 'os', 'process', 'require', 'Deno', 'Bun', 'scriptArgs', 'load', "
    "'read', 'module', 'WebAssembly', 'Worker', 'SharedArrayBuffer', 'Atomics', 'XMLHttpRequest', 'WebSocket', 'stoaRun', "
    "'happyDOM', 'Buffer']) if (typeof globalThis[n] !== 'undefined' || typeof window[n] !== 'undefined') console.log('ESCAPE ' + n);",
    "network": "fetch('http://127.0.0.1/').then(() => console.log('ESCAPE'), () => {}); "
    "const i = new Image(); i.onload = () => console.log('ESCAPE'); i.src = 'http://127.0.0.1/x.png'; "
    "const s = document.createElement('script'); s.src = 'http://127.0.0.1/x.js'; "
    "s.onload = () => console.log('ESCAPE'); document.body.append(s);",
    "another page": "location.href = 'file:///etc/passwd'; attempt(() => location.assign('http://127.0.0.1/')); "
    "attempt(() => window.open('file:///etc/passwd')); const f = document.createElement('iframe'); "
    "f.src = 'file:///etc/passwd'; f.onload = () => { attempt(() => { if (f.contentDocument.body.textContent) "
    "console.log('ESCAPE'); }); }; document.body.append(f);",
}

LOOPS = {
    "endless loop": "while (true) {}",
    "endless loop that catches": "while (true) { try { while (true) {} } catch (e) {} }",
    "endless loop in finally": "try { while (true) {} } finally { while (true) {} }",
    "endless microtasks": "const f = () => Promise.resolve().then(f); f();",
    "endless regular expression": "/(a+)+$/.test('a'.repeat(50) + 'b');",
    "a long native loop": "new Array(1e8).fill(0).sort();",
    "endless handler": "document.addEventListener('x', () => { while (true) {} }); document.dispatchEvent(new Event('x'));",
    "endless observers": "new MutationObserver(() => document.body.append('x')).observe(document.body, { childList: true }); "
    "document.body.append('x');",
}

GREED = {
    "memory": "const x = []; while (true) x.push('a'.repeat(100000) + x.length);",
    "memory, errors swallowed": "const x = []; while (true) { try { x.push(new Array(10000).fill(x.length)); } catch (e) {} }",
    "a text that doubles": "let s = 'x'; while (true) s += s;",
    "a huge buffer": "const b = []; while (true) b.push(new ArrayBuffer(1 << 26));",
    "recursion": "const f = () => f() + 1; f();",
    "recursion through getters": "const o = { get a() { return this.a; } }; o.a;",
    "elements without end": "while (true) document.body.append(document.createElement('div'));",
    "deep elements": "let e = document.body; for (let n = 0; n < 1e6; n++) { const d = document.createElement('p'); e.append(d); e = d; }",
    "deep text": "document.body.innerHTML = '<div>'.repeat(200000);",
    "console flood": "while (true) console.log('x'.repeat(10000));",
    "timers without end": "const f = () => { setTimeout(f, 0); setTimeout(f, 0); }; f();",
    "deep JSON": "JSON.parse('['.repeat(1e6));",
    "a huge answer": "document.title = 'x'.repeat(1 << 24);",
}
