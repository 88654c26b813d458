"""Benchmarks: each figure is a ratio of ours to a reference measured in the same run on the same machine."""
