"""What grader and zygote tell each other, in fixed forms that take no parsing.

An order to start a cell comes with four descriptors: its standard input, output and error, and
its socket.
"""

import struct

START, START_WITH_FOLDER, KILL = b"s", b"f", b"k"
ORDER = struct.Struct("<cI")  # what to do, and the cell's number
REPORT = struct.Struct("<IidI")  # a cell's number, exit code, processor ms, peak KiB
GIVEN = 4  # descriptors for a cell
READY = b"!"  # a cell's first byte: it waits behind its walls
