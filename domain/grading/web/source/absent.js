// Stands in for Node's modules: there is no network, no file, no process, no other context.
import { URL as WhatwgURL, URLSearchParams } from "whatwg-url";
import { Buffer } from "buffer";
import { TextDecoder, TextEncoder } from "./host.js";

class Absent {
  constructor() {
    throw new TypeError("This is not there: the page is tested without network and files.");
  }
}

class URL extends WhatwgURL {
  static createObjectURL() {
    return "blob:nothing";
  }
  static revokeObjectURL() {}
}

class Stream {}
class Script {
  runInContext() {}
}

const refuse = () => {
  throw new TypeError("This is not there: the page is tested without network and files.");
};

export { Absent as Blob, Absent as PerformanceObserver, Absent as PerformanceEntry };
export { URL, URLSearchParams, Buffer, TextDecoder, TextEncoder, Script, Stream };
export { Stream as ReadableStream, Stream as Transform, Stream as PassThrough };
export const isIP = () => 0;
export const domainToASCII = (name) => String(name).toLowerCase();
export const webcrypto = {
  getRandomValues(array) {
    for (let index = 0; index < array.length; index++) array[index] = Math.random() * 2 ** 32;
    return array;
  },
  randomUUID: () => "00000000-0000-4000-8000-000000000000",
};
export default {
  Script,
  Readable: Stream,
  Transform: Stream,
  PassThrough: Stream,
  isContext: () => true,
  createContext: refuse,
  request: refuse,
  spawnSync: refuse,
  join: (...parts) => parts.join("/"),
  resolve: (...parts) => parts.join("/"),
  promises: {},
};
