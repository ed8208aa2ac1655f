// Names that the libraries expect to be global and that need a library themselves.
import { Buffer, URL, URLSearchParams } from "./absent.js";

export { Buffer, URL, URLSearchParams };
