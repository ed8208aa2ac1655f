"""The code inside the walls.

`zygote` is started as `python -I -S` and forks one `cell` per run. A cell locks itself in and then
runs either a learner's program (`learner`) or an author's test code (`tester`). Nothing here may
import anything outside this package and the standard library.
"""
