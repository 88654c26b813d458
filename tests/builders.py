"""Plain functions that build what a test needs, by way of the same actions the product uses.

One section a room; every argument has a default, so a test names only what it is about.
"""
