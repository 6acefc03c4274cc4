"""Parts of the portal are killed (SIGKILL) at random moments: nothing may be lost, halved or shown twice.

`python -m tests.faults --kills 200` runs every scenario on both databases and prints a report (`make soak`).
"""
