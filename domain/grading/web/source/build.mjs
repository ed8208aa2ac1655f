// Builds ../bundle from package-lock.json: page.js, its SHA-256, and the licences of what is inside.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "bundle");
const NODE = [
  "buffer", "child_process", "crypto", "fs", "http", "https", "net", "path", "perf_hooks",
  "stream", "stream/web", "url", "util", "vm", "ws", "zlib",
];
const ALLOWED = new Set(["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"]);
// What the libraries look up by name is handed to them, so that a page cannot replace it.
const BUILTINS = [
  "Object", "Function", "Array", "String", "Number", "Boolean", "Symbol", "BigInt", "Math", "JSON",
  "Reflect", "Proxy", "Promise", "RegExp", "Date", "Map", "Set", "WeakMap", "WeakSet", "WeakRef",
  "Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError",
  "AggregateError", "ArrayBuffer", "DataView", "Uint8Array", "Uint8ClampedArray", "Uint16Array",
  "Uint32Array", "Int8Array", "Int16Array", "Int32Array", "Float32Array", "Float64Array",
  "BigInt64Array", "BigUint64Array", "parseInt", "parseFloat", "isNaN", "isFinite",
  "encodeURIComponent", "decodeURIComponent", "encodeURI", "decodeURI", "Iterator",
];

const absent = {
  name: "absent",
  setup(plugin) {
    const filter = new RegExp(`^(node:)?(${NODE.join("|")})$`);
    plugin.onResolve({ filter }, ({ path, importer }) => {
      const wanted = path.replace("node:", "");
      if (wanted === "buffer" && !importer.includes("happy-dom")) return undefined; // npm's
      if (wanted === "util" && importer.includes("@vitest")) return undefined;
      return { path: join(here, "absent.js") };
    });
    // What says of itself that it equals everything, or that it is a node, is not believed.
    plugin.onLoad({ filter: /@vitest\/expect\/dist\/index\.js$/ }, ({ path }) => {
      let contents = readFileSync(path, "utf8");
      for (const [old, better] of [
        [/function isAsymmetric\(obj\) \{[^}]*\}/, "function isAsymmetric(obj) { return obj instanceof AsymmetricMatcher; }"],
        [/a\.isEqualNode\(b\)/, "b.isEqualNode(a)"],
      ]) {
        if (!old.test(contents)) throw new Error(`${old} is not in ${path} any more`);
        contents = contents.replace(old, better);
      }
      return { contents, loader: "js" };
    });
    plugin.onResolve({ filter: /ClassMethodBinder\.js$/ }, () => ({ path: join(here, "binder.js") }));
  },
};

const result = await build({
  entryPoints: [join(here, "page.js")],
  inject: [join(here, "host.js"), join(here, "global.js")],
  // The libraries keep the true functions; pages get guarded ones under the same names.
  define: {
    "Object.defineProperty": "nativeDefineProperty",
    "Object.defineProperties": "nativeDefineProperties",
    "Object.setPrototypeOf": "nativeSetPrototypeOf",
    "Reflect.ownKeys": "nativeOwnKeys",
    WeakRef: "KeptRef",
  },
  bundle: true,
  minify: true,
  keepNames: true,
  format: "iife",
  globalName: "page",
  platform: "neutral",
  mainFields: ["module", "main"],
  conditions: ["import", "default"],
  target: "es2023",
  legalComments: "none",
  plugins: [absent],
  metafile: true,
  write: false,
  charset: "utf8",
  logLevel: "warning",
  absWorkingDir: here,
});

const names = BUILTINS.join(",");
const code =
  `(function(real){"use strict";const own={};` +
  `for(const name of Object.getOwnPropertyNames(real))own[name]=real[name];own.globalThis=own;` +
  `return(function(globalThis,${names}){"use strict";${result.outputFiles[0].text.trim()}\n` +
  `return page.open(real)})(own,${names})})(globalThis)\n`;

const packages = new Map();
for (const input of Object.keys(result.metafile.inputs)) {
  const found = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/);
  if (found) packages.set(found[1], join(here, "node_modules", found[1]));
}
const parts = ["The bundle page.js contains these packages.\n"];
for (const [name, folder] of [...packages].sort()) {
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (!ALLOWED.has(about.license)) throw new Error(`${name} is under ${about.license}`);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : `${about.license} License`;
  parts.push(`${"=".repeat(78)}\n${name} ${about.version} (${about.license})\n\n${text}\n`);
}

if (!existsSync(out)) mkdirSync(out, { recursive: true });
writeFileSync(join(out, "page.js"), code);
writeFileSync(join(out, "LICENSES.txt"), parts.join("\n"));
const hash = createHash("sha256").update(code).digest("hex");
writeFileSync(join(out, "page.js.sha256"), `${hash}  page.js\n`);
console.log(`${hash}  ${(code.length / 1024).toFixed(0)} KiB, ${packages.size} packages`);
