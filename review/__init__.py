"""The tutors' desk: a web application in a process of its own that reads what was recorded and writes what tutors decide."""
