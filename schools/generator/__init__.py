"""A made-up nation in the shape of the real one, for demonstrations, tests and measurements.

Every school, pupil and teacher follows from the seed and the school's place alone, so that any part can be made by
any process in any order and comes out the same. Nothing here needs Django. The people, schools and numbers are
invented; province names and codes are the register's own. ``known`` lists those that demonstrations look for.
"""
