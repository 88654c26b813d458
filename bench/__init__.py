"""Benchmarks: each figure is a ratio of the portal to a reference, measured in the same run on the same
machine.
"""
