"""Groups that tutors make and learners join, and the work that is set there."""
