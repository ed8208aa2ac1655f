"""What both sides of the wall around a web page agree on."""

ENGINE_KB = 32 * 1024  # memory for the engine beside the page's own
OUT_OF_TIME = 27  # exit code of a page that used up its time; SIGPROF's number
