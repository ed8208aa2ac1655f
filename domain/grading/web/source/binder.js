// In the place of happy-dom's ClassMethodBinder: an object behind a proxy answers with its class's
// members, bound to it. The classes are locked here, so what is bound says anew that it may change.
import { nativeDefineProperty } from "./host.js";

export default class ClassMethodBinder {
  constructor(target, classes) {
    this.target = target;
    this.classes = classes;
    this.known = new Set(["constructor", Symbol.iterator]);
  }

  bind(name) {
    if (this.known.has(name)) return;
    this.known.add(name);
    const { target } = this;
    for (const kind of this.classes) {
      const found = Object.getOwnPropertyDescriptor(kind.prototype, name);
      if (found === undefined) continue;
      const bound = { ...found, configurable: true };
      if (typeof found.value === "function") bound.value = found.value.bind(target);
      else if (found.get) {
        bound.get = found.get.bind(target);
        bound.set = found.set?.bind(target);
      } else return;
      nativeDefineProperty(target, name, bound);
      return;
    }
  }

  preventBinding(name) {
    this.known.add(name);
  }
}
