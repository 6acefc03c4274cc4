"""The catalogue and the uploaded files as one file, and back: on the same database or the other one."""
